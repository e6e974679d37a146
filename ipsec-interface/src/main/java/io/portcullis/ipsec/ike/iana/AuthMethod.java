package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Authentication Method". */
public enum AuthMethod {
    RSA_SIGNATURE(1, "RSA Digital Signature"), // RFC 7296
    SHARED_KEY(2, "Shared Key Message Integrity Code"),
    DSS_SIGNATURE(3, "DSS Digital Signature"),
    ECDSA_256(9, "ECDSA with SHA-256 on the P-256 curve"), // RFC 4754
    ECDSA_384(10, "ECDSA with SHA-384 on the P-384 curve"),
    ECDSA_521(11, "ECDSA with SHA-512 on the P-521 curve"),
    SECURE_PASSWORD(12, "Generic Secure Password Authentication Method"), // RFC 6467
    NULL(13, "NULL Authentication"), // RFC 7619
    SIGNATURE(14, "Digital Signature"); // RFC 7427

    private final int id;
    private final String wireName;

    AuthMethod(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<AuthMethod> of(int id) {
        for (AuthMethod row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("AUTH_METHOD(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
