package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Payload Types". */
public enum PayloadType {
    NONE(0, "No Next Payload"), // RFC 7296
    SA(33, "SA"),
    KE(34, "KE"),
    ID_I(35, "IDi"),
    ID_R(36, "IDr"),
    CERT(37, "CERT"),
    CERTREQ(38, "CERTREQ"),
    AUTH(39, "AUTH"),
    NONCE(40, "Ni, Nr"),
    NOTIFY(41, "N"),
    DELETE(42, "D"),
    VENDOR(43, "V"),
    TS_I(44, "TSi"),
    TS_R(45, "TSr"),
    SK(46, "SK"),
    CP(47, "CP"),
    EAP(48, "EAP"),
    GSPM(49, "GSPM"), // RFC 6467
    ID_G(50, "IDg"), // RFC 9838
    GSA(51, "GSA"),
    KD(52, "KD"),
    SKF(53, "SKF"), // RFC 7383
    PS(54, "PS"); // RFC 8019

    private final int id;
    private final String wireName;

    PayloadType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<PayloadType> of(int id) {
        for (PayloadType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("PAYLOAD(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
