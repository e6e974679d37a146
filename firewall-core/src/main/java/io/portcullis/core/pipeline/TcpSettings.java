package io.portcullis.core.pipeline;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** What is done about TCP headers that no honest sender sends. Those that contradict themselves always die. */
@ObjectType(
        value = "TCPSettings",
        category = "Settings",
        title = "TCP settings",
        help = "What is done about suspicious TCP headers: Ignore, Log, Drop or DropLog.",
        singleton = true)
public record TcpSettings(
        @Property(help = "Options that do not fit into their header.", name = "TCPOptionSizes", byDefault = "DropLog")
        Reaction malformedOptions,

        @Property(help = "SYN and FIN together.", name = "TCPSynFin", byDefault = "DropLog")
        Reaction synFin,

        @Property(help = "SYN and RST together.", name = "TCPSynRst", byDefault = "DropLog")
        Reaction synRst,

        @Property(help = "FIN and RST together.", name = "TCPFinRst", byDefault = "DropLog")
        Reaction finRst,

        @Property(help = "Neither SYN nor ACK nor RST, as scanners send.", name = "TCPNULL", byDefault = "DropLog")
        Reaction noPurpose,

        @Property(help = "SYN and URG together.", name = "TCPSynUrg", byDefault = "DropLog")
        Reaction synUrg,

        @Property(help = "SYN and PSH together.", name = "TCPSynPsh", byDefault = "Ignore")
        Reaction synPsh,

        @Property(help = "FIN and URG together.", name = "TCPFinUrg", byDefault = "Ignore")
        Reaction finUrg,

        @Property(help = "URG, but for those above.", name = "TCPUrg", byDefault = "Ignore")
        Reaction urg,

        @Property(
                help = "Reserved bits, but for the one of accurate ECN (RFC 9768).",
                name = "TCPRF",
                byDefault = "DropLog")
        Reaction reservedBits) {}
