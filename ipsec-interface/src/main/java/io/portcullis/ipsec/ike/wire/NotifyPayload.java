package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Notify (RFC 7296 section 3.10).
 *
 * @param protocol of the SA that the SPI names; 0 when there is no SPI
 * @param spi empty when the notification is about no SA or about this IKE SA
 * @param type IANA "Notify Message Types", 0..65535; below 16384 an error
 * @param data what that type carries
 */
public record NotifyPayload(int protocol, Octets spi, int type, Octets data) implements Payload {
    /** A notification that names no SA. */
    public NotifyPayload(int type, Octets data) {
        this(0, Octets.EMPTY, type, data);
    }

    /** Whether it says that something failed. */
    public boolean isError() {
        return type < 16_384;
    }

    @Override
    public int payloadType() {
        return PayloadType.NOTIFY.id();
    }
}
