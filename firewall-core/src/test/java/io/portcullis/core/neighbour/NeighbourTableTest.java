package io.portcullis.core.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table by itself: its bounds, and what it does when they are reached. */
class NeighbourTableTest {
    private static final int CAPACITY = 32;
    private static final long MAC = 0x0200_0000_0001L;

    private final List<String> asked = new ArrayList<>();
    private final List<DropReason> dropped = new ArrayList<>();
    private final PacketPool pool = new PacketPool(64);
    private final PacketWorker worker = new Dropping();
    private final NeighbourTable table = new NeighbourTable(CAPACITY, new Solicitation() {
        @Override
        public void ask(long high, long low, long mac, PacketWorker on) {
            asked.add(new IpAddress(high, low) + (mac == ALL ? " all" : " one"));
        }

        @Override
        public void release(Packet packet, long mac, PacketWorker on) {
            pool.give(packet);
        }
    });

    @Test
    void unansweredQuestionsFillHalfTheTableAtMost() {
        for (int i = 0; i < CAPACITY; i++) {
            long result = resolve(address(i), 0);
            assertEquals(i < CAPACITY / 2 ? NeighbourTable.WAITING : NeighbourTable.FULL, result, "address " + i);
        }
        assertEquals(CAPACITY / 2, table.size());
    }

    @Test
    void aFullTableForgetsAnOldNeighbourForANewOne() {
        for (int i = 0; i < CAPACITY; i++) {
            learn(address(i), i, 0);
        }
        assertEquals(CAPACITY, table.size());
        learn(address(CAPACITY), 99, 0);
        assertEquals(CAPACITY, table.size());
        assertEquals(99, table.known(address(CAPACITY).high(), address(CAPACITY).low()));
    }

    @Test
    void thoseWhoAnsweredLatelyAreKept() {
        for (int i = 0; i < CAPACITY; i++) {
            IpAddress one = address(i);
            learn(one, i, 0);
            resolve(one, 0);
            table.learn(one.high(), one.low(), i, true, false, worker, 0);
        }
        learn(address(CAPACITY), 99, 0);
        assertEquals(-1, table.known(address(CAPACITY).high(), address(CAPACITY).low()));
        assertEquals(CAPACITY, table.size());
    }

    @Test
    void anUnusedNeighbourIsForgottenInTime() {
        learn(address(1), MAC, 0);
        table.tick(worker, NeighbourTable.UNUSED_TIME - 1);
        assertEquals(1, table.size());
        table.tick(worker, NeighbourTable.UNUSED_TIME);
        assertEquals(0, table.size());
        assertEquals(List.of(), asked, "nobody asks for whom nobody wants");
    }

    @Test
    void questionsAreRepeatedASecondApart() {
        resolve(address(1), 0);
        table.tick(worker, NeighbourTable.RETRY - 1);
        assertEquals(1, asked.size());
        table.tick(worker, NeighbourTable.RETRY);
        table.tick(worker, 2 * NeighbourTable.RETRY);
        assertEquals(3, asked.size());
        table.tick(worker, 3 * NeighbourTable.RETRY);
        assertEquals(3, asked.size());
        assertEquals(List.of(DropReason.NEIGHBOUR_UNKNOWN), dropped);
        assertEquals(0, table.size());
        assertEquals(pool.size(), pool.available());
    }

    @Test
    void anAnswerFromAnotherStationToAProbeIsBelieved() {
        learn(address(1), MAC, 0);
        resolve(address(1), 1);
        assertEquals(List.of("10.0.0.1 one"), asked);
        assertTrue(table.isAsked(address(1).high(), address(1).low()));
        table.learn(address(1).high(), address(1).low(), MAC + 1, true, false, worker, 2);
        assertFalse(table.isAsked(address(1).high(), address(1).low()));
        assertEquals(Neighbour.State.REACHABLE, table.list(2).getFirst().state());
        assertEquals(new MacAddress(MAC + 1), table.list(2).getFirst().mac());
    }

    @Test
    void theLinkLocalAddressFollowsTheStation() {
        // RFC 2464 section 5: 34-56-78-9A-BC-DE becomes 36-56-78-FF-FE-9A-BC-DE.
        MacAddress mac = MacAddress.parse("34:56:78:9a:bc:de").orElseThrow();
        IpAddress own = IpAddress.literal("2001:db8::1");
        LinkAddresses addresses =
                new LinkAddresses(mac, List.of(new LinkAddresses.OnLink(own, IpNetwork.around(own, 64))));
        IpAddress local = IpAddress.literal("fe80::3656:78ff:fe9a:bcde");
        assertEquals(local, addresses.linkLocal());
        assertTrue(addresses.isOwn(local.high(), local.low()));
        assertTrue(addresses.isNeighbour(IpAddress.literal("fe80::1")));
        assertFalse(addresses.isNeighbour(IpAddress.literal("2001:db8:1::1")));
        assertFalse(addresses.isNeighbour(own));
    }

    private long resolve(IpAddress address, long now) {
        Packet packet = pool.take();
        assertNotNull(packet);
        long result = table.resolve(packet, address.high(), address.low(), worker, now);
        if (result != NeighbourTable.WAITING) {
            pool.give(packet);
        }
        return result;
    }

    private void learn(IpAddress address, long mac, long now) {
        table.learn(address.high(), address.low(), mac, false, true, worker, now);
    }

    private static IpAddress address(int i) {
        return IpAddress.v4(0x0a00_0000 | i);
    }

    /** A worker that only drops. */
    private final class Dropping implements PacketWorker {
        @Override
        public PacketPool pool() {
            return pool;
        }

        @Override
        public void originate(Packet packet, long now) {
            throw new AssertionError("the table originates nothing");
        }

        @Override
        public void decapsulated(Packet packet, NetworkInterface tunnel, long now) {
            throw new AssertionError("the table decapsulates nothing");
        }

        @Override
        public void drop(Packet packet, DropReason reason) {
            dropped.add(reason);
            pool.give(packet);
        }

        @Override
        public void lost(NetworkInterface ingress, DropReason reason) {}

        @Override
        public void flushLater(BurstCollector collector) {}
    }
}
