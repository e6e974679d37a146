/** IP policies: their declaration, and their compilation into the rule set that the pipeline asks. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.policy;
