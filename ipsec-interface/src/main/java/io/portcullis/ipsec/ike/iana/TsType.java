package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Traffic Selector Types". */
public enum TsType {
    TS_IPV4_ADDR_RANGE(7, "TS_IPV4_ADDR_RANGE"), // RFC 7296
    TS_IPV6_ADDR_RANGE(8, "TS_IPV6_ADDR_RANGE"),
    TS_FC_ADDR_RANGE(9, "TS_FC_ADDR_RANGE"), // RFC 4595
    TS_SECLABEL(10, "TS_SECLABEL"); // RFC 9478

    private final int id;
    private final String wireName;

    TsType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<TsType> of(int id) {
        for (TsType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("TS(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
