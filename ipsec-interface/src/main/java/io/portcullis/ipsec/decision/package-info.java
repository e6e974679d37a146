/** Every accept and reject of a negotiation as a value, and the record of an attempt. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.decision;
