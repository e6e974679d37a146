package io.portcullis.core.icmp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.time.RateLimit;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is told of a packet of its that died: an ICMP error (RFC 1812 section 4.3, RFC 4443 section 2.4) or a
 * TCP reset (RFC 9293 section 3.10.7). Never about errors, fragments, or packets from or to groups; and only so many
 * each second. Owned by one worker.
 */
public final class Refusals {
    /** Octets of an ICMPv4 error, IP header included (RFC 1812 section 4.3.2.3). */
    private static final int MOST_V4 = 576;
    /** Octets of an ICMPv6 error: the least MTU (RFC 4443 section 2.4). */
    private static final int MOST_V6 = 1280;

    private static final int TTL = 64;
    private static final int TOS_INTERNETWORK_CONTROL = 0xc0;
    private static final long V4_PREFIX = 0xffffL;

    private final RateLimit limit;
    private int identification;

    /** @param perSecond messages at most */
    public Refusals(int perSecond) {
        limit = new RateLimit(perSecond);
    }

    /** Sets the limit anew. */
    public void limit(int messagesPerSecond) {
        limit.limit(messagesPerSecond);
    }

    /**
     * An ICMP error about a parsed packet, ready to be originated.
     *
     * @param mtu of the next hop, for {@link IcmpFault#TOO_BIG}
     * @param source own address of the packet's family
     * @return null when none may be sent
     */
    public @Nullable Packet error(Packet about, IcmpFault fault, int mtu, IpAddress source, PacketPool pool, long now) {
        if (!mayBeAnswered(about) || isError(about) || !limit.allows(now)) {
            return null;
        }
        Packet answer = pool.take();
        if (answer != null) {
            if (about.ipVersion() == 4) {
                errorV4(answer, about, fault, mtu, source);
            } else {
                errorV6(answer, about, fault, mtu, source);
            }
        }
        return answer;
    }

    /** A reset for a TCP segment, as if its receiver refused it; null when none may be sent. */
    public @Nullable Packet reset(Packet about, PacketPool pool, long now) {
        MemorySegment from = about.buffer();
        int segment = about.transportAt();
        if (about.protocol() != IpProtocol.TCP
                || !mayBeAnswered(about)
                || (Tcp.flags(from, segment) & Tcp.RST) != 0
                || !limit.allows(now)) {
            return null;
        }
        Packet answer = pool.take();
        if (answer == null) {
            return null;
        }
        int flags = Tcp.flags(from, segment);
        boolean acknowledges = (flags & Tcp.ACK) != 0;
        int data = about.payloadEnd() - segment - Tcp.headerLength(from, segment);
        int length = data + ((flags & Tcp.SYN) != 0 ? 1 : 0) + ((flags & Tcp.FIN) != 0 ? 1 : 0);
        int at = header(answer, about, Tcp.HEADER, IpProtocol.TCP, about.destinationHigh(), about.destinationLow(), 0);
        MemorySegment b = answer.buffer();
        Tcp.write(
                b,
                at,
                /* sourcePort= */ about.destinationPort(),
                /* destinationPort= */ about.sourcePort(),
                acknowledges ? Tcp.acknowledgement(from, segment) : 0,
                acknowledges ? 0 : Tcp.sequence(from, segment) + length,
                acknowledges ? Tcp.RST : Tcp.RST | Tcp.ACK,
                0);
        int network = answer.start();
        long pseudo = about.ipVersion() == 4
                ? Ipv4.pseudoHeader(b, network, IpProtocol.TCP, Tcp.HEADER)
                : Ipv6.pseudoHeader(b, network, IpProtocol.TCP, Tcp.HEADER);
        Tcp.computeChecksum(b, at, answer.end(), pseudo);
        return answer;
    }

    private void errorV4(Packet answer, Packet about, IcmpFault fault, int mtu, IpAddress source) {
        int quoted = Math.min(length(about), MOST_V4 - Ipv4.HEADER - Icmp.HEADER);
        int octets = Icmp.HEADER + quoted;
        int at = header(answer, about, octets, IpProtocol.ICMP, 0, source.low(), TOS_INTERNETWORK_CONTROL);
        MemorySegment b = answer.buffer();
        Icmp.write(b, at, fault.type4, fault.code4, fault == IcmpFault.TOO_BIG ? mtu : 0);
        MemorySegment.copy(about.buffer(), about.networkAt(), b, at + Icmp.HEADER, quoted);
        Icmp.computeChecksum(b, at, at + octets);
    }

    private void errorV6(Packet answer, Packet about, IcmpFault fault, int mtu, IpAddress source) {
        int quoted = Math.min(length(about), MOST_V6 - Ipv6.HEADER - Icmpv6.HEADER);
        int octets = Icmpv6.HEADER + quoted;
        int at = header(answer, about, octets, IpProtocol.ICMPV6, source.high(), source.low(), 0);
        MemorySegment b = answer.buffer();
        Icmpv6.write(b, at, fault.type6, fault.code6, fault == IcmpFault.TOO_BIG ? Math.max(mtu, MOST_V6) : 0);
        MemorySegment.copy(about.buffer(), about.networkAt(), b, at + Icmpv6.HEADER, quoted);
        Icmpv6.computeChecksum(b, at, at + octets, Ipv6.pseudoHeader(b, answer.start(), IpProtocol.ICMPV6, octets));
    }

    /** Writes an IP header back to the packet's source and returns where its payload begins. */
    private int header(
            Packet answer, Packet about, int payload, int protocol, long sourceHigh, long sourceLow, int tos) {
        MemorySegment b = answer.buffer();
        if (about.ipVersion() == 4) {
            int at = answer.append(Ipv4.HEADER + payload);
            identification = (identification + 1) & 0xffff;
            Ipv4.write(b, at, tos, Ipv4.HEADER + payload, identification, false, TTL, protocol, (int) sourceLow, (int)
                    about.sourceLow());
            return at + Ipv4.HEADER;
        }
        int at = answer.append(Ipv6.HEADER + payload);
        Ipv6.write(b, at, 0, 0, payload, protocol, TTL, sourceHigh, sourceLow, about.sourceHigh(), about.sourceLow());
        return at + Ipv6.HEADER;
    }

    private static int length(Packet packet) {
        return packet.payloadEnd() - packet.networkAt();
    }

    private static boolean mayBeAnswered(Packet about) {
        return about.ipVersion() != 0
                && !about.linkGroup()
                && about.fragmentOffset() == 0
                && isHost(about.sourceHigh(), about.sourceLow())
                && isHost(about.destinationHigh(), about.destinationLow());
    }

    private static boolean isError(Packet about) {
        int type = about.destinationPort() >>> 8;
        return switch (about.protocol()) {
            case IpProtocol.ICMP -> Icmp.isError(type);
            case IpProtocol.ICMPV6 -> Icmpv6.isError(type) || type == Icmpv6.REDIRECT;
            default -> false;
        };
    }

    private static boolean isHost(long high, long low) {
        if (high != 0 || low >>> 32 != V4_PREFIX) {
            return high >>> 56 != 0xff && (high | low) != 0;
        }
        int first = (int) low >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    /** Whether the packet is an ICMP error or a TCP reset: what needs no connection when it is ours. */
    public static boolean isRefusal(Packet packet) {
        return packet.protocol() == IpProtocol.TCP
                ? packet.fragmentOffset() == 0 && (Tcp.flags(packet.buffer(), packet.transportAt()) & Tcp.RST) != 0
                : isError(packet);
    }
}
