package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Certificate Request (RFC 7296 section 3.7).
 *
 * @param encoding IANA "IKEv2 Certificate Encodings", 0..255
 * @param authority SHA-1 hashes of trusted authorities' keys, 20 octets each, for encoding X.509
 */
public record CertReqPayload(int encoding, Octets authority) implements Payload {
    @Override
    public int payloadType() {
        return PayloadType.CERTREQ.id();
    }
}
