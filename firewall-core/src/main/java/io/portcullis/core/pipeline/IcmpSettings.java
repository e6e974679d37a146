package io.portcullis.core.pipeline;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** What the firewall tells the senders of packets that it can not handle. */
@ObjectType(
        value = "ICMPSettings",
        category = "Settings",
        title = "ICMP settings",
        help = "ICMP errors and TCP resets that the firewall itself sends.",
        singleton = true)
public record IcmpSettings(
        @Property(
                help = "ICMP errors and resets each second, at most; 0 sends none.",
                name = "ICMPSendPerSecLimit",
                byDefault = "500",
                max = 1_000_000)
        int sendPerSecond,

        @Property(help = "Whether senders are told that there is no route or no service.", byDefault = "Yes")
        boolean tellUnreachable) {}
