package io.portcullis.core.packet;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.shaping.Passage;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A frame or IP packet in an off-heap buffer with room before and behind it, and what was found out about it. Up to
 * 64 kB long: a device's super-packet (TSO, GRO) travels as one. Belongs to one worker at a time; goes back to its
 * {@link PacketPool} when it dies or is sent.
 *
 * <p>All offsets are absolute in {@link #buffer()}, so that adding or taking a header moves {@link #start()} only.
 */
public final class Packet {
    /** Room before a received frame: outer Ethernet, IPv6, UDP, ESP and IV fit twice. */
    public static final int HEADROOM = 256;
    /** The longest frame: a maximal IP packet behind a tagged Ethernet header. */
    public static final int MAX_FRAME = 65_535 + 18;
    /** Room behind it: ESP padding and ICV. */
    public static final int TAILROOM = 320;
    /** Octets of a buffer. */
    public static final int CAPACITY = HEADROOM + MAX_FRAME + TAILROOM;

    private final MemorySegment buffer;
    private final int worker;
    private int start;
    private int end;

    private @Nullable NetworkInterface ingress;
    private @Nullable NetworkInterface lastTunnel;
    private int depth;
    private int etherType;
    private long linkSource;
    private boolean linkGroup;
    private int networkAt;
    private int transportAt;
    private int payloadEnd;
    private int ipVersion;
    private int protocol;
    private int fragmentOffset;
    private boolean moreFragments;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;

    private int fragmentLength;
    private int fragmentIdentification;

    private boolean partialChecksum;
    private int checksumStart;
    private int checksumOffset;
    private Gso gso = Gso.NONE;
    private int gsoSize;

    private Handoff handoff = Handoff.FLOW;
    private @Nullable NetworkInterface egress;
    private @Nullable IpAddress gateway;
    private final Passage passage = new Passage();

    /** What a packet is handed to another worker for. */
    public enum Handoff {
        /** That worker owns its flow and goes on with it. */
        FLOW,
        /** That worker owns the interface and sends it. */
        SEND,
        /** That worker owns the pipes that it goes through on its way out. */
        SHAPE,
        /** It is a copy of what every worker must hear. */
        COPY
    }

    /** How a super-packet is to be cut (virtio-net's gso_type). */
    public enum Gso {
        NONE,
        TCP_V4,
        TCP_V6,
        UDP
    }

    /** @param buffer at least {@link #CAPACITY} octets of native memory */
    public Packet(MemorySegment buffer) {
        this(buffer, 0);
    }

    Packet(MemorySegment buffer, int worker) {
        this.buffer = buffer;
        this.worker = worker;
        reset();
    }

    /** Empties the packet: no data, {@link #HEADROOM} before it, nothing known. */
    public void reset() {
        start = HEADROOM;
        end = HEADROOM;
        ingress = null;
        lastTunnel = null;
        depth = 0;
        etherType = 0;
        linkSource = 0;
        linkGroup = false;
        fragmentLength = 0;
        fragmentIdentification = 0;
        handoff(Handoff.FLOW, null, null);
        forgetHeaders();
        clearOffload();
    }

    /** Forgets what was parsed, as when another header has become the outermost. */
    public void forgetHeaders() {
        networkAt = start;
        transportAt = start;
        payloadEnd = end;
        ipVersion = 0;
        protocol = 0;
        fragmentOffset = 0;
        moreFragments = false;
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        sourcePort = 0;
        destinationPort = 0;
    }

    /** Says that checksums are whole and the packet is no super-packet. */
    public void clearOffload() {
        partialChecksum = false;
        checksumStart = 0;
        checksumOffset = 0;
        gso = Gso.NONE;
        gsoSize = 0;
    }

    public MemorySegment buffer() {
        return buffer;
    }

    /** Index of the worker whose pool it is from. */
    public int worker() {
        return worker;
    }

    /** Offset of the first octet. */
    public int start() {
        return start;
    }

    /** Offset behind the last octet. */
    public int end() {
        return end;
    }

    public int length() {
        return end - start;
    }

    /** Sets where the data lies. @throws IndexOutOfBoundsException outside the buffer */
    public void bounds(int newStart, int newEnd) {
        if (newStart < 0 || newEnd < newStart || newEnd > CAPACITY) {
            throw new IndexOutOfBoundsException("packet bounds " + newStart + ".." + newEnd);
        }
        start = newStart;
        end = newEnd;
    }

    /** Makes room for a header of {@code octets} in front and returns its offset. */
    public int push(int octets) {
        bounds(start - octets, end);
        return start;
    }

    /** Takes {@code octets} off the front. */
    public void pull(int octets) {
        bounds(start + octets, end);
    }

    /** Adds {@code octets} behind and returns the offset of the first of them. */
    public int append(int octets) {
        int at = end;
        bounds(start, end + octets);
        return at;
    }

    /** Cuts the packet to {@code length} octets. */
    public void trim(int length) {
        bounds(start, start + Math.min(length, length()));
    }

    /** The interface that it came in by; a tunnel after decryption, {@code core} for the firewall's own. */
    public @Nullable NetworkInterface ingress() {
        return ingress;
    }

    public void ingress(@Nullable NetworkInterface newIngress) {
        ingress = newIngress;
    }

    /** How often it was encapsulated or decapsulated; ends tunnel loops. */
    public int depth() {
        return depth;
    }

    public void depth(int newDepth) {
        depth = newDepth;
    }

    /** The tunnel that encapsulated it last: an outer packet must not be routed into its own tunnel. */
    public @Nullable NetworkInterface lastTunnel() {
        return lastTunnel;
    }

    public void lastTunnel(@Nullable NetworkInterface tunnel) {
        lastTunnel = tunnel;
    }

    public int etherType() {
        return etherType;
    }

    public void etherType(int newEtherType) {
        etherType = newEtherType;
    }

    /** The station that sent the frame, 48 bits; 0 when no link layer was there. */
    public long linkSource() {
        return linkSource;
    }

    /** Whether the frame was sent to a group or to everybody: such packets are never answered with errors. */
    public boolean linkGroup() {
        return linkGroup;
    }

    /** Records the link layer's view. */
    public void link(long source, boolean toGroup) {
        linkSource = source;
        linkGroup = toGroup;
    }

    /** Offset of the IP header. */
    public int networkAt() {
        return networkAt;
    }

    /** Offset of what follows the IP header and its extension headers. */
    public int transportAt() {
        return transportAt;
    }

    /** Offset behind the IP packet's last octet; Ethernet padding lies beyond. */
    public int payloadEnd() {
        return payloadEnd;
    }

    /** 4 or 6; 0 before the header was parsed. */
    public int ipVersion() {
        return ipVersion;
    }

    /** IP protocol number, behind any extension headers. */
    public int protocol() {
        return protocol;
    }

    /** Records the network layer as parsed. */
    public void network(int version, int newNetworkAt, int newTransportAt, int newPayloadEnd, int newProtocol) {
        ipVersion = version;
        networkAt = newNetworkAt;
        transportAt = newTransportAt;
        payloadEnd = newPayloadEnd;
        protocol = newProtocol;
    }

    /** Records a fragment: offset in octets, and whether more follow. */
    public void fragment(int offset, boolean more) {
        fragmentOffset = offset;
        moreFragments = more;
    }

    public int fragmentOffset() {
        return fragmentOffset;
    }

    public boolean moreFragments() {
        return moreFragments;
    }

    /**
     * Records that it was put together of fragments, the longest of this many octets of IP packet; 0: it came whole.
     */
    public void assembledFrom(int longest, int identification) {
        fragmentLength = longest;
        fragmentIdentification = identification;
    }

    /** Octets of the longest fragment that it was put together of, 0 when it came whole. */
    public int fragmentLength() {
        return fragmentLength;
    }

    /** Identification of the fragments that it was put together of. */
    public int fragmentIdentification() {
        return fragmentIdentification;
    }

    public boolean isFragment() {
        return moreFragments || fragmentOffset != 0;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /** Records the addresses as {@link io.portcullis.core.net.IpAddress} holds them. */
    public void addresses(long srcHigh, long srcLow, long dstHigh, long dstLow) {
        sourceHigh = srcHigh;
        sourceLow = srcLow;
        destinationHigh = dstHigh;
        destinationLow = dstLow;
    }

    /** TCP or UDP source port; identifier of an ICMP query; else 0. */
    public int sourcePort() {
        return sourcePort;
    }

    /** TCP or UDP destination port; ICMP type times 256 plus code; else 0. */
    public int destinationPort() {
        return destinationPort;
    }

    public void ports(int source, int destination) {
        sourcePort = source;
        destinationPort = destination;
    }

    /** What the worker that it is handed to shall do with it. */
    public Handoff handoff() {
        return handoff;
    }

    /** The interface to send it by, when it is handed over for that or its maker chose one; else null. */
    public @Nullable NetworkInterface egress() {
        return egress;
    }

    /** The next hop on that interface, null when the destination itself is. */
    public @Nullable IpAddress gateway() {
        return gateway;
    }

    /** Says what the next worker shall do with it, and which way it leaves where that is known already. */
    public void handoff(Handoff what, @Nullable NetworkInterface newEgress, @Nullable IpAddress newGateway) {
        handoff = what;
        egress = newEgress;
        gateway = newGateway;
    }

    /** What is known of it while it goes through pipes. */
    public Passage passage() {
        return passage;
    }

    /** Whether the transport checksum holds the pseudo-header's sum only (virtio-net NEEDS_CSUM). */
    public boolean partialChecksum() {
        return partialChecksum;
    }

    /** Absolute offset from which a partial checksum is summed. */
    public int checksumStart() {
        return checksumStart;
    }

    /** Where its result goes, counted from {@link #checksumStart()}. */
    public int checksumOffset() {
        return checksumOffset;
    }

    public void partialChecksum(int newStart, int offset) {
        partialChecksum = true;
        checksumStart = newStart;
        checksumOffset = offset;
    }

    public void checksumComplete() {
        partialChecksum = false;
    }

    public Gso gso() {
        return gso;
    }

    /** Payload octets of each segment of a super-packet. */
    public int gsoSize() {
        return gsoSize;
    }

    public void gso(Gso newGso, int size) {
        gso = newGso;
        gsoSize = size;
    }

    /** Makes this packet a copy of another: data, offsets and what is known. */
    public void copyFrom(Packet other) {
        start = other.start;
        end = other.end;
        MemorySegment.copy(other.buffer, start, buffer, start, other.length());
        copyOriginFrom(other);
        etherType = other.etherType;
        network(other.ipVersion, other.networkAt, other.transportAt, other.payloadEnd, other.protocol);
        fragment(other.fragmentOffset, other.moreFragments);
        addresses(other.sourceHigh, other.sourceLow, other.destinationHigh, other.destinationLow);
        ports(other.sourcePort, other.destinationPort);
        partialChecksum = other.partialChecksum;
        checksumStart = other.checksumStart;
        checksumOffset = other.checksumOffset;
        gso = other.gso;
        gsoSize = other.gsoSize;
    }

    /** Takes over where another packet came from: link, ingress interface, tunnel and depth. */
    public void copyOriginFrom(Packet other) {
        linkSource = other.linkSource;
        linkGroup = other.linkGroup;
        ingress = other.ingress;
        lastTunnel = other.lastTunnel;
        depth = other.depth;
    }

    @Override
    public String toString() {
        return "Packet[" + length() + " octets, IPv" + ipVersion + " protocol " + protocol + "]";
    }
}
