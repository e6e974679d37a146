package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table lives a random life beside a plain map of what it must hold. */
class ConnectionModelTest {
    private static final int MOST = 150;
    /** How long after its time a connection may still be there: two turns of the wheel. */
    private static final long LATE = 3 * Bench.SECOND;

    private record Key(
            TestInterface in,
            int protocol,
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort) {
        static Key of(Packet packet) {
            return new Key(
                    (TestInterface) Objects.requireNonNull(packet.ingress()),
                    packet.protocol(),
                    sourceOf(packet),
                    packet.sourcePort(),
                    destinationOf(packet),
                    packet.destinationPort());
        }

        Packet packet(int data) {
            if (protocol == IpProtocol.UDP) {
                return Packets.udp(in, source, sourcePort, destination, destinationPort, data);
            }
            int type = destinationPort >>> 8;
            return Packets.echo(in, source, destination, type == 8 || type == 128, sourcePort);
        }
    }

    private static final class Known {
        final Key original;
        final Key reply;
        final TestInterface egress;
        final long[] packets = new long[2];
        final long[] octets = new long[2];
        long deadline;

        Known(Key original, Key reply, TestInterface egress) {
            this.original = original;
            this.reply = reply;
            this.egress = egress;
        }
    }

    private final Map<Key, Known> flows = new LinkedHashMap<>();
    private final Set<Known> replaceable = new LinkedHashSet<>();
    private Random random = new Random();
    private Bench bench = new Bench();
    private String when = "";

    @Test
    void holdsWhatAMapHolds() {
        for (long seed = 1; seed <= 8; seed++) {
            live(seed, new Random(seed));
        }
    }

    @Test
    void holdsWhatAMapHoldsWithASecretThatMakesHashesCollide() {
        for (long seed = 1; seed <= 4; seed++) {
            Random ports = new Random(seed);
            int[] asked = {0};
            live(seed, () -> switch (asked[0]++) {
                case 0 -> Bench.CLIENT.low();
                case 1 -> Bench.SERVER.low();
                default -> ports.nextLong();
            });
        }
    }

    private void live(long seed, RandomGenerator ofTheTable) {
        flows.clear();
        replaceable.clear();
        random = new Random(seed * 31);
        bench = new Bench(Bench.atMost(MOST), ofTheTable);
        for (int step = 0; step < 4000; step++) {
            when = "seed " + seed + ", step " + step;
            switch (random.nextInt(20)) {
                case 0 -> wait(1 + random.nextInt(20));
                case 1 -> closeOne();
                case 2 -> ownTraffic();
                case 3, 4, 5, 6, 7 -> answerOne();
                default -> ask();
            }
            if (step % 1000 == 999) {
                forget(random.nextBoolean() ? Bench.TUNNEL : Bench.WAN);
            }
            assertEquals(flows.size(), bench.table.size() * 2, when);
            if (step % 50 == 0) {
                compare();
            }
        }
        wait(300);
        assertEquals(0, bench.table.size(), when);
        assertTrue(flows.isEmpty(), when);
    }

    private void ask() {
        boolean v6 = random.nextInt(3) == 0;
        IpAddress client = IpAddress.literal((v6 ? "fd00:1::" : "192.168.1.") + (10 + random.nextInt(3)));
        IpAddress server = IpAddress.literal((v6 ? "2001:db8:1::" : "198.51.100.") + (20 + random.nextInt(3)));
        int port = 1 + random.nextInt(40);
        Packet packet = random.nextInt(4) == 0
                ? Packets.echo(Bench.LAN, client, server, true, port)
                : Packets.udp(Bench.LAN, client, port, server, 53, random.nextInt(50));
        TestInterface out = random.nextInt(4) == 0 ? Bench.TUNNEL : Bench.WAN;
        boolean translates = out.equals(Bench.WAN) && random.nextBoolean();
        pass(packet, out, translates ? TestPolicy.NAT : TestPolicy.PLAIN);
    }

    /** The firewall itself sends, perhaps from a port that a translated connection has. */
    private void ownTraffic() {
        Known known = any();
        boolean theirs = known != null && known.reply.protocol == IpProtocol.UDP && !known.egress.equals(Bench.TUNNEL);
        IpAddress source = theirs ? known.reply.destination : Objects.requireNonNull(Bench.WAN.v4());
        IpAddress server = theirs ? known.reply.source : Bench.SERVER;
        int port = theirs ? known.reply.destinationPort : 100 + random.nextInt(20);
        pass(Packets.udp(Bench.CORE, source, port, server, 53, 10), Bench.WAN, TestPolicy.PLAIN);
    }

