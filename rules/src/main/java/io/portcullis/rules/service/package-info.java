/** Services: which protocols, ports and message types a policy is about, and the table of those that exist already. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.service;
