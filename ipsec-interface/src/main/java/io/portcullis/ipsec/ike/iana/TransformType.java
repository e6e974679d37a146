package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "Transform Type Values". */
public enum TransformType {
    ENCR(1, "Encryption Algorithm"), // RFC 7296
    PRF(2, "Pseudorandom Function"),
    INTEG(3, "Integrity Algorithm"),
    KE(4, "Key Exchange Method"), // RFC 9370
    ESN(5, "Sequence Numbers"), // RFC 9827
    ADDKE_1(6, "Additional Key Exchange 1"), // RFC 9370
    ADDKE_2(7, "Additional Key Exchange 2"),
    ADDKE_3(8, "Additional Key Exchange 3"),
    ADDKE_4(9, "Additional Key Exchange 4"),
    ADDKE_5(10, "Additional Key Exchange 5"),
    ADDKE_6(11, "Additional Key Exchange 6"),
    ADDKE_7(12, "Additional Key Exchange 7"),
    KWA(13, "Key Wrap Algorithm"), // RFC 9838
    GCAUTH(14, "Group Controller Authentication Method");

    private final int id;
    private final String wireName;

    TransformType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<TransformType> of(int id) {
        for (TransformType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("TRANSFORM(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
