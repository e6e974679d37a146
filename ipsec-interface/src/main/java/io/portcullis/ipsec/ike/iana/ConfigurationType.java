package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Configuration Payload CFG Types". */
public enum ConfigurationType {
    CFG_REQUEST(1, "CFG_REQUEST"), // RFC 7296
    CFG_REPLY(2, "CFG_REPLY"),
    CFG_SET(3, "CFG_SET"),
    CFG_ACK(4, "CFG_ACK");

    private final int id;
    private final String wireName;

    ConfigurationType(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<ConfigurationType> of(int id) {
        for (ConfigurationType row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("CFG(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