    private void pass(Packet packet, TestInterface out, TestPolicy policy) {
        Key key = Key.of(packet);
        Known known = flows.get(key);
        boolean refused = false;
        if (known == null && flows.size() / 2 >= MOST) {
            if (replaceable.isEmpty()) {
                refused = true;
            } else {
                remove(replaceable.iterator().next());
            }
        }
        int octets = packet.length();
        DropReason why = bench.through(packet, out, policy);
        assertEquals(refused ? DropReason.CONNECTIONS_FULL : DropReason.NONE, why, when);
        if (refused) {
            return;
        }
        if (known == null) {
            Key reply = answerTo(packet, out);
            Known inTheWay = flows.get(reply);
            if (inTheWay != null) {
                assertTrue(sourceOf(packet).equals(key.source), when + ": a translated port is nobody else's");
                remove(inTheWay);
            }
            known = new Known(key, reply, out);
            flows.put(key, known);
            flows.put(reply, known);
            replaceable.add(known);
        }
        count(known, 0, octets);
        known.deadline = bench.now + (key.protocol == IpProtocol.UDP ? 130 : 8) * Bench.SECOND;
    }

    private static Key answerTo(Packet packet, TestInterface out) {
        IpAddress peer = destinationOf(packet);
        IpAddress opener = sourceOf(packet);
        int port = packet.sourcePort();
        if (packet.protocol() == IpProtocol.UDP) {
            return new Key(out, IpProtocol.UDP, peer, packet.destinationPort(), opener, port);
        }
        int answer = packet.protocol() == IpProtocol.ICMP ? 0 : 129;
        return new Key(out, packet.protocol(), peer, port, opener, answer << 8);
    }

    private void answerOne() {
        Known known = any();
        if (known == null) {
            return;
        }
        Packet packet = known.reply.packet(random.nextInt(50));
        int octets = packet.length();
        assertEquals(DropReason.NONE, bench.through(packet, known.original.in, null), when);
        assertEquals(known.original.source, destinationOf(packet), when);
        assertEquals(known.original.destination, sourceOf(packet), when);
        boolean udp = known.original.protocol == IpProtocol.UDP;
        assertEquals(known.original.sourcePort, udp ? packet.destinationPort() : packet.sourcePort(), when);
        Packets.assertChecksumsRight(packet);
        count(known, 1, octets);
    }

    private void count(Known known, int direction, int octets) {
        known.packets[direction]++;
        known.octets[direction] += octets;
        if (known.packets[0] > 1 && known.packets[1] > 1) {
            replaceable.remove(known);
        }
    }

    private void closeOne() {
        Known known = any();
        if (known != null) {
            Key key = random.nextBoolean() ? known.original : known.reply;
            Connection connection = bench.flow(key.packet(1)).connection();
            bench.table.close(connection, CloseReason.OPERATOR, bench.now);
            assertFalse(connection.isOpen(), when);
            remove(known);
        }
    }

    private void wait(int seconds) {
        for (int i = 0; i < seconds; i++) {
            bench.after(1);
            for (Known known : List.copyOf(Set.copyOf(flows.values()))) {
                if (known.deadline <= bench.now && bench.table.find(known.original.packet(1), bench.now) == null) {
                    remove(known);
                }
                assertTrue(
                        known.deadline + LATE > bench.now || !flows.containsValue(known), when + ": should have ended");
            }
        }
    }

    private void forget(TestInterface gone) {
        bench.table.forget(gone);
        bench.after(1);
        for (Known known : Set.copyOf(flows.values())) {
            if (known.egress.equals(gone)) {
                remove(known);
            }
        }
        wait(1);
    }

    private void compare() {
        for (Known known : Set.copyOf(flows.values())) {
            Flow there = bench.flow(known.original.packet(1));
            assertTrue(there.isOriginal(), when);
            assertEquals(known.egress, there.egress(), when);
            assertEquals(known.original.in, there.ingress(), when);
            assertEquals(known.reply.destination, there.newSource(), when);
            assertEquals(known.reply.source, there.newDestination(), when);
            assertEquals(!known.reply.destination.equals(known.original.source), there.isTranslated(), when);
            assertEquals(known.packets[0], there.packets(), when);
            assertEquals(known.octets[0], there.octets(), when);
            assertEquals(!replaceable.contains(known), there.connection().isEstablished(), when);
            Flow back = bench.flow(known.reply.packet(1));
            assertFalse(back.isOriginal(), when);
            assertEquals(known.original.in, back.egress(), when);
            assertEquals(known.packets[1], back.packets(), when);
            assertEquals(known.octets[1], back.octets(), when);
            assertEquals(known.original.sourcePort, back.reverse().sourcePort(), when);
        }
        Packet stranger = Packets.udp(Bench.TUNNEL, Bench.CLIENT, 1, Bench.SERVER, 53, 1);
        assertNull(bench.table.find(stranger, bench.now), when);
        ConnectionScan all = ConnectionScan.list(ConnectionFilter.ALL, 1000);
        assertTrue(all.advance(bench.table, 1000, bench.now));
        assertEquals(flows.size() / 2, all.result().join().count(), when);
    }

    private @Nullable Known any() {
        if (flows.isEmpty()) {
            return null;
        }
        List<Known> all = new ArrayList<>(new LinkedHashSet<>(flows.values()));
        return all.get(random.nextInt(all.size()));
    }

    private void remove(Known known) {
        flows.remove(known.original);
        flows.remove(known.reply);
        replaceable.remove(known);
    }

    private static IpAddress sourceOf(Packet packet) {
        return new IpAddress(packet.sourceHigh(), packet.sourceLow());
    }

    private static IpAddress destinationOf(Packet packet) {
        return new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }
}
