package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.portcullis.core.event.Event;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A connection table between an inside and an outside interface, and a clock to move. */
final class Bench {
    static final TestInterface LAN =
            new TestInterface("lan", 1, IpAddress.literal("192.168.1.1"), IpAddress.literal("fd00:1::1"));
    static final TestInterface WAN =
            new TestInterface("wan", 2, IpAddress.literal("203.0.113.1"), IpAddress.literal("2001:db8:ff::1"));
    static final TestInterface CORE = new TestInterface("core", 0, null, null);
    static final TestInterface TUNNEL = new TestInterface("tunnel", 3, null, null);

    static final IpAddress CLIENT = IpAddress.literal("192.168.1.10");
    static final IpAddress SERVER = IpAddress.literal("198.51.100.20");
    static final IpAddress CLIENT6 = IpAddress.literal("fd00:1::10");
    static final IpAddress SERVER6 = IpAddress.literal("2001:db8:1::20");

    static final long SECOND = 1_000_000_000L;

    final List<Event> events = new ArrayList<>();
    final ConnectionTable table;
    long now = -7 * SECOND;

    Bench(ConnectionLimits limits, RandomGenerator random) {
        table = new ConnectionTable(limits, events::add, random, now);
    }

    Bench(ConnectionLimits limits, long seed) {
        this(limits, new Random(seed));
    }

    Bench() {
        this(ConnectionLimits.DEFAULT, 1);
    }

    static ConnectionLimits atMost(int connections) {
        return new ConnectionLimits(connections, connections, 60, 262_144, 80, 130, 8, 130, false);
    }

    /** What the pipeline does with a packet: find or open, accept, translate. */
    DropReason through(Packet packet, NetworkInterface out, @Nullable Policy policy) {
        Flow flow = table.find(packet, now);
        if (flow == null) {
            NetworkInterface in = packet.ingress();
            assertNotNull(in);
            flow = table.open(packet, out, null, in, null, policy, 1, now);
            if (flow == null) {
                return table.refusal();
            }
        }
        DropReason why = table.accept(flow, packet, now);
        if (why == DropReason.NONE) {
            table.translate(flow, packet);
        }
        return why;
    }

    void pass(Packet packet, NetworkInterface out, @Nullable Policy policy) {
        assertEquals(DropReason.NONE, through(packet, out, policy), packet.toString());
    }

    /** The flow that the packet must belong to. */
    Flow flow(Packet packet) {
        Flow flow = table.find(packet, now);
        assertNotNull(flow, "no connection for " + packet);
        return flow;
    }

    /** Moves the clock second by second, as a worker would. */
    void after(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            table.expire(now, 1000);
        }
    }
}
