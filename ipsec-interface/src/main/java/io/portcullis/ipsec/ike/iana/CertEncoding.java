package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Certificate Encodings". */
public enum CertEncoding {
    PKCS7_X509(1, "PKCS #7 wrapped X.509 certificate"), // RFC 7296
    PGP(2, "PGP Certificate"),
    DNS_SIGNED_KEY(3, "DNS Signed Key"),
    X509_SIGNATURE(4, "X.509 Certificate - Signature"),
    KERBEROS_TOKEN(6, "Kerberos Token"),
    CRL(7, "Certificate Revocation List (CRL)"),
    ARL(8, "Authority Revocation List (ARL)"),
    SPKI(9, "SPKI Certificate"),
    X509_ATTRIBUTE(10, "X.509 Certificate - Attribute"),
    RAW_RSA_KEY(11, "Raw RSA Key"),
    HASH_AND_URL_X509(12, "Hash and URL of X.509 certificate"),
    HASH_AND_URL_BUNDLE(13, "Hash and URL of X.509 bundle"),
    OCSP_CONTENT(14, "OCSP Content"), // RFC 4806
    RAW_PUBLIC_KEY(15, "Raw Public Key"); // RFC 7670

    private final int id;
    private final String wireName;

    CertEncoding(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<CertEncoding> of(int id) {
        for (CertEncoding row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("CERT_ENCODING(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
