package io.portcullis.test.filter;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** An IP packet, its checksums right, its headers as a test wants them. Never changes. */
final class Datagram {
    private static final int TTL = 64;
    private static final int TTL_AT = 8;
    private static final int V4_CHECKSUM_AT = 10;
    private static final int HOP_LIMIT_AT = 7;
    private static final int IDENTIFICATION = 0x4242;

    private final byte[] octets;

    private Datagram(byte[] octets) {
        this.octets = octets;
    }

    /** As it came out of a wire. */
    static Datagram of(byte[] octets) {
        return new Datagram(octets.clone());
    }

    static Datagram udp(String from, int fromPort, String to, int toPort) {
        return udp(from, fromPort, to, toPort, new byte[16]);
    }

    static Datagram udp(String from, int fromPort, String to, int toPort, byte[] data) {
        return ip(from, to, IpProtocol.UDP, Udp.HEADER + data.length, b -> {
            Udp.write(b, 0, fromPort, toPort, Udp.HEADER + data.length);
            MemorySegment.copy(MemorySegment.ofArray(data), 0, b, Udp.HEADER, data.length);
        });
    }

    static Datagram syn(String from, int fromPort, String to, int toPort) {
        return tcp(from, fromPort, to, toPort, Tcp.SYN, 1000, 0, 0);
    }

    /** A TCP segment with so many octets of data. */
    static Datagram tcp(
            String from, int fromPort, String to, int toPort, int flags, int sequence, int acknowledgement, int data) {
        return ip(
                from,
                to,
                IpProtocol.TCP,
                Tcp.HEADER + data,
                b -> Tcp.write(b, 0, fromPort, toPort, sequence, acknowledgement, flags, 8192));
    }

    /** A TCP segment with this text. */
    static Datagram tcp(
            String from,
            int fromPort,
            String to,
            int toPort,
            int flags,
            int sequence,
            int acknowledgement,
            String text) {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        return ip(from, to, IpProtocol.TCP, Tcp.HEADER + data.length, b -> {
            Tcp.write(b, 0, fromPort, toPort, sequence, acknowledgement, flags, 8192);
            MemorySegment.copy(MemorySegment.ofArray(data), 0, b, Tcp.HEADER, data.length);
        });
    }

    /** An ICMP or ICMPv6 message, as the addresses are. */
    static Datagram icmp(String from, String to, int type, int code, int identifier) {
        boolean v4 = IpAddress.literal(from).isV4();
        return ip(
                from,
                to,
                v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6,
                Icmp.HEADER + 16,
                b -> Icmp.write(b, 0, type, code, identifier << 16 | 1));
    }

    /** A packet of any protocol, with as sane a header as the protocol needs. */
    static Datagram ofProtocol(String from, String to, int protocol) {
        boolean v4 = IpAddress.literal(from).isV4();
        return switch (protocol) {
            case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
                ip(
                        from,
                        to,
                        protocol,
                        24,
                        b -> Icmp.write(
                                b, 0, protocol == IpProtocol.ICMP ? Icmp.ECHO_REQUEST : Icmpv6.ECHO_REQUEST, 0, 1));
            case IpProtocol.TCP -> syn(from, 40_000, to, 40_001);
            case IpProtocol.UDP -> udp(from, 40_000, to, 40_001);
            default -> {
                boolean extends6 = !v4
                        && (protocol == IpProtocol.HOP_BY_HOP
                                || protocol == IpProtocol.ROUTING
                                || protocol == IpProtocol.FRAGMENT
                                || protocol == IpProtocol.DESTINATION_OPTIONS);
                // An extension header of 8 octets, padded where it has options, before nothing (RFC 8200).
                yield extends6
                        ? ip(from, to, protocol, 8, b -> {
                            Octets.u8(b, 0, 59);
                            if (protocol != IpProtocol.FRAGMENT) {
                                Octets.u8(b, 2, 1);
                                Octets.u8(b, 3, protocol == IpProtocol.ROUTING ? 0 : 4);
                            }
                        })
                        : ip(from, to, protocol, 32, b -> Octets.i32(b, 0, 0x1000));
            }
        };
    }

