package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Identification Payload ID Types". */
public enum IdType {
    ID_IPV4_ADDR(1, "ID_IPV4_ADDR"), // RFC 7296
    ID_FQDN(2, "ID_FQDN"),
    ID_RFC822_ADDR(3, "ID_RFC822_ADDR"),
    ID_IPV6_ADDR(5, "ID_IPV6_ADDR"),
    ID_DER_ASN1_DN(9, "ID_DER_ASN1_DN"),
    ID_DER_ASN1_GN(10, "ID_DER_ASN1_GN"),
    ID_KEY_ID(11, "ID_KEY_ID"),
    ID_FC_NAME(12, "ID_FC_NAME"), // RFC 4595
    ID_NULL(13, "ID_NULL"); // RFC 7619

    private final int id;
    private final String wireName;

    IdType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<IdType> of(int id) {
        for (IdType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("ID(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
