/**
 * Bulk encryption for ESP: packets are protected and checked where they lie, off the heap, several at a time. The
 * fastest provider that proves itself at start is used for each algorithm; the JDK's own is always there.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.crypto;
