/** Access rules: which sources may appear on which interface. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.access;
