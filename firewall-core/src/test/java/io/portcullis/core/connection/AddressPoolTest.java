package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Schema;
import io.portcullis.core.event.Event;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that leave with the addresses of a NAT pool. */
class AddressPoolTest {
    private static final int KEEP_ALIVE = 30;

    /** Allows, logs, and hides behind a pool. */
    private record Pooled(AddressPool addressPool) implements AllowingPolicy {
        @Override
        public boolean logs() {
            return true;
        }

        @Override
        public SourceTranslation sourceTranslation() {
            return SourceTranslation.NAT_POOL;
        }
    }

    private static AddressSet range(String first, String last) {
        return AddressSet.of(List.of(new IpRange(IpAddress.literal(first), IpAddress.literal(last))));
    }

    private static NatPool definition(NatPool.Type type, int states) {
        return Schema.of(NatPool.class)
                .parse(Map.of(
                        "Name", "isp",
                        "Type", type.toString(),
                        "Range", "203.0.113.8",
                        "MaxStates", String.valueOf(states),
                        "StateKeepalive", String.valueOf(KEEP_ALIVE)));
    }

    private static Pooled pooled(NatPool.Type type, int states, String first, String last) {
        return new Pooled(new AddressPool(definition(type, states), range(first, last)));
    }

    private final Bench bench = new Bench();

    private IpAddress leavesWith(String client, int port, Policy policy) {
        Packet packet = Packets.udp(Bench.LAN, IpAddress.literal(client), port, Bench.SERVER, 53, 10);
        bench.pass(packet, Bench.WAN, policy);
        Packets.assertChecksumsRight(packet);
        return new IpAddress(packet.sourceHigh(), packet.sourceLow());
    }

    private static int connections(Pooled policy) {
        return (int) policy.addressPool().view(0).connections();
    }

    @Test
    void aSourceKeepsItsAddressAsLongAsItIsRemembered() {
        Pooled pool = pooled(NatPool.Type.STATEFUL, 100, "203.0.113.8", "203.0.113.15");
        IpAddress one = leavesWith("192.168.1.10", 1, pool);
        Set<IpAddress> all = new HashSet<>(Set.of(one));
        for (int host = 11; host < 18; host++) {
            all.add(leavesWith("192.168.1." + host, 1, pool));
        }
        assertEquals(8, all.size(), "the least used address is taken");
        for (int port = 2; port < 50; port++) {
            assertEquals(one, leavesWith("192.168.1.10", port, pool));
        }
        bench.after(131);
        assertEquals(0, connections(pool));
        assertEquals(8, pool.addressPool().view(bench.now).states().size());
        assertEquals(one, leavesWith("192.168.1.10", 1, pool), "remembered");
        bench.after(131 + KEEP_ALIVE);
        assertEquals(List.of(), pool.addressPool().view(bench.now).states());
    }

    @Test
    void whatIsForetoldOfAPoolHappens() {
        Random random = new Random(20261123);
        Pooled pool = pooled(NatPool.Type.STATEFUL, 16, "203.0.113.8", "203.0.113.15");
        ConnectionPreview preview = new ConnectionPreview(bench.table);
        int refused = 0;
        int opened = 0;
        for (int i = 0; i < 3000; i++) {
            IpAddress client = IpAddress.v4(Bench.CLIENT.v4Bits() + random.nextInt(40));
            Packet packet = Packets.udp(Bench.LAN, client, 1 + random.nextInt(60_000), Bench.SERVER, 53, 10);
            if (bench.table.find(packet, bench.now) == null) {
                DropReason foretold = preview.open(packet, Bench.WAN, pool, bench.now);
                assertEquals(foretold, preview.open(packet, Bench.WAN, pool, bench.now), "asking changes nothing");
                assertEquals(foretold, bench.through(packet, Bench.WAN, pool), "step " + i);
                refused += foretold == DropReason.TRANSLATION_FULL ? 1 : 0;
                opened += foretold == DropReason.NONE ? 1 : 0;
            }
            if (random.nextInt(20) == 0) {
                bench.after(random.nextInt(60));
            }
        }
        assertTrue(refused > 100, refused + " refused");
        assertTrue(opened > 100, opened + " opened");
    }

