/**
 * Addresses to hand out: config mode pools and the leases taken from them (RFC 7296 section 3.15).
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.pool;
