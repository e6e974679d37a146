package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Authentication (RFC 7296 section 3.8).
 *
 * @param method IANA "IKEv2 Authentication Method", 0..255
 * @param data MAC or signature
 */
public record AuthPayload(int method, Octets data) implements Payload {
    /** Without the data: with a weak pre-shared key it is enough to guess the key. */
    @Override
    public String toString() {
        return "AuthPayload[method=" + method + ", data=" + data.size() + " octets]";
    }

    @Override
    public int payloadType() {
        return PayloadType.AUTH.id();
    }
}
