/**
 * The cryptography of IKEv2 as plain functions: key exchange with validation of the peer's value, key derivation
 * (RFC 7296 sections 2.13 to 2.18), protection of the Encrypted payload (RFC 7296 section 3.14, RFC 5282) and
 * authentication by pre-shared key. By the JDK's providers, and the curves by libcrypto where it passes its test;
 * randomness comes in as an argument.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.crypto;
