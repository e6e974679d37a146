/**
 * IKEv2 messages as values, and their octets (RFC 7296 section 3).
 *
 * <p>{@link io.portcullis.ipsec.ike.wire.MessageCodec} reads and writes the outer message,
 * {@link io.portcullis.ipsec.ike.wire.PayloadChain} what an Encrypted payload held once somebody decrypted it. Records
 * keep the raw numbers of the wire: an unknown algorithm is legal here and judged by the negotiation. One stateless
 * codec per payload; the chain owns next-payload, critical bit and length and hands each codec a slice, so no codec
 * sees another's octets. What a message may contain is {@link io.portcullis.ipsec.ike.wire.MessageTable}.
 *
 * <p>Octets that break a rule of the format end in one checked {@link io.portcullis.ipsec.ike.wire.MalformedMessage}.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.wire;
