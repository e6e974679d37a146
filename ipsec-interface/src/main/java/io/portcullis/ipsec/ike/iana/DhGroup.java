package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "Transform Type 4 - Key Exchange Method Transform IDs": the rows this product can use. */
public enum DhGroup {
    MODP_2048(14, "MODP_2048", 256), // RFC 3526
    MODP_3072(15, "MODP_3072", 384),
    MODP_4096(16, "MODP_4096", 512),
    ECP_256(19, "ECP_256", 64), // RFC 5903
    ECP_384(20, "ECP_384", 96),
    ECP_521(21, "ECP_521", 132),
    CURVE25519(31, "CURVE25519", 32); // RFC 8031

    private final int id;
    private final String wireName;
    private final int publicOctets;

    DhGroup(int id, String wireName, int publicOctets) {
        this.id = id;
        this.wireName = wireName;
        this.publicOctets = publicOctets;
    }

    public static Optional<DhGroup> of(int id) {
        for (DhGroup row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElseGet(() -> OtherNames.group(id));
    }

    public int id() {
        return id;
    }

    public String wireName() {
        return wireName;
    }

    /** Octets of key exchange data on the wire (RFC 7296 section 3.4, RFC 5903 section 7, RFC 8031 section 3.1). */
    public int publicOctets() {
        return publicOctets;
    }
}
