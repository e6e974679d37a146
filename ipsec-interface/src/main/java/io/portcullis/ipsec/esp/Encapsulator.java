package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.crypto.EspBurst;
import java.lang.foreign.MemorySegment;

/**
 * Puts packets of one SA into ESP tunnel mode (RFC 4303 section 3.3, RFC 4301 section 5.1.2), where they lie: trailer
 * behind, headers in front, encryption in between; several at a time. Owned by one worker.
 */
final class Encapsulator {
    private static final int OUTER_TTL = 64;
    private static final int MOST_TRAILER = 64;

    private final PacketBurst packets = new PacketBurst();
    private final EspBurst texts = new EspBurst();

    boolean isFull() {
        return packets.isFull();
    }

    /** Whether the packet's buffer has room for what goes around it. */
    static boolean fits(Packet packet) {
        return packet.start() >= Ipv6.HEADER + Udp.HEADER + Esp.HEADER + 16
                && packet.end() <= Packet.CAPACITY - MOST_TRAILER;
    }

    /**
     * Takes an inner IP packet, start() at its header and end() behind its last octet, whole and no longer than the
     * tunnel's MTU. It is taken over. All packets until {@link #flush} are of the same SA, which has a sequence number
     * left for each.
     *
     * @param dsField DS field of the outer header, below 0 to copy the inner one's (RFC 2983)
     * @return octets of text: what counts against the SA's volume
     */
    int add(Packet packet, OutboundSa sa, int dsField) {
        MemorySegment b = packet.buffer();
        int innerAt = packet.start();
        int innerLength = packet.length();
        boolean innerV4 = u8(b, innerAt) >>> 4 == 4;
        int innerTos = innerV4 ? Ipv4.tos(b, innerAt) : Ipv6.trafficClass(b, innerAt);
        boolean dontFragment = !innerV4 || Ipv4.dontFragment(b, innerAt);

        int text = trailer(packet, innerV4, innerLength, sa.transform.alignment());
        packet.append(sa.transform.icvOctets());

        long sequence = sa.nextSequence();
        int espAt = packet.push(Esp.HEADER + sa.transform.ivOctets());
        Esp.write(b, espAt, sa.spi, (int) sequence);
        if (sa.udpEncapsulated()) {
            int udpAt = packet.push(Udp.HEADER);
            Udp.write(b, udpAt, sa.localPort(), sa.remotePort(), packet.length());
        }
        // RFC 6040 section 4.1: the ECN field is copied always, DSCP unless another is asked for.
        int tos = dsField < 0 ? innerTos : (dsField & 0xfc) | (innerTos & 3);
        outer(packet, sa, tos, dontFragment, (int) sequence);
        packets.add(packet);
        texts.add(b, espAt, text, sequence);
        return text;
    }

    /** Appends padding, pad length and next header (RFC 4303 section 2.4) and returns the octets of the text. */
    private static int trailer(Packet packet, boolean innerV4, int innerLength, int alignment) {
        MemorySegment b = packet.buffer();
        int padding = -(innerLength + EspOverhead.TRAILER) & (alignment - 1);
        int at = packet.append(padding + EspOverhead.TRAILER);
        for (int i = 1; i <= padding; i++) {
            u8(b, at++, i);
        }
        u8(b, at, padding);
        u8(b, at + 1, innerV4 ? IpProtocol.IPV4 : IpProtocol.IPV6);
        return innerLength + padding + EspOverhead.TRAILER;
    }

    private static void outer(Packet packet, OutboundSa sa, int tos, boolean dontFragment, int identification) {
        MemorySegment b = packet.buffer();
        int payload = packet.length();
        int protocol = sa.udpEncapsulated() ? IpProtocol.UDP : IpProtocol.ESP;
        if (sa.isV4()) {
            int at = packet.push(Ipv4.HEADER);
            Ipv4.write(
                    b,
                    at,
                    tos,
                    Ipv4.HEADER + payload,
                    identification & 0xffff,
                    dontFragment,
                    OUTER_TTL,
                    protocol,
                    sa.local().v4Bits(),
                    sa.remote().v4Bits());
        } else {
            int at = packet.push(Ipv6.HEADER);
            Ipv6.write(
                    b,
                    at,
                    tos,
                    0,
                    payload,
                    protocol,
                    OUTER_TTL,
                    sa.local().high(),
                    sa.local().low(),
                    sa.remote().high(),
                    sa.remote().low());
        }
        packet.forgetHeaders();
        packet.clearOffload();
    }

    /** Encrypts what was added and gives it to the worker. A defect of the cipher kills these packets and no others. */
    void flush(OutboundSa sa, PacketWorker worker, long now) {
        try {
            sa.transform.seal(texts);
        } catch (RuntimeException defect) {
            for (int i = 0; i < packets.size(); i++) {
                worker.drop(packets.get(i), DropReason.INTERNAL_ERROR);
            }
            packets.clear();
            throw defect;
        } finally {
            texts.clear();
        }
        for (int i = 0; i < packets.size(); i++) {
            Packet packet = packets.get(i);
            if (sa.udpEncapsulated()) {
                // RFC 3948 section 2.1 would have zero in IPv4, but receivers merge only datagrams with a checksum.
                checksum(packet, sa.isV4());
            }
            worker.originate(packet, now);
        }
        packets.clear();
    }

    private static void checksum(Packet packet, boolean v4) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        int udpAt = at + (v4 ? Ipv4.HEADER : Ipv6.HEADER);
        int length = packet.end() - udpAt;
        long pseudo = v4
                ? Ipv4.pseudoHeader(b, at, IpProtocol.UDP, length)
                : Ipv6.pseudoHeader(b, at, IpProtocol.UDP, length);
        Udp.computeChecksum(b, udpAt, pseudo);
    }
}
