package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Exchange Types". */
public enum ExchangeType {
    IKE_SA_INIT(34, "IKE_SA_INIT"), // RFC 7296
    IKE_AUTH(35, "IKE_AUTH"),
    CREATE_CHILD_SA(36, "CREATE_CHILD_SA"),
    INFORMATIONAL(37, "INFORMATIONAL"),
    IKE_SESSION_RESUME(38, "IKE_SESSION_RESUME"), // RFC 5723
    GSA_AUTH(39, "GSA_AUTH"), // RFC 9838
    GSA_REGISTRATION(40, "GSA_REGISTRATION"),
    GSA_REKEY(41, "GSA_REKEY"),
    GSA_INBAND_REKEY(42, "GSA_INBAND_REKEY"),
    IKE_INTERMEDIATE(43, "IKE_INTERMEDIATE"), // RFC 9242
    IKE_FOLLOWUP_KE(44, "IKE_FOLLOWUP_KE"); // RFC 9370

    private final int id;
    private final String wireName;

    ExchangeType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<ExchangeType> of(int id) {
        for (ExchangeType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("EXCHANGE(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
