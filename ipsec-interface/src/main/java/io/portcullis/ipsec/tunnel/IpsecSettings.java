package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** Settings of IPsec as a whole. */
@ObjectType(
        value = "IPsecSettings",
        category = "Settings",
        title = "IPsec settings",
        help = "What is the same for all tunnels.",
        singleton = true)
public record IpsecSettings(
        @Property(
                help = "Whether IKE and ESP for the firewall's own addresses need no policy; access rules always hold.",
                name = "IPsecBeforeRules",
                byDefault = "Yes")
        boolean beforeRules,

        @Property(
                help = "Writes the keys of every new SA into the data folder, so that captures can be decrypted."
                        + " For tests only: whoever reads the file reads the traffic.",
                byDefault = "No")
        boolean keyLogging,

        @Property(
                help =
                        "Tunnels that may be open at once, and that may be configured; 0 for any number. A negotiation that"
                                + " would open one more fails.",
                name = "MaxVPNTunnels",
                byDefault = "0",
                min = 0,
                max = 1_000_000)
        int maxVpnTunnels,

        @Property(
                help =
                        "Megabits a second that all tunnels may carry together, both ways, inside; 0 for any number. What is"
                                + " more is slowed down.",
                name = IpsecSettings.THROUGHPUT,
                byDefault = "0",
                min = 0,
                max = 100_000)
        int maxVpnThroughput) {
    /** The property that limits what tunnels carry, and the pipe that does it. */
    public static final String THROUGHPUT = "MaxVPNThroughput";
}