    @Test
    void aFixedPoolNeedsNoMemory() {
        IpAddress one = leavesWith("192.168.1.10", 1, pooled(NatPool.Type.FIXED, 16, "203.0.113.8", "203.0.113.15"));
        assertEquals(
                one,
                leavesWith("192.168.1.10", 2, pooled(NatPool.Type.FIXED, 16, "203.0.113.8", "203.0.113.15")),
                "as after a restart");
        Pooled pool = pooled(NatPool.Type.FIXED, 16, "203.0.113.8", "203.0.113.15");
        Set<IpAddress> all = new HashSet<>();
        for (int host = 10; host < 100; host++) {
            all.add(leavesWith("192.168.1." + host, 1, pool));
        }
        assertEquals(8, all.size());
    }

    @Test
    void aStatelessPoolTakesTheLeastUsedAddress() {
        Pooled pool = pooled(NatPool.Type.STATELESS, 16, "203.0.113.8", "203.0.113.15");
        for (int port = 1; port <= 80; port++) {
            leavesWith("192.168.1.10", port, pool);
        }
        pool.addressPool().view(0).addresses().forEach(use -> assertEquals(10, use.connections(), use.toString()));
    }

    @Test
    void whenAllStatesAreInUseAnIdleOneIsGivenUpAndElseTheConnectionIsRefused() {
        Pooled pool = pooled(NatPool.Type.STATEFUL, 16, "203.0.113.8", "203.0.113.9");
        for (int host = 10; host < 26; host++) {
            leavesWith("192.168.1." + host, 1, pool);
        }
        Packet refused = Packets.udp(Bench.LAN, IpAddress.literal("192.168.1.99"), 1, Bench.SERVER, 53, 10);
        assertEquals(DropReason.TRANSLATION_FULL, bench.through(refused, Bench.WAN, pool));
        assertEquals(16, connections(pool));
        assertEquals(1, pool.addressPool().view(bench.now).refused());
        Event said = bench.events.getLast();
        assertEquals(ConnectionEvents.TRANSLATION_FULL, said.type());
        assertEquals(
                "[allowing, isp, lan, 192.168.1.99, 198.51.100.20, UDP, 1, 53]",
                said.values().toString());
        Packet first = Packets.udp(Bench.LAN, IpAddress.literal("192.168.1.17"), 1, Bench.SERVER, 53, 10);
        bench.table.close(bench.flow(first).connection(), CloseReason.OPERATOR, bench.now);
        leavesWith("192.168.1.99", 1, pool);
        AddressPool.View view = pool.addressPool().view(bench.now);
        assertEquals(16, view.states().size());
        assertEquals(1, view.replaced());
        assertTrue(view.states().stream().noneMatch(state -> state.source().equals(IpAddress.literal("192.168.1.17"))));
    }

    @Test
    void anotherAddressHasAPortWhenTheFirstHasNone() {
        // Protocols without ports: only one host at a time for each address and peer.
        Pooled pool = pooled(NatPool.Type.STATELESS, 16, "203.0.113.8", "203.0.113.15");
        Set<IpAddress> all = new HashSet<>();
        for (int host = 10; host < 18; host++) {
            Packet packet = Packets.raw(Bench.LAN, IpAddress.literal("192.168.1." + host), Bench.SERVER, 47, 10);
            bench.pass(packet, Bench.WAN, pool);
            all.add(new IpAddress(packet.sourceHigh(), packet.sourceLow()));
        }
        assertEquals(8, all.size());
        Packet ninth = Packets.raw(Bench.LAN, IpAddress.literal("192.168.1.18"), Bench.SERVER, 47, 10);
        assertEquals(DropReason.TRANSLATION_FULL, bench.through(ninth, Bench.WAN, pool));
        bench.after(131);
        assertEquals(0, connections(pool), "what was refused has taken nothing");
    }

    private record Outside(int protocol, IpAddress source, int port, IpAddress destination, int destinationPort) {}

