package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
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
import java.lang.foreign.MemorySegment;

/** Writes packets with right checksums, parsed and with an ingress. */
final class Packets {
    private static final Packet[] RING = new Packet[64];

    static {
        for (int i = 0; i < RING.length; i++) {
            RING[i] = new Packet(Arena.global().allocate(Packet.CAPACITY));
        }
    }

    private static int next;

    private Packets() {}

    /** One of a ring of packets: no test keeps more than a few at a time. */
    static Packet empty() {
        Packet packet = RING[next++ % RING.length];
        packet.reset();
        return packet;
    }

    static Packet udp(NetworkInterface in, IpAddress from, int fromPort, IpAddress to, int toPort, int data) {
        Packet packet = ip(from, to, IpProtocol.UDP, Udp.HEADER + data);
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        Udp.write(b, at, fromPort, toPort, Udp.HEADER + data);
        Udp.computeChecksum(b, at, Headers.pseudoHeader(packet, Udp.HEADER + data));
        return parsed(packet, in);
    }

    /** A segment; a SYN announces {@code scale} unless it is negative. */
    static Packet tcp(
            NetworkInterface in,
            IpAddress from,
            int fromPort,
            IpAddress to,
            int toPort,
            int flags,
            int sequence,
            int acknowledgement,
            int window,
            int scale,
            int data) {
        int header = scale >= 0 ? Tcp.HEADER + 4 : Tcp.HEADER;
        Packet packet = ip(from, to, IpProtocol.TCP, header + data);
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        Tcp.write(b, at, fromPort, toPort, sequence, acknowledgement, flags, window);
        if (scale >= 0) {
            Tcp.headerLength(b, at, header);
            Octets.i32(b, at + Tcp.HEADER, 0x01030300 | scale);
        }
        Tcp.computeChecksum(b, at, packet.payloadEnd(), Headers.pseudoHeader(packet, header + data));
        return parsed(packet, in);
    }

    static Packet echo(NetworkInterface in, IpAddress from, IpAddress to, boolean request, int identifier) {
        int type = from.isV4()
                ? request ? Icmp.ECHO_REQUEST : Icmp.ECHO_REPLY
                : request ? Icmpv6.ECHO_REQUEST : Icmpv6.ECHO_REPLY;
        return icmp(in, from, to, type, 0, identifier << 16 | 1, new byte[32]);
    }

    /** An ICMP message whose second word is {@code rest}. */
    static Packet icmp(NetworkInterface in, IpAddress from, IpAddress to, int type, int code, int rest, byte[] data) {
        int length = Icmp.HEADER + data.length;
        boolean v4 = from.isV4();
        Packet packet = ip(from, to, v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6, length);
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        Icmp.write(b, at, type, code, rest);
        MemorySegment.copy(MemorySegment.ofArray(data), 0, b, at + Icmp.HEADER, data.length);
        if (v4) {
            Icmp.computeChecksum(b, at, packet.payloadEnd());
        } else {
            Icmpv6.computeChecksum(b, at, packet.payloadEnd(), Headers.pseudoHeader(packet, length));
        }
        return parsed(packet, in);
    }

    /** "Port unreachable" about a packet, quoting {@code quoted} octets of it. */
    static Packet unreachable(NetworkInterface in, IpAddress from, IpAddress to, Packet about, int quoted) {
        int length = Math.min(quoted, about.payloadEnd() - about.networkAt());
        byte[] quote = new byte[length];
        MemorySegment.copy(about.buffer(), about.networkAt(), MemorySegment.ofArray(quote), 0, length);
        return from.isV4()
                ? icmp(in, from, to, Icmp.UNREACHABLE, Icmp.PORT_UNREACHABLE, 0, quote)
                : icmp(in, from, to, Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE, 0, quote);
    }

    /** A packet of a protocol without ports. */
    static Packet raw(NetworkInterface in, IpAddress from, IpAddress to, int protocol, int data) {
        return parsed(ip(from, to, protocol, data), in);
    }

    /** The same octets, parsed anew as they come in somewhere. */
    static Packet arrived(Packet packet, NetworkInterface in) {
        Packet copy = empty();
        copy.copyFrom(packet);
        return parsed(copy, in);
    }

    static void assertChecksumsRight(Packet packet) {
        assertEquals(DropReason.NONE, Headers.parse(packet), "headers");
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet), "transport checksum");
    }

    private static Packet ip(IpAddress from, IpAddress to, int protocol, int length) {
        Packet packet = empty();
        MemorySegment b = packet.buffer();
        int at = packet.start();
        boolean v4 = from.isV4();
        int header = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        packet.append(header + length);
        if (v4) {
            Ipv4.write(b, at, 0, header + length, 7, false, 64, protocol, from.v4Bits(), to.v4Bits());
        } else {
            Ipv6.write(b, at, 0, 0, length, protocol, 64, from.high(), from.low(), to.high(), to.low());
        }
        packet.network(v4 ? 4 : 6, at, at + header, at + header + length, protocol);
        packet.addresses(from.high(), from.low(), to.high(), to.low());
        return packet;
    }

    private static Packet parsed(Packet packet, NetworkInterface in) {
        packet.ingress(in);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
        return packet;
    }
}
