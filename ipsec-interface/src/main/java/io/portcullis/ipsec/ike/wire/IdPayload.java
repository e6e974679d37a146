package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Identification (RFC 7296 section 3.5).
 *
 * @param initiator IDi, else IDr
 * @param type IANA "IKEv2 Identification Payload ID Types"
 * @param reserved the 24 reserved bits as they came: they are under the signature of AUTH
 * @param data the identity
 */
public record IdPayload(boolean initiator, int type, int reserved, Octets data) implements Payload {
    public IdPayload(boolean initiator, int type, Octets data) {
        this(initiator, type, 0, data);
    }

    /** RestOfInitIDPayload or RestOfRespIDPayload: what AUTH signs of it (RFC 7296 section 2.15). */
    public Octets rest() {
        byte[] out = new byte[4 + data.size()];
        out[0] = (byte) type;
        out[1] = (byte) (reserved >>> 16);
        out[2] = (byte) (reserved >>> 8);
        out[3] = (byte) reserved;
        data.copyTo(out, 4);
        return Octets.of(out);
    }

    @Override
    public int payloadType() {
        return initiator ? PayloadType.ID_I.id() : PayloadType.ID_R.id();
    }
}