    /** @param write puts in what follows the IP header; all else is zeros, and the checksum is added */
    static Datagram ip(String from, String to, int protocol, int length, Consumer<MemorySegment> write) {
        IpAddress source = IpAddress.literal(from);
        IpAddress target = IpAddress.literal(to);
        int header = source.isV4() ? Ipv4.HEADER : Ipv6.HEADER;
        byte[] all = new byte[header + length];
        MemorySegment b = MemorySegment.ofArray(all);
        if (source.isV4()) {
            Ipv4.write(b, 0, 0, all.length, IDENTIFICATION, false, TTL, protocol, source.v4Bits(), target.v4Bits());
        } else {
            Ipv6.write(b, 0, 0, 0, length, protocol, TTL, source.high(), source.low(), target.high(), target.low());
        }
        write.accept(b.asSlice(header));
        long pseudo =
                source.isV4() ? Ipv4.pseudoHeader(b, 0, protocol, length) : Ipv6.pseudoHeader(b, 0, protocol, length);
        switch (protocol) {
            case IpProtocol.TCP -> Tcp.computeChecksum(b, header, all.length, pseudo);
            case IpProtocol.UDP -> Udp.computeChecksum(b, header, pseudo);
            case IpProtocol.ICMP -> Icmp.computeChecksum(b, header, all.length);
            case IpProtocol.ICMPV6 -> Icmpv6.computeChecksum(b, header, all.length, pseudo);
            default -> {}
        }
        return new Datagram(all);
    }

    /** The same IPv4 packet with an option, which the test has padded to whole words. */
    Datagram withOption(String hex) {
        byte[] option = HexFormat.of().parseHex(hex);
        byte[] all = new byte[octets.length + option.length];
        System.arraycopy(octets, 0, all, 0, Ipv4.HEADER);
        System.arraycopy(option, 0, all, Ipv4.HEADER, option.length);
        System.arraycopy(octets, Ipv4.HEADER, all, Ipv4.HEADER + option.length, octets.length - Ipv4.HEADER);
        MemorySegment b = MemorySegment.ofArray(all);
        Octets.u8(b, 0, 0x40 | (Ipv4.HEADER + option.length) / 4);
        Octets.u16(b, 2, all.length);
        Ipv4.computeChecksum(b, 0);
        return new Datagram(all);
    }

    /** The same IPv6 packet with an extension header, whose own next header field is filled in. */
    Datagram withExtension(int type, String hex) {
        byte[] extension = HexFormat.of().parseHex(hex);
        extension[0] = octets[6];
        byte[] all = new byte[octets.length + extension.length];
        System.arraycopy(octets, 0, all, 0, Ipv6.HEADER);
        System.arraycopy(extension, 0, all, Ipv6.HEADER, extension.length);
        System.arraycopy(octets, Ipv6.HEADER, all, Ipv6.HEADER + extension.length, octets.length - Ipv6.HEADER);
        all[6] = (byte) type;
        Ipv6.payloadLength(MemorySegment.ofArray(all), 0, all.length - Ipv6.HEADER);
        return new Datagram(all);
    }

    /**
     * A fragment of it.
     *
     * @param from octet of what follows the IP header, a multiple of 8
     * @param until behind its last octet
     * @param at offset that the fragment claims
     * @param more whether it says that others follow
     */
    Datagram fragment(int from, int until, int at, boolean more) {
        boolean v4 = isV4();
        int header = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        int own = v4 ? 0 : 8;
        byte[] all = new byte[header + own + until - from];
        System.arraycopy(octets, 0, all, 0, header);
        System.arraycopy(octets, header + from, all, header + own, until - from);
        MemorySegment b = MemorySegment.ofArray(all);
        if (v4) {
            Octets.u16(b, 2, all.length);
            Ipv4.fragment(b, 0, at, more);
            Ipv4.computeChecksum(b, 0);
        } else {
            Octets.u8(b, header, octets[6]);
            Octets.u16(b, header + 2L, at | (more ? 1 : 0));
            Octets.i32(b, header + 4L, IDENTIFICATION);
            Octets.u8(b, 6, IpProtocol.FRAGMENT);
            Ipv6.payloadLength(b, 0, all.length - header);
        }
        return new Datagram(all);
    }

    boolean isV4() {
        return octets[0] >>> 4 == 4;
    }

    int length() {
        return octets.length;
    }

    byte[] octets() {
        return octets.clone();
    }

    /** Whether it is this packet that came out of the firewall, one hop on. */
    boolean arrivedAs(Datagram out) {
        return Arrays.equals(withoutHop(), out.withoutHop());
    }

    private byte[] withoutHop() {
        byte[] copy = octets.clone();
        if (isV4()) {
            copy[TTL_AT] = 0;
            copy[V4_CHECKSUM_AT] = 0;
            copy[V4_CHECKSUM_AT + 1] = 0;
        } else {
            copy[HOP_LIMIT_AT] = 0;
        }
        return copy;
    }

    @Override
    public String toString() {
        MemorySegment b = MemorySegment.ofArray(octets);
        return (isV4() ? Ipv4.describe(b, 0) : Ipv6.describe(b, 0)) + " "
                + HexFormat.of().formatHex(octets, isV4() ? Ipv4.HEADER : Ipv6.HEADER, octets.length);
    }
}
