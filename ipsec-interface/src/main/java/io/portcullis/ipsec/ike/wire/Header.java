package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.ExchangeType;

/**
 * The IKE header without next-payload and length, which writing computes (RFC 7296 section 3.1).
 *
 * @param initiatorSpi never 0 in a message
 * @param responderSpi 0 only in the first message of IKE_SA_INIT
 * @param majorVersion 0..15
 * @param minorVersion 0..15
 * @param exchangeType 0..255
 * @param initiator flag I: the sender is the original initiator of the IKE SA
 * @param response flag R
 * @param higherVersion flag V: the sender could speak a higher major version
 * @param messageId unsigned
 */
public record Header(
        long initiatorSpi,
        long responderSpi,
        int majorVersion,
        int minorVersion,
        int exchangeType,
        boolean initiator,
        boolean response,
        boolean higherVersion,
        int messageId) {
    /** Octets on the wire, next-payload and length included. */
    public static final int OCTETS = 28;

    /** A header of version 2.0. */
    public static Header of(
            long initiatorSpi,
            long responderSpi,
            int exchangeType,
            boolean initiator,
            boolean response,
            int messageId) {
        return new Header(initiatorSpi, responderSpi, 2, 0, exchangeType, initiator, response, false, messageId);
    }

    /** {@code IKE_AUTH request 1, 0x00..01_i 0x00..02_r}, for logs. */
    @Override
    public String toString() {
        return "%s %s %s, 0x%016x_i 0x%016x_r"
                .formatted(
                        ExchangeType.nameOf(exchangeType),
                        response ? "response" : "request",
                        Integer.toUnsignedString(messageId),
                        initiatorSpi,
                        responderSpi);
    }
}
