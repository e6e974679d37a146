package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "Transform Type 2 - Pseudorandom Function Transform IDs": the rows this product can use. */
public enum Prf {
    HMAC_SHA1(2, "PRF_HMAC_SHA1", "HmacSHA1", 20), // RFC 2104
    HMAC_SHA2_256(5, "PRF_HMAC_SHA2_256", "HmacSHA256", 32), // RFC 4868
    HMAC_SHA2_384(6, "PRF_HMAC_SHA2_384", "HmacSHA384", 48),
    HMAC_SHA2_512(7, "PRF_HMAC_SHA2_512", "HmacSHA512", 64);

    private final int id;
    private final String wireName;
    private final String jcaName;
    private final int octets;

    Prf(int id, String wireName, String jcaName, int octets) {
        this.id = id;
        this.wireName = wireName;
        this.jcaName = jcaName;
        this.octets = octets;
    }

    public static Optional<Prf> of(int id) {
        for (Prf row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElseGet(() -> OtherNames.prf(id));
    }

    public int id() {
        return id;
    }

    public String wireName() {
        return wireName;
    }

    public String jcaName() {
        return jcaName;
    }

    /** Output length, also the preferred key length (RFC 7296 section 2.13). */
    public int octets() {
        return octets;
    }
}
