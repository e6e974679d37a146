package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Security Protocol Identifiers". */
public enum ProtocolId {
    IKE(1, "IKE"), // RFC 7296
    AH(2, "AH"),
    ESP(3, "ESP"),
    FC_ESP_HEADER(4, "FC_ESP_HEADER"), // RFC 4595
    FC_CT_AUTHENTICATION(5, "FC_CT_AUTHENTICATION"),
    GIKE_UPDATE(6, "GIKE_UPDATE"); // RFC 9838

    private final int id;
    private final String wireName;

    ProtocolId(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<ProtocolId> of(int id) {
        for (ProtocolId row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("PROTOCOL(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
