package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.crypto.EspBurst;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets of one SA into ESP tunnel mode (RFC 4303 section 3.3, RFC 4301 section 5.1.2), many at a time: trailer
 * behind, headers in front, encryption in between.
 *
 * <p>In UDP, ESP packets of one length that follow each other, the last perhaps shorter, become a <em>train</em>: one
 * super-packet, in which they lie one behind the other, with one outer header. The device cuts it into the packets that
 * each would have been by itself. Without UDP nothing cuts ESP packets, and each has its own. Owned by one worker, for
 * one tunnel at a time.
 */
final class Encapsulator {
    private static final int OUTER_TTL = 64;
    private static final int MOST_TRAILER = 64;
    private static final int OUTER_HEADERS = Ipv6.HEADER + Udp.HEADER;
    /** What Linux takes in one piece (UDP_MAX_SEGMENTS). */
    private static final int MOST_SEGMENTS = 64;

    private static final int LONGEST = 65_535;

    private @Nullable NetworkInterface tunnel;
    private final PacketBurst outer = new PacketBurst();
    private final EspBurst texts = new EspBurst();
    private @Nullable OutboundSa sa;

    // The train that may grow: the last of the outer packets.
    private @Nullable Packet train;
    private boolean trainV4;
    private int trainTos;
    private boolean trainDontFragment;
    private int segment;
    private int segments;

    /** @param sender what its packets are marked with from now on, so that none is routed into it again */
    void serve(NetworkInterface sender) {
        tunnel = sender;
    }

    /** Whether the packet's buffer has room for what goes around it. */
    static boolean fits(Packet packet) {
        return packet.start() >= OUTER_HEADERS + Esp.HEADER + 16 && packet.end() <= Packet.CAPACITY - MOST_TRAILER;
    }

    boolean isEmpty() {
        return outer.isEmpty();
    }

    /** Whether another packet of this SA may be added before {@link #flush}. */
    boolean takes(OutboundSa next) {
        return outer.isEmpty() || (!outer.isFull() && next == sa);
    }

