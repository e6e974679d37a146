package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Certificate (RFC 7296 section 3.6).
 *
 * @param encoding IANA "IKEv2 Certificate Encodings", 0..255
 * @param data the certificate
 */
public record CertPayload(int encoding, Octets data) implements Payload {
    @Override
    public int payloadType() {
        return PayloadType.CERT.id();
    }
}
