package io.portcullis.core.capture;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The ring of one worker: places for packets, and octets that they share. The worker adds, and publishes at the end of
 * each burst, so that what becomes of a packet within its burst can be said with it; one reader takes. Nobody waits.
 */
public final class CaptureLane {
    private static final int PLACES = 4096;
    private static final int OCTETS = 4 << 20;

    private final Set<String> interfaces;
    private final int snaplen;
    private final CapturedPacket[] places = new CapturedPacket[PLACES];
    private final byte[] octets = new byte[OCTETS];
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong octetsTaken = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    // The worker's.
    private long added;
    private long octetsAdded;

    CaptureLane(Set<String> interfaces, int snaplen) {
        this.interfaces = interfaces;
        this.snaplen = snaplen;
        Arrays.setAll(places, _ -> new CapturedPacket());
    }

    /**
     * A frame that has arrived, its interface known.
     *
     * @param from offset of its link header
     */
    public void frame(Packet packet, int from, long now) {
        NetworkInterface in = packet.ingress();
        if (in != null) {
            add(packet, from, packet.end(), in, false, true, now);
        }
    }

    /** A packet that begins at {@link Packet#start}, as it passes an interface. */
    public void passes(Packet packet, NetworkInterface iface, boolean outbound, long now) {
        add(packet, packet.start(), packet.end(), iface, outbound, outbound, now);
    }

    /**
     * A packet dies. Where it came in within this burst, that is said there; else it is shown once more, from its IP
     * header on.
     *
     * @param rule the rule or policy that refused it, null for none
     */
    public void died(Packet packet, DropReason why, @Nullable String rule, long now) {
        for (long i = added - 1; i >= published.getPlain(); i--) {
            CapturedPacket place = place(i);
            if (place.isArrivalOf(packet)) {
                place.died(why, rule);
                return;
            }
        }
        NetworkInterface in = packet.ingress();
        if (in != null
                && packet.ipVersion() != 0
                && add(packet, packet.networkAt(), packet.payloadEnd(), in, false, false, now)) {
            place(added - 1).died(why, rule);
        }
    }

    private boolean add(
            Packet packet, int from, int to, NetworkInterface iface, boolean outbound, boolean link, long now) {
        if (to <= from || (!interfaces.isEmpty() && !interfaces.contains(iface.name()))) {
            return false;
        }
        int kept = Math.min(to - from, snaplen);
        long begin = octetsAdded;
        int at = (int) (begin % OCTETS);
        if (at + kept > OCTETS) {
            begin += OCTETS - at;
            at = 0;
        }
        if (added - taken.getAcquire() == PLACES || begin + kept - octetsTaken.getAcquire() > OCTETS) {
            missed.lazySet(missed.getPlain() + 1);
            return false;
        }
        MemorySegment.copy(packet.buffer(), ValueLayout.JAVA_BYTE, from, octets, at, kept);
        CapturedPacket place = place(added);
        place.set(packet, iface, link, outbound, now);
        octetsAdded = begin + kept;
        place.octets(at, kept, to - from, octetsAdded);
        added++;
        return true;
    }

    /** The reader may have what was added. */
    public void publish() {
        for (long i = published.getPlain(); i < added; i++) {
            place(i).publish();
        }
        published.setRelease(added);
    }

    /** The oldest packet that was not taken yet, null when there is none. For the reader. */
    @Nullable
    CapturedPacket peek() {
        long next = taken.getPlain();
        return next == published.getAcquire() ? null : place(next);
    }

    /** Frees the place of what {@link #peek} showed. */
    void take() {
        long next = taken.getPlain();
        octetsTaken.setRelease(place(next).ringEnd());
        taken.setRelease(next + 1);
    }

    byte[] octets() {
        return octets;
    }

    /** Packets for which there was no room. */
    long missed() {
        return missed.get();
    }

    private CapturedPacket place(long index) {
        return places[(int) (index % PLACES)];
    }
}
