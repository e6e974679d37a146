package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.ManualClock;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.sa.SaPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Two whole engines, a wire that can be cut, a clock that is moved. */
final class TwoPeers {
    static final String A = "192.0.2.1";
    static final String B = "192.0.2.2";

    /** A datagram under way. */
    record Datagram(IpAddress from, int fromPort, IpAddress to, int toPort, Octets payload) {}

    final ManualClock clock = new ManualClock(Instant.EPOCH);
    final List<Datagram> wire = new ArrayList<>();
    final TestPeer a;
    final TestPeer b;
    Tunnels tunnelA = Tunnels.to(B);
    Tunnels tunnelB = Tunnels.mirrored(A);

    /** What the wire makes of a datagram: nothing, itself, two of it, something else. */
    Function<Datagram, List<Datagram>> fate = List::of;

    int sent;

    TwoPeers(long seed) {
        this(seed, IkeSettings.DEFAULT);
    }

    TwoPeers(long seed, IkeSettings settings) {
        clock.advance(Duration.ofSeconds(1));
        a = new TestPeer(A, 0x1000, this::put, clock::nanos, new SeededRandom(2 * seed), settings);
        b = new TestPeer(B, 0x2000, this::put, clock::nanos, new SeededRandom(2 * seed + 1), settings);
    }

    private void put(IpAddress local, int localPort, IpAddress remote, int remotePort, byte[] payload) {
        sent++;
        wire.addAll(fate.apply(new Datagram(local, localPort, remote, remotePort, Octets.of(payload))));
    }

    TwoPeers configured() {
        a.configure(tunnelA.build());
        b.configure(tunnelB.build());
        return this;
    }

    /** Both ends up, brought up by A. */
    TwoPeers established() {
        configured();
        a.engine.connect("tunnel");
        settle();
        assertEquals(1, a.installed.size(), () -> "A: " + a.events + "\nB: " + b.events);
        assertEquals(1, b.installed.size(), () -> "A: " + a.events + "\nB: " + b.events);
        return this;
    }

    TestPeer other(TestPeer peer) {
        return peer == a ? b : a;
    }

    /** Delivers one datagram. */
    void deliver(int index) {
        Datagram next = wire.remove(index);
        TestPeer to = next.to().equals(a.address) ? a : b;
        to.engine.received(
                next.to(),
                next.toPort(),
                next.from(),
                next.fromPort(),
                "wan",
                next.payload().toArray());
        to.poll();
    }

    /** Lets both engines talk until nothing is under way. */
    void settle() {
        a.poll();
        b.poll();
        while (!wire.isEmpty()) {
            deliver(0);
        }
    }

    /** Moves the clock to each deadline on the way, and lets them talk. */
    void advance(Duration by) {
        long end = clock.nanos() + by.toNanos();
        int idle = 0;
        settle();
        while (clock.nanos() < end) {
            long next = Math.min(a.engine.nextDeadline(), b.engine.nextDeadline());
            long step = Math.min(Math.max(next, clock.nanos()), end) - clock.nanos();
            idle = step == 0 ? idle + 1 : 0;
            assertTrue(idle < 1000, "an engine wants to be called again and again and does nothing");
            clock.advance(Duration.ofNanos(step));
            settle();
        }
    }

    void advanceSeconds(int seconds) {
        advance(Duration.ofSeconds(seconds));
    }

    /** Both sides have the same SAs, or none, with the same keys crosswise. */
    void assertSameOnBothSides() {
        assertEquals(a.installed.size(), b.installed.size(), () -> a.installed + "\n" + b.installed + "\n" + story());
        for (SaPair pair : a.installed.values()) {
            SaPair mirror = b.installed.get(pair.outboundSpi());
            assertTrue(mirror != null, () -> "B has no " + pair + "\n" + story());
            assertEquals(pair.inboundSpi(), mirror.outboundSpi());
            assertArrayEquals(
                    pair.inboundKeys().encryption(), mirror.outboundKeys().encryption());
            assertArrayEquals(
                    pair.outboundKeys().encryption(), mirror.inboundKeys().encryption());
            assertArrayEquals(
                    pair.inboundKeys().integrity(), mirror.outboundKeys().integrity());
            assertEquals(pair.local(), mirror.remote());
            assertEquals(pair.remote(), mirror.local());
            assertEquals(pair.extendedSequence(), mirror.extendedSequence());
        }
        assertEquals(spis(a), spis(b), this::story);
        assertTrue(a.reserved.isEmpty(), () -> "A has reserved SPIs left: " + a.reserved + story());
        assertTrue(b.reserved.isEmpty(), () -> "B has reserved SPIs left: " + b.reserved + story());
        assertTrue(a.isHeardBy(b), () -> "B does not receive what A sends\n" + story());
        assertTrue(b.isHeardBy(a), () -> "A does not receive what B sends\n" + story());
    }

    private static List<String> spis(TestPeer peer) {
        return peer.list().stream()
                .map(sa -> sa.initiatorSpi() + " " + sa.responderSpi())
                .sorted()
                .toList();
    }

    IkeSaView only(TestPeer peer) {
        List<IkeSaView> all = peer.list();
        assertEquals(1, all.size(), () -> all + "\n" + story());
        return all.getFirst();
    }

    /** For failures: what was said. */
    String story() {
        return "A said and heard:\n" + String.join("\n", a.messages) + "\nB said and heard:\n"
                + String.join("\n", b.messages) + "\nA: " + a.events + "\nB: " + b.events;
    }
}
