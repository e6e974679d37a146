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
        boolean keyLogging) {}
