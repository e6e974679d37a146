/**
 * OpenSSL's libcrypto 3 through the foreign-function interface: one binding for ESP's bulk encryption and IKE's key
 * exchange. Who calls it has asked {@link io.portcullis.ipsec.libcrypto.LibCrypto#trouble} first, and serves without
 * it.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.libcrypto;
