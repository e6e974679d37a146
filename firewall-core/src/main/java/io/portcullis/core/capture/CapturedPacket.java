package io.portcullis.core.capture;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** One place of a {@link CaptureLane}: what was seen where, and what became of it. Used again and again. */
final class CapturedPacket {
    private @Nullable Packet packet;
    private @Nullable NetworkInterface iface;
    private boolean link;
    private boolean outbound;
    private long time;
    private int at;
    private int kept;
    private int length;
    private long ringEnd;
    private DropReason fate = DropReason.NONE;
    private @Nullable String rule;

    /** @param link whether it begins with the link layer's header, as only Ethernet has one */
    void set(Packet packet, NetworkInterface iface, boolean link, boolean outbound, long time) {
        this.packet = packet;
        this.iface = iface;
        this.link = link && iface instanceof EthernetInterface;
        this.outbound = outbound;
        this.time = time;
        fate = DropReason.NONE;
        rule = null;
    }

    /** Where its octets lie in the ring, and where the ring is used up to. */
    void octets(int newAt, int newKept, int newLength, long newRingEnd) {
        at = newAt;
        kept = newKept;
        length = newLength;
        ringEnd = newRingEnd;
    }

    void died(DropReason why, @Nullable String by) {
        fate = why;
        rule = by;
    }

    /** Whether it is this packet, at the place where it came in. */
    boolean isArrivalOf(Packet other) {
        return packet == other && !outbound && iface != null && iface.equals(other.ingress());
    }

    /** Forgets the packet: the worker's buffers are none of the reader's business. */
    void publish() {
        packet = null;
    }

    String iface() {
        return iface == null ? "" : iface.name();
    }

    boolean hasLink() {
        return link;
    }

    boolean isOutbound() {
        return outbound;
    }

    /** Monotonic nanoseconds of the burst that it belonged to. */
    long time() {
        return time;
    }

    int at() {
        return at;
    }

    int kept() {
        return kept;
    }

    /** Its octets on the wire. */
    int length() {
        return length;
    }

    long ringEnd() {
        return ringEnd;
    }

    /** {@code dropped: policy_denied by block_all}; empty when it was not. */
    String comment() {
        if (fate == DropReason.NONE) {
            return "";
        }
        return "dropped: " + fate.label() + (rule == null ? "" : " by " + rule);
    }
}
