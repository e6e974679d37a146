package io.portcullis.cli.operation;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;

/** A packet as the words and options of {@code trace} describe it. */
final class TracedPacket {
    static final List<Option> OPTIONS = List.of(
            Option.value("flags", "SYN,ACK,...", "Of TCP (default SYN)."),
            Option.value("seq", "N", "Sequence number of TCP (default 0)."),
            Option.value("ack", "N", "Acknowledgement of TCP (default 0)."),
            Option.value("type", "N", "Of ICMP (default: echo request)."),
            Option.value("code", "N", "Of ICMP (default 0)."),
            Option.value("spi", "0xNNNNNNNN", "Of ESP (default 0x00001000)."),
            Option.value("size", "OCTETS", "Length of the IP packet (default: its headers)."),
            Option.value("ttl", "N", "Time to live or hop limit (default 64)."),
            Option.flag("df", "It must not be fragmented."));

    private static final List<String> FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");
    private static final int LONGEST = 65_535;
    private static final long MOST_32 = 0xffff_ffffL;
    private static final int WINDOW = 65_535;

    private final Invocation call;
    private final int protocol;
    private final IpAddress source;
    private final IpAddress destination;
    private int sourcePort;
    private int destinationPort;

    private TracedPacket(Invocation call, int protocol, IpAddress source, IpAddress destination) {
        this.call = call;
        this.protocol = protocol;
        this.source = source;
        this.destination = destination;
    }

    /** An empty packet in memory of its own. */
    static Packet empty() {
        return new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
    }

    /** The packet from {@code source} to {@code destination}, each with a port where the protocol has them. */
    static Packet of(Invocation call, String protocolText, String source, String destination) throws CommandFailure {
        int protocol = IpProtocol.parse(protocolText)
                .orElseThrow(() -> new CommandFailure("'" + protocolText
                        + "' is not a protocol such as tcp, udp or icmp, nor a number from 0 to 255"));
        boolean ports = IpProtocol.hasPorts(protocol);
        IpAddress from = Invocation.address("trace", ports ? host(source) : source);
        IpAddress to = Invocation.address("trace", ports ? host(destination) : destination);
        if (from.isV4() != to.isV4()) {
            throw new CommandFailure(from + " and " + to + " are not of one family");
        }
        TracedPacket packet = new TracedPacket(call, ofFamily(protocol, from), from, to);
        if (ports) {
            packet.sourcePort = port(source);
            packet.destinationPort = port(destination);
        }
        return packet.build();
    }

    /** One word for both ICMPs. */
    private static int ofFamily(int protocol, IpAddress address) {
        return protocol == IpProtocol.ICMP && !address.isV4() ? IpProtocol.ICMPV6 : protocol;
    }

    private static String host(String text) throws CommandFailure {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        if (colon <= 0 || (!bracketed && text.indexOf(':') != colon)) {
            throw new CommandFailure(
                    "'" + text + "' has no port: write 192.0.2.1:443, and an IPv6 address as [2001:db8::1]:443");
        }
        return bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
    }

    private static int port(String text) throws CommandFailure {
        String port = text.substring(text.lastIndexOf(':') + 1);
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below, like a number out of range
        }
        throw new CommandFailure("'" + text + "': '" + port + "' is not a port from 0 to 65535");
    }

    private Packet build() throws CommandFailure {
        boolean v4 = source.isV4();
        int network = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        int least = network + transport();
        int size = (int) call.number("size", least, least, LONGEST);
        int ttl = (int) call.number("ttl", 64, 0, 255);
        Packet packet = empty();
        int at = packet.append(size);
        if (v4) {
            Ipv4.write(
                    packet.buffer(),
                    at,
                    0,
                    size,
                    0,
                    call.has("df"),
                    ttl,
                    protocol,
                    source.v4Bits(),
                    destination.v4Bits());
        } else {
            Ipv6.write(
                    packet.buffer(),
                    at,
                    0,
                    0,
                    size - network,
                    protocol,
                    ttl,
                    source.high(),
                    source.low(),
                    destination.high(),
                    destination.low());
        }
        packet.network(v4 ? 4 : 6, at, at + network, at + size, protocol);
        write(packet, at + network, at + size);
        return packet;
    }

    private int transport() {
        return switch (protocol) {
            case IpProtocol.TCP -> Tcp.HEADER;
            case IpProtocol.UDP -> Udp.HEADER;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> Icmp.HEADER;
            case IpProtocol.ESP -> Esp.HEADER;
            default -> Integer.BYTES;
        };
    }

    private void write(Packet packet, int at, int end) throws CommandFailure {
        var b = packet.buffer();
        long pseudo = Headers.pseudoHeader(packet, end - at);
        switch (protocol) {
            case IpProtocol.TCP -> {
                int sequence = (int) call.number("seq", 0, 0, MOST_32);
                int acknowledgement = (int) call.number("ack", 0, 0, MOST_32);
                Tcp.write(b, at, sourcePort, destinationPort, sequence, acknowledgement, flags(), WINDOW);
                Tcp.computeChecksum(b, at, end, pseudo);
            }
            case IpProtocol.UDP -> {
                Udp.write(b, at, sourcePort, destinationPort, end - at);
                Udp.computeChecksum(b, at, pseudo);
            }
            case IpProtocol.ICMP -> {
                Icmp.write(b, at, type(Icmp.ECHO_REQUEST), code(), 0);
                Icmp.computeChecksum(b, at, end);
            }
            case IpProtocol.ICMPV6 -> {
                Icmpv6.write(b, at, type(Icmpv6.ECHO_REQUEST), code(), 0);
                Icmpv6.computeChecksum(b, at, end, pseudo);
            }
            case IpProtocol.ESP -> Esp.write(b, at, spi(), 1);
            case IpProtocol.SCTP -> Octets.i32(b, at, sourcePort << 16 | destinationPort);
            default -> {}
        }
    }

    private int type(int byDefault) throws CommandFailure {
        return (int) call.number("type", byDefault, 0, 255);
    }

    private int code() throws CommandFailure {
        return (int) call.number("code", 0, 0, 255);
    }

    private int spi() throws CommandFailure {
        String text = call.value("spi").orElse("0x00001000");
        try {
            long spi = Long.decode(text);
            if (spi > 0 && spi <= MOST_32) {
                return (int) spi;
            }
        } catch (NumberFormatException _) {
            // said below, like a number out of range
        }
        throw new CommandFailure("-spi: '" + text + "' is not an SPI such as 0x0a1b2c3d");
    }

    private int flags() throws CommandFailure {
        int flags = 0;
        for (String name :
                call.value("flags").orElse("SYN").toUpperCase(Locale.ROOT).split(",", -1)) {
            int bit = FLAGS.indexOf(name);
            if (bit < 0 && !name.equals("NONE")) {
                throw new CommandFailure("-flags: '" + name + "' is none of " + String.join(", ", FLAGS) + " and NONE");
            }
            flags |= bit < 0 ? 0 : 1 << bit;
        }
        return flags;
    }
}
