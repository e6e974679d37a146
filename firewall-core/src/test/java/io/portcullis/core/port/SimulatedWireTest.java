package io.portcullis.core.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.SimulatedWire.Properties;
import io.portcullis.core.time.ManualClock;
import io.portcullis.core.time.SystemClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedWireTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final PacketPool pool = new PacketPool(80);

    @AfterEach
    void nothingLeaks() {
        assertEquals(80, pool.available());
        pool.close();
    }

    private SimulatedWire wire(Properties properties, long seed) {
        return new SimulatedWire("w", properties, new MacAddress(2), new MacAddress(4), clock, random(seed));
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Sends numbered frames and returns how many were taken. */
    private int send(Port port, int from, int count) {
        PacketBurst burst = new PacketBurst();
        for (int i = 0; i < count; i++) {
            Packet packet = pool.take();
            packet.append(60);
            Octets.i32(packet.buffer(), packet.start(), from + i);
            burst.add(packet);
        }
        int taken = port.send(burst);
        giveBack(burst);
        return taken;
    }

    private List<Integer> receive(Port port) {
        PacketBurst burst = new PacketBurst();
        List<Integer> numbers = new ArrayList<>();
        while (port.receive(burst, pool) > 0) {
            for (int i = 0; i < burst.size(); i++) {
                numbers.add(Octets.i32(burst.get(i).buffer(), burst.get(i).start()));
            }
            giveBack(burst);
        }
        return numbers;
    }

    private void giveBack(PacketBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            pool.give(burst.get(i));
        }
        burst.clear();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void aPerfectWireKeepsEverythingInOrderBothWays() {
        SimulatedWire wire = wire(Properties.ethernet(), 1);
        for (int round = 0; round < 40; round++) {
            assertEquals(60, send(wire.left(), round, 60));
            assertEquals(1, send(wire.right(), -1, 1));
            assertEquals(numbers(round, round + 60), receive(wire.right()));
            assertEquals(List.of(-1), receive(wire.left()));
        }
        assertEquals(new MacAddress(2), wire.left().mac());
    }

    @Test
    void aFullWireTakesNoMore() {
        Properties small = new Properties(Properties.ethernet().capabilities(), 1500, 10, WireQuality.PERFECT);
        SimulatedWire wire = wire(small, 1);
        assertEquals(10, send(wire.left(), 0, 12));
        assertEquals(numbers(0, 10), receive(wire.right()));
        assertEquals(2, send(wire.left(), 10, 2));
    }

    @Test
    void offloadFieldsComeAlong() {
        SimulatedWire wire = wire(Properties.ethernet(), 1);
        Packet packet = pool.take();
        packet.append(65_000);
        packet.push(14);
        packet.partialChecksum(packet.start() + 34, 16);
        packet.gso(Packet.Gso.TCP_V4, 1448);
        PacketBurst burst = new PacketBurst();
        burst.add(packet);
        assertEquals(1, wire.left().send(burst));
        giveBack(burst);
        assertEquals(1, wire.right().receive(burst, pool));
        Packet got = burst.get(0);
        assertEquals(65_014, got.length());
        assertTrue(got.partialChecksum());
        assertEquals(got.start() + 34, got.checksumStart());
        assertEquals(16, got.checksumOffset());
        assertEquals(Packet.Gso.TCP_V4, got.gso());
        assertEquals(1448, got.gsoSize());
        giveBack(burst);
    }

    @Test
    void whatTheDeviceCanNotDoIsRefused() {
        SimulatedWire wire = wire(Properties.ethernet().withoutOffload().withMtu(1000), 1);
        PacketBurst burst = new PacketBurst();
        for (int i = 0; i < 4; i++) {
            burst.add(pool.take());
        }
        burst.get(0).append(1019);
        burst.get(1).append(100);
        burst.get(1).partialChecksum(burst.get(1).start() + 34, 16);
        burst.get(2).append(100);
        burst.get(2).gso(Packet.Gso.UDP, 10);
        burst.get(3).append(1018);
        assertEquals(1, wire.left().send(burst));
        giveBack(burst);
        assertEquals(1, wire.right().receive(burst, pool));
        assertEquals(1018, burst.get(0).length());
        giveBack(burst);
    }

    @Test
    void delayedFramesArriveWhenTheClockSaysSo() {
        WireQuality slow = new WireQuality(0, 0, 0, Duration.ofMillis(10), Duration.ZERO);
        SimulatedWire wire = wire(Properties.ethernet().with(slow), 1);
        send(wire.left(), 0, 3);
        clock.advance(Duration.ofMillis(9));
        send(wire.left(), 3, 3);
        assertEquals(List.of(), receive(wire.right()));
        clock.advance(Duration.ofMillis(1));
        assertEquals(numbers(0, 3), receive(wire.right()));
        clock.advance(Duration.ofMillis(9));
        assertEquals(numbers(3, 6), receive(wire.right()));
    }

    @Test
    void lossDuplicationAndReorderingAreTheSameForTheSameSeed() {
        WireQuality bad = new WireQuality(0.1, 0.1, 0.2, Duration.ZERO, Duration.ofMillis(3));
        List<List<Integer>> runs = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            SimulatedWire wire = wire(Properties.ethernet().with(bad), seed);
            List<Integer> got = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                send(wire.left(), i * 50, 50);
                got.addAll(receive(wire.right()));
                clock.advance(Duration.ofMillis(1));
            }
            clock.advance(Duration.ofMillis(5));
            got.addAll(receive(wire.right()));
            runs.add(got);
        }
        List<Integer> got = runs.getFirst();
        assertEquals(got, runs.get(1));
        assertTrue(!got.equals(runs.get(2)));
        long distinct = got.stream().distinct().count();
        assertTrue(distinct > 850 && distinct < 950, "not lost: " + distinct);
        assertTrue(got.size() - distinct > 50, "doubled: " + (got.size() - distinct));
        assertTrue(!got.equals(got.stream().sorted().toList()));
    }

    @Test
    void aCutWireLosesEverything() {
        SimulatedWire wire = wire(Properties.ethernet(), 1);
        wire.cut(true);
        assertEquals(5, send(wire.left(), 0, 5));
        assertEquals(List.of(), receive(wire.right()));
        wire.cut(false);
        send(wire.left(), 5, 1);
        assertEquals(List.of(5), receive(wire.right()));
    }

    @Test
    void twoThreadsLoseNothingAndSleepersAreWoken() throws InterruptedException {
        int frames = 20_000;
        SimulatedWire wire = new SimulatedWire(
                "t", Properties.ethernet(), new MacAddress(2), new MacAddress(4), new SystemClock(), random(1));
        List<Integer> got = new ArrayList<>();
        Thread receiver = new Thread(() -> {
            ParkingWaiter waiter = new ParkingWaiter();
            wire.right().wakes(waiter);
            try (PacketPool own = new PacketPool(70)) {
                PacketBurst burst = new PacketBurst();
                while (got.size() < frames) {
                    if (wire.right().receive(burst, own) == 0) {
                        waiter.await(Duration.ofSeconds(20).toNanos());
                    }
                    for (int i = 0; i < burst.size(); i++) {
                        got.add(Octets.i32(burst.get(i).buffer(), burst.get(i).start()));
                        own.give(burst.get(i));
                    }
                    burst.clear();
                }
            }
        });
        receiver.start();
        for (int next = 0; next < frames; ) {
            int taken = send(wire.left(), next, Math.min(30, frames - next));
            next += taken;
            if (taken == 0) {
                Thread.onSpinWait();
            }
        }
        receiver.join(Duration.ofSeconds(10));
        assertTrue(numbers(0, frames).equals(got), "frames lost or out of order; got " + got.size());
    }
}
