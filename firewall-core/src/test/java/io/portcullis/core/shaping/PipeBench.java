package io.portcullis.core.shaping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.event.Event;
import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker with pipes and nothing else, and a clock that the test moves. Packets carry a number instead of octets. */
final class PipeBench implements PacketWorker {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private static final IpAddress SERVER = IpAddress.literal("192.0.2.1");
    private static final long SOURCES = IpAddress.literal("10.0.0.0").low();

    final PacketPool pool;
    final Shaper shaper;
    final List<Event> events = new ArrayList<>();
    final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
    /** Octets that left, by the number that their packets carry. */
    final Map<Integer, Long> left = new TreeMap<>();

    /** Numbers of packets in the order in which they left, and of those that died. */
    final List<Integer> order = new ArrayList<>();

    final List<Integer> died = new ArrayList<>();
    final List<Integer> precedences = new ArrayList<>();
    boolean remembers = true;
    long now = 5 * SECOND;

    PipeBench() {
        this(2048);
    }

    PipeBench(int buffers) {
        pool = new PacketPool(buffers);
        shaper = new Shaper(1, buffers, events::add, this::leave);
    }

    private void leave(Packet packet) {
        if (remembers) {
            left.merge(packet.sourcePort(), (long) packet.length(), Long::sum);
            order.add(packet.destinationPort());
            precedences.add(packet.passage().precedence());
        }
        pool.give(packet);
    }

    static Pipe pipe(PipeDefinition definition) {
        return new Pipe(definition, 0);
    }

    static PipeChain chain(PipeDefinition... definitions) {
        return new PipeChain(List.of(definitions).stream().map(PipeBench::pipe).toList(), PipeChain.FROM_PIPE);
    }

    /**
     * A packet comes.
     *
     * @param kind by which what left is counted
     * @param number in the order of those that left
     * @param user last octets of its source address
     */
    void send(PipeChain chain, int precedence, int octets, int kind, int number, int user) {
        Packet packet = pool.take();
        if (packet == null) {
            throw new AssertionError("the pool is empty");
        }
        packet.append(octets);
        packet.network(4, packet.start(), packet.start() + 20, packet.end(), 17);
        packet.ports(kind, number);
        Passage passage = packet.passage();
        passage.begin(chain, precedence);
        passage.ends(0, SOURCES + user, 1000 + user, 0, SERVER.low(), 53);
        DropReason why = shaper.enter(packet, this, now);
        if (why != DropReason.NONE) {
            drop(packet, why);
        }
    }

    void send(PipeChain chain, int precedence, int octets) {
        send(chain, precedence, octets, precedence, 0, 0);
    }

    /** Time passes as a worker sees it that sleeps for as long as it may, a millisecond at least. */
    void pass(long nanos) {
        long end = now + nanos;
        while (now < end) {
            now = Math.min(end, now + Math.max(MILLI, Math.min(5 * MILLI, shaper.idle(now))));
            shaper.release(this, now);
        }
    }

    long octets(int kind) {
        return left.getOrDefault(kind, 0L);
    }

    void assertNothingWaits() {
        assertEquals(pool.size(), pool.available(), "packets in the pool");
        assertEquals(Long.MAX_VALUE, shaper.idle(now), "nothing is due");
    }

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public void drop(Packet packet, DropReason reason) {
        if (remembers) {
            drops.merge(reason, 1, Integer::sum);
            died.add(packet.destinationPort());
        }
        pool.give(packet);
    }

    @Override
    public void originate(Packet packet, long when) {
        throw new IllegalStateException();
    }

    @Override
    public void decapsulated(Packet packet, NetworkInterface tunnel, long when) {
        throw new IllegalStateException();
    }

    @Override
    public void lost(@Nullable NetworkInterface ingress, DropReason reason) {
        throw new IllegalStateException();
    }

    @Override
    public void flushLater(BurstCollector collector) {
        throw new IllegalStateException();
    }
}