    /** With several workers: the same state for all, and answers that come to the worker of their connection. */
    @ParameterizedTest
    @EnumSource(NatPool.Type.class)
    void mappingsAreABijectionWhileTheyLive(NatPool.Type type) {
        long seed = 20261122;
        System.out.println("AddressPoolTest: seed " + seed);
        Random random = new Random(seed);
        List<Steering> steerings = Steering.group(3, random);
        SourceCounts sources = new SourceCounts(random);
        List<ConnectionTable> tables = steerings.stream()
                .map(steering -> new ConnectionTable(
                        ConnectionLimits.DEFAULT,
                        _ -> {},
                        steering,
                        sources,
                        new Announcements(new Random(1)),
                        random,
                        0))
                .toList();
        Pooled pool = pooled(type, 256, "203.0.113.8", "203.0.113.11");
        Map<Outside, List<Object>> live = new HashMap<>();
        Map<IpAddress, IpAddress> addresses = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            IpAddress client = IpAddress.literal("192.168.1." + (10 + random.nextInt(100)));
            int port = 1 + random.nextInt(50);
            IpAddress server = IpAddress.literal("198.51.100." + (1 + random.nextInt(2)));
            Packet packet = Packets.udp(Bench.LAN, client, port, server, 53, 0);
            ConnectionTable table = tables.get(steerings.getFirst().owner(packet));
            Flow flow = table.find(packet, now);
            String what = type + " " + i;
            if (flow != null && random.nextInt(3) == 0) {
                live.remove(outside(flow));
                table.close(flow.connection(), CloseReason.OPERATOR, now);
                continue;
            }
            if (flow == null) {
                flow = table.open(packet, Bench.WAN, null, Bench.LAN, null, pool, 1, now);
                assertNotNull(flow, what);
                assertEquals(null, live.put(outside(flow), List.of(client, port, server)), what);
            }
            assertEquals(List.of(client, port, server), live.get(outside(flow)), what);
            if (type != NatPool.Type.STATELESS) {
                assertEquals(
                        addresses.computeIfAbsent(client, _ -> newSource(table, packet)),
                        newSource(table, packet),
                        what);
            }
            table.translate(flow, packet);
            assertEquals(
                    table, tables.get(steerings.getFirst().owner(packet)), what + ": answers go to another worker");
        }
        assertEquals(live.size(), connections(pool));
    }

    private static IpAddress newSource(ConnectionTable table, Packet packet) {
        Flow flow = table.find(packet, 0);
        assertNotNull(flow);
        return flow.newSource();
    }

    private static Outside outside(Flow flow) {
        return new Outside(
                IpProtocol.UDP,
                flow.newSource(),
                flow.newSourcePort(),
                flow.newDestination(),
                flow.newDestinationPort());
    }

    @Test
    void workersAgreeWhoeverComesFirst() throws InterruptedException, ExecutionException {
        AddressPool pool =
                new AddressPool(definition(NatPool.Type.STATEFUL, 64), range("203.0.113.0", "203.0.113.255"));
        SourceCounts sources = new SourceCounts(new Random(3));
        try (ExecutorService workers = Executors.newFixedThreadPool(3)) {
            List<Future<?>> done = new ArrayList<>();
            for (int worker = 0; worker < 3; worker++) {
                int self = worker;
                done.add(workers.submit(() -> {
                    Random random = new Random(self);
                    for (int i = 0; i < 200_000; i++) {
                        long low = 0xffff_c0a8_0100L + random.nextInt(40);
                        long hash = sources.hash(0, low);
                        int one = pool.take(0, self, hash, 0, low, i);
                        int two = pool.take(0, self, hash, 0, low, i);
                        assertNotEquals(AddressPool.NONE, one);
                        assertEquals(one, two, "while one is open the next gets the same address");
                        pool.give(one, hash, i);
                        pool.give(two, hash, i);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        AddressPool.View view = pool.view(0);
        assertEquals(0, view.connections());
        Set<IpAddress> once = new HashSet<>();
        view.states().forEach(state -> assertTrue(once.add(state.source()), "two states of " + state.source()));
    }

    @Test
    void aRangeIsCountedWithoutListingIt() {
        assertEquals(256, AddressPool.size(range("203.0.113.0", "203.0.113.255")));
        assertEquals(Integer.MAX_VALUE, AddressPool.size(AddressSet.ALL_V6));
    }
}
