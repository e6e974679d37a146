/** Conversations of other implementations, captured, for tests. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.capture;
