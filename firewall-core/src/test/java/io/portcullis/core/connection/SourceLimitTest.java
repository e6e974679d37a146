package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.portcullis.core.event.Event;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.SourceLimit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many connections a source may have open by a policy. */
class SourceLimitTest {
    private final Bench bench = new Bench();

    /** Allows each source so many, and logs. */
    private record Limited(SourceTranslation sourceTranslation, SourceLimit sourceLimit) implements AllowingPolicy {
        @Override
        public boolean logs() {
            return true;
        }
    }

    private static Limited policy(long number, int connections) {
        return new Limited(Policy.SourceTranslation.NONE, new SourceLimit(number, connections));
    }

    private static Packet from(String source, int port) {
        IpAddress server = source.indexOf(':') < 0 ? Bench.SERVER : Bench.SERVER6;
        return Packets.udp(Bench.LAN, IpAddress.literal(source), port, server, 53, 10);
    }

    private DropReason open(String source, int port, Policy policy) {
        return bench.through(from(source, port), Bench.WAN, policy);
    }

    private Connection connection(String source, int port) {
        return bench.flow(from(source, port)).connection();
    }

    @Test
    void aSourceHasAsManyAsThePolicyAllows() {
        Limited three = policy(1, 3);
        for (int port = 1; port <= 3; port++) {
            assertEquals(DropReason.NONE, open("192.168.1.10", port, three));
        }
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 4, three));
        assertEquals(DropReason.NONE, open("192.168.1.10", 3, three), "those that are open go on");
        assertEquals(DropReason.NONE, open("192.168.1.11", 4, three), "each source for itself");
        assertEquals(DropReason.NONE, open("192.168.1.10", 4, policy(2, 3)), "each policy for itself");
        assertEquals(DropReason.NONE, open("192.168.1.10", 5, TestPolicy.PLAIN));
        bench.table.close(connection("192.168.1.10", 2), CloseReason.OPERATOR, bench.now);
        assertEquals(DropReason.NONE, open("192.168.1.10", 6, three), "one ended");
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 7, three));
        bench.after(200);
        assertEquals(0, bench.table.size());
        assertEquals(DropReason.NONE, open("192.168.1.10", 8, three), "all ended");
    }

    @Test
    void whatCanNotOpenAConnectionIsNotTheLimitsMatter() {
        Limited none = policy(1, 1);
        open("192.168.1.10", 1, none);
        Packet stray = Packets.tcp(Bench.LAN, Bench.CLIENT, 2, Bench.SERVER, 80, Tcp.ACK, 1, 1, 1000, -1, 0);
        assertEquals(DropReason.NO_NEW_CONNECTION, bench.through(stray, Bench.WAN, none));
    }

    private void tcp(boolean there, int flags, int sequence, int acknowledgement, Policy policy) {
        Packet segment = there
                ? Packets.tcp(
                        Bench.LAN, Bench.CLIENT, 9, Bench.SERVER, 80, flags, sequence, acknowledgement, 1000, -1, 0)
                : Packets.tcp(
                        Bench.WAN, Bench.SERVER, 80, Bench.CLIENT, 9, flags, sequence, acknowledgement, 1000, -1, 0);
        bench.pass(segment, there ? Bench.WAN : Bench.LAN, policy);
    }

    private void established(Policy policy) {
        tcp(true, Tcp.SYN, 100, 0, policy);
        tcp(false, Tcp.SYN | Tcp.ACK, 500, 101, policy);
        tcp(true, Tcp.ACK, 101, 501, policy);
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 1, policy));
    }

    @Test
    void aTcpConnectionThatIsOverIsNotOpen() {
        Limited one = policy(1, 1);
        established(one);
        tcp(true, Tcp.FIN | Tcp.ACK, 101, 501, one);
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 1, one), "the other end has not said so yet");
        tcp(false, Tcp.FIN | Tcp.ACK, 501, 102, one);
        tcp(true, Tcp.ACK, 102, 502, one);
        bench.flow(Packets.tcp(Bench.LAN, Bench.CLIENT, 9, Bench.SERVER, 80, Tcp.ACK, 102, 502, 1000, -1, 0))
                .connection()
                .confirm(policy(2, 1), 2);
        assertEquals(DropReason.NONE, open("192.168.1.10", 7, policy(2, 1)), "not open by another policy either");
        assertEquals(DropReason.NONE, open("192.168.1.10", 1, one));
        assertEquals(3, bench.table.size(), "repetitions still have their connection");
        bench.after(300);
        assertEquals(DropReason.NONE, open("192.168.1.10", 2, one));
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 3, one), "nothing was taken off twice");
    }

    @Test
    void aResetCountsWhenTheOtherEndSendsIt() {
        Limited one = policy(1, 1);
        established(one);
        tcp(true, Tcp.RST, 101, 0, one);
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 1, one), "the server may not believe it");
        bench.after(300);
        established(one);
        tcp(false, Tcp.RST, 501, 0, one);
        assertEquals(DropReason.NONE, open("192.168.1.10", 1, one));
    }

    @Test
    void whatFailsIsNotCounted() {
        Limited one = new Limited(Policy.SourceTranslation.NAT, new SourceLimit(1, 1));
        assertEquals(DropReason.TRANSLATION_FULL, bench.through(from("192.168.1.10", 1), Bench.TUNNEL, one));
        assertEquals(DropReason.NONE, open("192.168.1.10", 1, one));
    }

    @Test
    void aNetworkOf64BitsIsOneSource() {
        Limited one = policy(1, 1);
        assertEquals(DropReason.NONE, open("2001:db8:7::1", 1, one));
        assertEquals(DropReason.SOURCE_LIMIT, open("2001:db8:7::2", 1, one));
        assertEquals(DropReason.NONE, open("2001:db8:7:1::2", 1, one));
    }

    @Test
    void refusalsAreLoggedAndNotEachOfThem() {
        Limited one = policy(1, 1);
        open("192.168.1.10", 1, one);
        for (int port = 2; port < 1000; port++) {
            open("192.168.1.10", port, one);
        }
        bench.after(2);
        List<Event> refused = bench.events.stream()
                .filter(event -> event.type().equals(ConnectionEvents.SOURCE_LIMIT))
                .toList();
        assertEquals(20, refused.size());
        assertEquals(
                "[allowing, 1, lan, 192.168.1.10, 198.51.100.20, UDP, 2, 53]",
                refused.getFirst().values().toString());
        assertEquals(
                "[connections_per_source_exceeded, 978]",
                bench.events.getLast().values().toString());
    }

    /** As when the configuration changed, and the connection is judged again. */
    @Test
    void anotherPolicyTakesItsConnectionsOver() {
        Limited before = policy(1, 2);
        Limited after = policy(2, 1);
        open("192.168.1.10", 1, before);
        open("192.168.1.10", 2, before);
        connection("192.168.1.10", 1).confirm(after, 2);
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 3, after));
        assertEquals(DropReason.NONE, open("192.168.1.10", 3, before));
        connection("192.168.1.10", 1).confirm(TestPolicy.PLAIN, 3);
        assertEquals(DropReason.NONE, open("192.168.1.10", 4, after));
        connection("192.168.1.10", 2).confirm(policy(1, 7), 3);
        assertEquals(DropReason.SOURCE_LIMIT, open("192.168.1.10", 5, before), "still two of it");
    }

    @Test
    void allWorkersCountTogether() {
        List<Steering> steerings = Steering.group(3, new Random(5));
        SourceCounts sources = new SourceCounts(new Random(6));
        List<ConnectionTable> tables = steerings.stream()
                .map(steering -> new ConnectionTable(
                        ConnectionLimits.DEFAULT,
                        _ -> {},
                        steering,
                        sources,
                        new Announcements(new Random(1)),
                        new Random(1),
                        0))
                .toList();
        Limited limit = policy(1, 30);
        for (int port = 1; port <= 30; port++) {
            assertNotNull(tables.get(port % 3)
                    .open(from("192.168.1.10", port), Bench.WAN, null, Bench.LAN, null, limit, 1, 0));
        }
        for (ConnectionTable table : tables) {
            assertNull(table.open(from("192.168.1.10", 99), Bench.WAN, null, Bench.LAN, null, limit, 1, 0));
            assertEquals(DropReason.SOURCE_LIMIT, table.refusal());
        }
    }

    @Test
    void countsAreThoseOfAMap() {
        long seed = 20261121;
        System.out.println("SourceLimitTest: seed " + seed);
        Random random = new Random(seed);
        SourceCounts counts = new SourceCounts(random);
        Map<List<Long>, Integer> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long policy = random.nextInt(3);
            long low = 0xffff_0000_0000L | random.nextInt(20_000);
            List<Long> key = List.of(policy, low);
            if (random.nextInt(5) < 3) {
                counts.begin(policy, 0, low);
                model.merge(key, 1, Integer::sum);
            } else if (model.containsKey(key)) {
                counts.end(policy, 0, low);
                model.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
            }
            assertEquals(model.getOrDefault(key, 0), counts.of(policy, 0, low));
        }
        model.forEach((key, count) -> assertEquals(count, counts.of(key.get(0), 0, key.get(1))));
    }

    @Test
    void whatWorkersCountAtOnceIsNotLost() throws InterruptedException, ExecutionException {
        SourceCounts counts = new SourceCounts(new Random(7));
        int sources = 5;
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            List<? extends Future<?>> done = IntStream.range(0, 2)
                    .mapToObj(worker -> workers.submit(() -> {
                        for (int i = 0; i < 200_000; i++) {
                            counts.begin(1, i % sources, 0);
                            if (i >= 10) {
                                counts.end(1, i % sources, 0);
                            }
                        }
                    }))
                    .toList();
            for (Future<?> one : done) {
                one.get();
            }
        }
        for (int source = 0; source < sources; source++) {
            assertEquals(4, counts.of(1, source, 0), "two of each worker");
        }
    }
}
