package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The data connections that were announced and not opened yet. Shared by all workers, since a data connection mostly
 * belongs to another one than its control connection; without locks. While there are none, a look-up reads one number.
 */
public final class Announcements {
    private static final int BUCKETS = 1 << 12;
    private static final int BUCKET = 8;

    private final AtomicReferenceArray<@Nullable AnnouncedConnection> slots =
            new AtomicReferenceArray<>(BUCKETS * BUCKET);
    private final AtomicInteger size = new AtomicInteger();
    private final long secret;
    private final long otherSecret;

    /** What became of an offer. */
    enum Offer {
        ACCEPTED,
        /** The same ends are announced already. */
        TAKEN,
        FULL
    }

    /** @param random chooses the key of the hash, lest someone picks ends that all want the same slots */
    public Announcements(RandomGenerator random) {
        secret = random.nextLong();
        otherSecret = random.nextLong() | 1;
    }

    /** The announced connection that a packet would open, null when there is none; no allocation. */
    @Nullable
    AnnouncedConnection find(Packet packet, NetworkInterface in, long now) {
        if (size.get() == 0 || packet.protocol() != IpProtocol.TCP || !TcpTracker.opens(packet)) {
            return null;
        }
        AnnouncedConnection found = find(
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort(),
                null,
                now);
        return found != null && found.comesInBy(in) ? found : null;
    }

    /** One with these ends that is not {@code other}. */
    private @Nullable AnnouncedConnection find(
            long openerHigh,
            long openerLow,
            long addressedHigh,
            long addressedLow,
            int port,
            @Nullable AnnouncedConnection other,
            long now) {
        int bucket = bucket(openerHigh, openerLow, addressedHigh, addressedLow, port);
        for (int i = 0; i < BUCKET; i++) {
            AnnouncedConnection there = slots.get(bucket + i);
            if (there == null) {
                continue;
            }
            if (!there.isOpen(now)) {
                clear(bucket + i, there);
            } else if (!there.equals(other) && there.is(openerHigh, openerLow, addressedHigh, addressedLow, port)) {
                return there;
            }
        }
        return null;
    }

    private void clear(int slot, AnnouncedConnection there) {
        if (slots.compareAndSet(slot, there, null)) {
            size.decrementAndGet();
        }
    }

    /** Announces a connection, unless one with the same ends is. */
    Offer offer(AnnouncedConnection announced, long now) {
        if (findSame(announced, now) != null) {
            return Offer.TAKEN;
        }
        int bucket = bucket(
                announced.opener().high(),
                announced.opener().low(),
                announced.addressed().high(),
                announced.addressed().low(),
                announced.port());
        for (int slot = bucket; slot < bucket + BUCKET; slot++) {
            if (slots.compareAndSet(slot, null, announced)) {
                size.incrementAndGet();
                // Another worker may have done the same at the same time; then both look for other ends.
                if (findSame(announced, now) == null) {
                    return Offer.ACCEPTED;
                }
                withdraw(announced);
                return Offer.TAKEN;
            }
        }
        return Offer.FULL;
    }

    private @Nullable AnnouncedConnection findSame(AnnouncedConnection announced, long now) {
        return find(
                announced.opener().high(),
                announced.opener().low(),
                announced.addressed().high(),
                announced.addressed().low(),
                announced.port(),
                announced,
                now);
    }

    /** Opens it: true once. */
    boolean take(AnnouncedConnection announced) {
        boolean taken = announced.take();
        withdraw(announced);
        return taken;
    }

    /** It may not be opened any more. */
    void withdraw(AnnouncedConnection announced) {
        announced.withdraw();
        int bucket = bucket(
                announced.opener().high(),
                announced.opener().low(),
                announced.addressed().high(),
                announced.addressed().low(),
                announced.port());
        for (int slot = bucket; slot < bucket + BUCKET; slot++) {
            if (announced.equals(slots.get(slot))) {
                clear(slot, announced);
            }
        }
    }

    /** How many there are, those that are over and not cleared among them. */
    int size() {
        return size.get();
    }

    private int bucket(long openerHigh, long openerLow, long addressedHigh, long addressedLow, int port) {
        long hash = FlowHash.mix(openerHigh ^ secret, openerLow ^ otherSecret);
        hash = FlowHash.mix(hash ^ addressedHigh, addressedLow ^ otherSecret);
        hash = FlowHash.mix(hash ^ port, otherSecret);
        return (int) (hash & (BUCKETS - 1)) * BUCKET;
    }
}
