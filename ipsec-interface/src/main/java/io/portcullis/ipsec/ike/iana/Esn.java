package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "Transform Type 5 - Sequence Numbers Transform IDs": known to RFC 7296 as Extended Sequence Numbers. */
public enum Esn {
    NO(0, "32-bit Sequential Numbers"), // RFC 9827
    YES(1, "Partially Transmitted 64-bit Sequential Numbers"),
    UNSPECIFIED(2, "32-bit Unspecified Numbers");

    private final int id;
    private final String wireName;

    Esn(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<Esn> of(int id) {
        for (Esn row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("ESN(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
