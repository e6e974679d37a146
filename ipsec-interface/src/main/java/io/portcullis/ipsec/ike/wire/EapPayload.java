package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Extensible Authentication (RFC 7296 section 3.16).
 *
 * @param message a whole EAP packet, 4 octets at least, its length field right (RFC 3748 section 4)
 */
public record EapPayload(Octets message) implements Payload {
    /** EAP code: 1 request, 2 response, 3 success, 4 failure. */
    public int code() {
        return message.at(0);
    }

    public int identifier() {
        return message.at(1);
    }

    /** Without the content: some methods send the password itself. */
    @Override
    public String toString() {
        return "EapPayload[code=" + code() + ", identifier=" + identifier() + ", " + message.size() + " octets]";
    }

    @Override
    public int payloadType() {
        return PayloadType.EAP.id();
    }
}
