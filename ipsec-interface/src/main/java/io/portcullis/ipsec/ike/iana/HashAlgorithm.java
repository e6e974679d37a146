package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Hash Algorithms", for digital signatures (RFC 7427). */
public enum HashAlgorithm {
    SHA1(1, "SHA1"), // RFC 7427
    SHA2_256(2, "SHA2-256"),
    SHA2_384(3, "SHA2-384"),
    SHA2_512(4, "SHA2-512"),
    IDENTITY(5, "Identity"), // RFC 8420
    STREEBOG_256(6, "STREEBOG_256"), // RFC 9385
    STREEBOG_512(7, "STREEBOG_512");

    private final int id;
    private final String wireName;

    HashAlgorithm(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<HashAlgorithm> of(int id) {
        for (HashAlgorithm row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("HASH(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