    /**
     * Takes an inner IP packet, start() at its header and end() behind its last octet, whole and no longer than the
     * tunnel's MTU. It is taken over. The SA has a sequence number left for it.
     *
     * @param dsField DS field of the outer header, below 0 to copy the inner one's (RFC 2983)
     * @return octets of text: what counts against the SA's volume
     */
    int add(Packet packet, OutboundSa by, int dsField, PacketWorker worker) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        int inner = packet.length();
        int tos = tos(b, at, dsField);
        boolean dontFragment = dontFragment(b, at);
        int ahead = Esp.HEADER + by.transform.ivOctets();
        int length = ahead + text(inner, by) + by.transform.icvOctets();
        Packet grown = train;
        if (grown != null && !grows(grown, length, tos, dontFragment)) {
            close();
            grown = null;
        }
        if (grown != null) {
            int espAt = grown.append(length);
            MemorySegment.copy(b, at, grown.buffer(), espAt + ahead, inner);
            grown.depth(Math.max(grown.depth(), packet.depth() + 1));
            worker.pool().give(packet);
            return seal(grown, espAt, inner, by, worker);
        }
        packet.append(length - ahead - inner);
        int espAt = packet.push(ahead);
        begin(packet, by, tos, dontFragment, length);
        return seal(packet, espAt, inner, by, worker);
    }

    /**
     * Takes one segment of a super-packet, cut straight to where it is encrypted. The super-packet stays as it is.
     *
     * @param index as in {@link Segmenter#cut}
     * @return octets of text, 0 when there is no buffer for it
     */
    int addSegment(Packet whole, int index, OutboundSa by, int dsField, PacketWorker worker) {
        MemorySegment b = whole.buffer();
        int tos = tos(b, whole.networkAt(), dsField);
        boolean dontFragment = dontFragment(b, whole.networkAt());
        int inner = Segmenter.length(whole, index);
        int ahead = Esp.HEADER + by.transform.ivOctets();
        int length = ahead + text(inner, by) + by.transform.icvOctets();
        Packet into = train;
        if (into != null && !grows(into, length, tos, dontFragment)) {
            close();
            into = null;
        }
        int espAt;
        if (into == null) {
            into = worker.pool().take();
            if (into == null) {
                return 0;
            }
            into.copyOriginFrom(whole);
            espAt = into.start();
            into.append(length);
            begin(into, by, tos, dontFragment, length);
        } else {
            espAt = into.append(length);
            into.depth(Math.max(into.depth(), whole.depth() + 1));
        }
        Segmenter.cut(whole, index, into.buffer(), espAt + ahead);
        return seal(into, espAt, inner, by, worker);
    }

    /** Whether an ESP packet of this length may be the train's next; if so it may be its last. */
    private boolean grows(Packet grown, int length, int tos, boolean dontFragment) {
        int end = grown.end() + length;
        return length <= segment
                && tos == trainTos
                && dontFragment == trainDontFragment
                && segments < MOST_SEGMENTS
                && end - grown.start() - (trainV4 ? 0 : Ipv6.HEADER) <= LONGEST
                && end <= Packet.CAPACITY;
    }

    /** Makes an ESP packet that is alone in its buffer an outer packet. */
    private void begin(Packet packet, OutboundSa by, int tos, boolean dontFragment, int length) {
        wrap(packet, by, tos, dontFragment, tunnel);
        sa = by;
        outer.add(packet);
        if (by.udpEncapsulated()) {
            train = packet;
            trainV4 = by.isV4();
            trainTos = tos;
            trainDontFragment = dontFragment;
            segment = length;
            segments = 0;
        }
    }

    /** Makes a packet what {@link #add} would make of it, but for the encryption; no sequence number is used. */
    static void preview(Packet packet, OutboundSa by, int dsField, NetworkInterface tunnel) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        int inner = packet.length();
        int tos = tos(b, at, dsField);
        boolean dontFragment = dontFragment(b, at);
        packet.append(text(inner, by) + by.transform.icvOctets() - inner);
        int espAt = packet.push(Esp.HEADER + by.transform.ivOctets());
        Esp.write(b, espAt, by.spi, (int) by.sequence() + 1);
        wrap(packet, by, tos, dontFragment, tunnel);
    }

    private static void wrap(
            Packet packet, OutboundSa by, int tos, boolean dontFragment, @Nullable NetworkInterface tunnel) {
        if (by.udpEncapsulated()) {
            int udpAt = packet.push(Udp.HEADER);
            Udp.write(packet.buffer(), udpAt, by.localPort(), by.remotePort(), packet.length());
        }
        outer(packet, by, tos, dontFragment);
        packet.depth(packet.depth() + 1);
        packet.lastTunnel(tunnel);
    }

    private static void outer(Packet packet, OutboundSa by, int tos, boolean dontFragment) {
        MemorySegment b = packet.buffer();
        int payload = packet.length();
        int protocol = by.udpEncapsulated() ? IpProtocol.UDP : IpProtocol.ESP;
        if (by.isV4()) {
            // Whoever cuts a train counts the identification up, as the sequence number counts.
            Ipv4.write(
                    b,
                    packet.push(Ipv4.HEADER),
                    tos,
                    Ipv4.HEADER + payload,
                    (int) (by.sequence() + 1) & 0xffff,
                    dontFragment,
                    OUTER_TTL,
                    protocol,
                    by.local().v4Bits(),
                    by.remote().v4Bits());
        } else {
            Ipv6.write(
                    b,
                    packet.push(Ipv6.HEADER),
                    tos,
                    0,
                    payload,
                    protocol,
                    OUTER_TTL,
                    by.local().high(),
                    by.local().low(),
                    by.remote().high(),
                    by.remote().low());
        }
        packet.forgetHeaders();
        packet.clearOffload();
    }

    /** Writes the ESP header and trailer around an inner packet that is in its place. Returns the octets of text. */
    private int seal(Packet packet, int espAt, int inner, OutboundSa by, PacketWorker worker) {
        MemorySegment b = packet.buffer();
        int innerAt = espAt + Esp.HEADER + by.transform.ivOctets();
        int text = text(inner, by);
        // RFC 4303 section 2.4: padding, pad length, next header.
        int padding = text - inner - EspOverhead.TRAILER;
        int at = innerAt + inner;
        for (int i = 1; i <= padding; i++) {
            u8(b, at++, i);
        }
        u8(b, at, padding);
        u8(b, at + 1, u8(b, innerAt) >>> 4 == 4 ? IpProtocol.IPV4 : IpProtocol.IPV6);
        long sequence = by.nextSequence();
        Esp.write(b, espAt, by.spi, (int) sequence);
        texts.add(b, espAt, text, sequence);
        if (train != null) {
            segments++;
            if (packet.end() - espAt < segment) {
                close();
            }
        }
        if (texts.isFull()) {
            seal(by, worker);
        }
        return text;
    }

    private static int text(int inner, OutboundSa by) {
        int alignment = by.transform.alignment();
        return inner + EspOverhead.TRAILER + alignment - 1 & -alignment;
    }

    /** RFC 6040 section 4.1: the ECN field is copied always, DSCP unless another is asked for. */
    private static int tos(MemorySegment b, int at, int dsField) {
        int inner = isV4(b, at) ? Ipv4.tos(b, at) : Ipv6.trafficClass(b, at);
        return dsField < 0 ? inner : (dsField & 0xfc) | (inner & 3);
    }

    private static boolean dontFragment(MemorySegment b, int at) {
        return !isV4(b, at) || Ipv4.dontFragment(b, at);
    }

    private static boolean isV4(MemorySegment b, int at) {
        return u8(b, at) >>> 4 == 4;
    }

    /** Encrypts what is not yet. A defect of the cipher kills all packets that are held and no others. */
    private void seal(OutboundSa by, PacketWorker worker) {
        try {
            by.transform.seal(texts);
        } catch (RuntimeException defect) {
            sa = null;
            train = null;
            for (int i = 0; i < outer.size(); i++) {
                worker.drop(outer.get(i), DropReason.INTERNAL_ERROR);
            }
            outer.clear();
            throw defect;
        } finally {
            texts.clear();
        }
    }

    /** Ends the train: its lengths are known now, and its checksum is the device's to finish. */
    private void close() {
        Packet packet = train;
        if (packet == null) {
            return;
        }
        train = null;
        MemorySegment b = packet.buffer();
        int at = packet.start();
        int udpAt = at + (trainV4 ? Ipv4.HEADER : Ipv6.HEADER);
        int length = packet.end() - udpAt;
        Udp.length(b, udpAt, length);
        long pseudo;
        if (trainV4) {
            Ipv4.totalLength(b, at, packet.length());
            pseudo = Ipv4.pseudoHeader(b, at, IpProtocol.UDP, length);
        } else {
            Ipv6.payloadLength(b, at, length);
            pseudo = Ipv6.pseudoHeader(b, at, IpProtocol.UDP, length);
        }
        // RFC 3948 section 2.1 would have zero in IPv4, but receivers merge only datagrams with a checksum.
        Udp.checksum(b, udpAt, Checksum.fold(pseudo));
        packet.partialChecksum(udpAt, Udp.CHECKSUM);
        if (segments > 1) {
            packet.gso(Packet.Gso.UDP, segment);
        }
    }

    /** Encrypts what was added and gives it to the worker. */
    void flush(PacketWorker worker, long now) {
        OutboundSa by = sa;
        if (by == null) {
            return;
        }
        close();
        seal(by, worker);
        sa = null;
        for (int i = 0; i < outer.size(); i++) {
            worker.originate(outer.get(i), now);
        }
        outer.clear();
    }
}
