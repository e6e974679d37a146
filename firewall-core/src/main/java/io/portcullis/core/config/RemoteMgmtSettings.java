package io.portcullis.core.config;

/**
 * Settings of remote management.
 *
 * @param validationTimeout seconds in which an activated configuration must be committed
 */
@ObjectType(
        value = "RemoteMgmtSettings",
        category = "Settings",
        title = "Remote management settings",
        help = "How administrators reach the firewall, and what protects them from locking themselves out.",
        singleton = true)
public record RemoteMgmtSettings(
        @Property(
                help = "Seconds in which an activated configuration must be committed before the firewall"
                        + " returns to the last committed one.",
                byDefault = "30",
                min = 1,
                max = 3600)
        int validationTimeout) {}
