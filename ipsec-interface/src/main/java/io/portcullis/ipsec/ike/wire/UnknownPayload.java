package io.portcullis.ipsec.ike.wire;

/**
 * A payload that this implementation does not speak.
 *
 * @param payloadType its number
 * @param critical whether the message must be refused with UNSUPPORTED_CRITICAL_PAYLOAD
 * @param body what follows the generic header
 */
public record UnknownPayload(int payloadType, boolean critical, Octets body) implements Payload {}
