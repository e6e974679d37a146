package io.portcullis.core.pipeline;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ethernet;
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
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** IP packets as octets, with right checksums; and back. */
final class Datagrams {
    private static final int MORE_FRAGMENTS = 0x2000;

    private Datagrams() {}

    static byte[] udp(String from, int fromPort, String to, int toPort, int data) {
        return ip(from, to, IpProtocol.UDP, Udp.HEADER + data, p -> {
            int at = p.transportAt();
            Udp.write(p.buffer(), at, fromPort, toPort, Udp.HEADER + data);
            Udp.computeChecksum(p.buffer(), at, Headers.pseudoHeader(p, Udp.HEADER + data));
        });
    }

    /** A segment; with an MSS it has the option. */
    static byte[] tcp(
            String from, int fromPort, String to, int toPort, int flags, int sequence, int ack, int mss, int data) {
        int header = mss > 0 ? Tcp.HEADER + 4 : Tcp.HEADER;
        return ip(from, to, IpProtocol.TCP, header + data, p -> {
            MemorySegment b = p.buffer();
            int at = p.transportAt();
            Tcp.write(b, at, fromPort, toPort, sequence, ack, flags, 65_535);
            if (mss > 0) {
                Tcp.headerLength(b, at, header);
                Octets.i32(b, at + Tcp.HEADER, 0x0204_0000 | mss);
            }
            Tcp.computeChecksum(b, at, at + header + data, Headers.pseudoHeader(p, header + data));
        });
    }

    /** A segment with this text and a block of SACK, unless both its edges are 0. */
    static byte[] tcp(
            String from,
            int fromPort,
            String to,
            int toPort,
            int flags,
            int sequence,
            int ack,
            int left,
            int right,
            String text) {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        int header = left != 0 || right != 0 ? Tcp.HEADER + 12 : Tcp.HEADER;
        return ip(from, to, IpProtocol.TCP, header + data.length, p -> {
            MemorySegment b = p.buffer();
            int at = p.transportAt();
            Tcp.write(b, at, fromPort, toPort, sequence, ack, flags, 65_535);
            if (header > Tcp.HEADER) {
                Tcp.headerLength(b, at, header);
                Octets.i32(b, at + Tcp.HEADER, 0x0101_050a);
                Octets.i32(b, at + Tcp.HEADER + 4L, left);
                Octets.i32(b, at + Tcp.HEADER + 8L, right);
            }
            MemorySegment.copy(data, 0, b, ValueLayout.JAVA_BYTE, at + header, data.length);
            Tcp.computeChecksum(b, at, p.payloadEnd(), Headers.pseudoHeader(p, header + data.length));
        });
    }

    static byte[] syn(String from, int fromPort, String to, int toPort) {
        return tcp(from, fromPort, to, toPort, Tcp.SYN, 1000, 0, 1460, 0);
    }

    static byte[] ping(String from, String to, int identifier, int data) {
        boolean v4 = IpAddress.literal(from).isV4();
        int length = Icmp.HEADER + data;
        return ip(from, to, v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6, length, p -> {
            MemorySegment b = p.buffer();
            int at = p.transportAt();
            Icmp.write(b, at, v4 ? Icmp.ECHO_REQUEST : Icmpv6.ECHO_REQUEST, 0, identifier << 16 | 1);
            if (v4) {
                Icmp.computeChecksum(b, at, at + length);
            } else {
                Icmpv6.computeChecksum(b, at, at + length, Headers.pseudoHeader(p, length));
            }
        });
    }

    /** A packet of any protocol whose payload is zeros until {@code write} has its way. */
    static byte[] ip(String from, String to, int protocol, int length, Consumer<Packet> write) {
        IpAddress source = IpAddress.literal(from);
        IpAddress target = IpAddress.literal(to);
        boolean v4 = source.isV4();
        int header = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        try (Arena arena = Arena.ofConfined()) {
            Packet p = new Packet(arena.allocate(Packet.CAPACITY));
            int at = p.append(header + length);
            if (v4) {
                Ipv4.write(
                        p.buffer(), at, 0, header + length, 7, false, 64, protocol, source.v4Bits(), target.v4Bits());
            } else {
                Ipv6.write(
                        p.buffer(),
                        at,
                        0,
                        0,
                        length,
                        protocol,
                        64,
                        source.high(),
                        source.low(),
                        target.high(),
                        target.low());
            }
            p.network(v4 ? 4 : 6, at, at + header, at + header + length, protocol);
            write.accept(p);
            return p.buffer().asSlice(at, p.length()).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** The same IPv4 packet after a change; its header checksum is made right again. */
    static byte[] changed(byte[] datagram, Consumer<MemorySegment> change) {
        byte[] copy = datagram.clone();
        MemorySegment b = MemorySegment.ofArray(copy);
        change.accept(b);
        if (copy[0] >>> 4 == 4) {
            Octets.u16(b, 10, 0);
            Octets.u16(b, 10, Checksum.of(b, 0, (copy[0] & 0xfL) << 2));
        }
        return copy;
    }

    /** The same with this TTL or hop limit. */
    static byte[] ttl(byte[] datagram, int ttl) {
        return changed(datagram, b -> Octets.u8(b, datagram[0] >>> 4 == 4 ? 8 : 7, ttl));
    }

    /** The same with DF set. */
    static byte[] dontFragment(byte[] datagram) {
        return changed(datagram, b -> Octets.u8(b, 6, Octets.u8(b, 6) | 0x40));
    }

    /** An IPv4 datagram as two fragments, the first with so many octets of data, a multiple of 8. */
    static List<byte[]> halves(byte[] datagram, int identification, int first) {
        byte[] front = Arrays.copyOf(datagram, Ipv4.HEADER + first);
        byte[] back = new byte[datagram.length - first];
        System.arraycopy(datagram, 0, back, 0, Ipv4.HEADER);
        System.arraycopy(datagram, Ipv4.HEADER + first, back, Ipv4.HEADER, back.length - Ipv4.HEADER);
        return List.of(fragment(front, identification, MORE_FRAGMENTS), fragment(back, identification, first / 8));
    }

    private static byte[] fragment(byte[] piece, int identification, int flagsAndOffset) {
        return changed(piece, b -> {
            Octets.u16(b, 2, piece.length);
            Octets.u16(b, 4, identification);
            Octets.u16(b, 6, flagsAndOffset);
        });
    }

    static byte[] framed(byte[] payload, MacAddress to, MacAddress from, int type) {
        byte[] frame = new byte[Ethernet.HEADER + payload.length];
        Ethernet.write(MemorySegment.ofArray(frame), 0, to.bits(), from.bits(), type);
        System.arraycopy(payload, 0, frame, Ethernet.HEADER, payload.length);
        return frame;
    }

    /** What an Ethernet frame carries, parsed. */
    static Packet parsed(byte[] frame) {
        Packet p = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        int at = p.append(frame.length);
        MemorySegment.copy(frame, 0, p.buffer(), ValueLayout.JAVA_BYTE, at, frame.length);
        p.etherType(Ethernet.type(p.buffer(), at));
        p.link(Ethernet.source(p.buffer(), at), false);
        p.pull(Ethernet.headerLength(p.buffer(), at));
        DropReason why = Headers.parse(p);
        if (why != DropReason.NONE) {
            throw new AssertionError("the frame does not parse: " + why);
        }
        return p;
    }
}
