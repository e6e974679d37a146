package io.portcullis.core.config;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What the log says about configurations. Ids are this product's own: the reference's are not known. */
public final class ConfigurationEvents {
    private static final String CATEGORY = "SYSTEM";

    public static final EventType ACTIVATED = new EventType(
            CATEGORY,
            3200100,
            Severity.NOTICE,
            "configuration_activated",
            List.of("version", "user"),
            "A configuration was put in force. It must be committed in time.");
    public static final EventType COMMITTED = new EventType(
            CATEGORY,
            3200101,
            Severity.NOTICE,
            "configuration_committed",
            List.of("version", "user"),
            "The firewall starts with this configuration from now on.");
    public static final EventType RETURNED = new EventType(
            CATEGORY,
            3200102,
            Severity.WARNING,
            "configuration_returned",
            List.of("version", "user", "reason"),
            "The last committed configuration is in force again. The changes are kept in the candidate.");
    public static final EventType STORE = new EventType(
            CATEGORY,
            3200103,
            Severity.CRITICAL,
            "configuration_store",
            List.of("finding"),
            "The stored configuration was not as it should be when the firewall started.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(ACTIVATED, COMMITTED, RETURNED, STORE);

    private ConfigurationEvents() {}
}
