package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaUsage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trains of ESP packets: what leaves is what each packet would have been alone; each lives and dies alone. */
final class TrainTest {
    private final Site one = new Site(1);
    private final Site two = new Site(2);

    @AfterEach
    void noPacketIsLost() {
        assertEquals(one.worker.pool.size(), one.worker.pool.available());
        assertEquals(two.worker.pool.size(), two.worker.pool.available());
        one.close();
        two.close();
    }

    private void connect(EspSuite suite) {
        one.pair(1, suite).udp().install();
        two.pair(1, suite).udp().install();
    }

    private void give(byte[] inner) {
        assertEquals(DropReason.NONE, one.tunnel.send(one.worker.packet(inner), one.worker, one.worker.now));
    }

    /** What the burst left, as outer packets that two's device received as they are. */
    private List<Packet> arrived() {
        one.worker.end();
        List<Packet> out = new ArrayList<>();
        for (Packet outer : one.worker.originated) {
            Packet came = two.worker.pool.take();
            came.copyFrom(outer);
            one.worker.pool.give(outer);
            out.add(came);
        }
        one.worker.originated.clear();
        return out;
    }

    private void take(Packet outer) {
        DropReason why = two.take(outer);
        if (why != DropReason.NONE) {
            two.worker.drop(outer, why);
        }
    }

    private static byte[] tcp(int sequence, int payload, int flags, int identification) {
        byte[] packet = new byte[Ipv4.HEADER + Tcp.HEADER + payload];
        MemorySegment b = MemorySegment.ofArray(packet);
        for (int i = 40; i < packet.length; i++) {
            packet[i] = (byte) (sequence + i);
        }
        Ipv4.write(b, 0, 0, packet.length, identification, true, 63, IpProtocol.TCP, 0x0a010001, 0x0a020001);
        Tcp.write(b, Ipv4.HEADER, 1000, 2000, sequence, 1, flags, 500);
        Tcp.computeChecksum(b, 20, packet.length, Ipv4.pseudoHeader(b, 0, IpProtocol.TCP, packet.length - Ipv4.HEADER));
        return packet;
    }

    /** A super-packet of this many segments, as a device hands it over. */
    private static Packet big(Site site, int segments, int size) {
        byte[] octets = tcp(77, segments * size, Tcp.ACK | Tcp.PSH, 9);
        Packet packet = site.worker.packet(octets);
        int length = octets.length - Ipv4.HEADER;
        long pseudo = Ipv4.pseudoHeader(packet.buffer(), packet.start(), IpProtocol.TCP, length);
        Tcp.checksum(packet.buffer(), packet.transportAt(), Checksum.fold(pseudo));
        packet.partialChecksum(packet.transportAt(), Tcp.CHECKSUM);
        packet.gso(Packet.Gso.TCP_V4, size);
        return packet;
    }

    @Test
    void aTrainIsWhatItsPacketsWouldBeOneByOne() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        int trains = 0;
        for (EspSuite suite : List.of(Site.GCM, Site.CBC)) {
            for (int round = 0; round < 60; round++) {
                // The same SA twice: one collects, the other sends each packet in a burst of its own.
                one.pair(1, suite).udp().install();
                try (Site alone = new Site(1)) {
                    alone.pair(1, suite).udp().install();
                    int count = 1 + random.nextInt(120);
                    int length = 48 + random.nextInt(1000);
                    List<byte[]> expected = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        length = random.nextInt(20) == 0 ? 48 + random.nextInt(1000) : length;
                        int tos = random.nextInt(40) == 0 ? 0x28 : 0;
                        boolean v6 = random.nextInt(30) == 0;
                        byte[] inner = v6 ? Inner.v6(length, tos) : Inner.v4(length, tos, random.nextInt(40) > 0);
                        give(inner);
                        expected.addAll(alone.send(inner));
                    }
                    one.worker.end();
                    trains += count - one.worker.originated.size();
                    List<byte[]> sent = one.sent();
                    assertEquals(expected.size(), sent.size(), "seed " + seed);
                    for (int i = 0; i < sent.size(); i++) {
                        assertEquals(expected.get(i).length, sent.get(i).length, "seed " + seed);
                        // CBC's IV can not be foretold: headers are the same, the rest has to open.
                        int same = suite.equals(Site.GCM) ? sent.get(i).length : 36;
                        byte[] left = Arrays.copyOf(expected.get(i), same);
                        byte[] right = Arrays.copyOf(sent.get(i), same);
                        if (suite.equals(Site.CBC)) {
                            left[26] = left[27] = right[26] = right[27] = 0;
                        }
                        assertArrayEquals(left, right, "seed " + seed + " packet " + i);
                    }
                }
                one.database.remove(0x1100);
            }
        }
        assertTrue(trains > 1000, "seed " + seed + ": only " + trains + " packets travelled with others");
    }

    @Test
    void aSuperPacketCrossesAsTwoTrainsAndComesOutWhole() {
        connect(Site.GCM);
        Packet packet = big(one, 46, 1386);
        byte[] octets = FakeWorker.octets(packet);
        assertEquals(DropReason.NONE, one.tunnel.send(packet, one.worker, one.worker.now));
        List<Packet> outer = arrived();
        assertEquals(2, outer.size(), "65,507 octets hold 44 of them");
        for (Packet train : outer) {
            assertEquals(Packet.Gso.UDP, train.gso());
            take(train);
        }
        two.worker.end();
        assertEquals(1, two.worker.decapsulated.size());
        Packet joined = two.worker.decapsulated.getFirst();
        assertEquals(Packet.Gso.TCP_V4, joined.gso());
        assertEquals(1386, joined.gsoSize());
        assertArrayEquals(octets, two.received().getFirst());
        SaUsage usage = two.database.usage(0x1200).orElseThrow();
        assertEquals(46, usage.inboundPackets(), "counted one by one");
        assertEquals(46, one.database.usage(0x1100).orElseThrow().outboundPackets());
    }

    @Test
    void manyDatagramsOfOneSizeLeaveAsFewPackets() {
        connect(Site.GCM);
        for (int i = 0; i < 130; i++) {
            give(Inner.v4(1300));
        }
        List<Packet> outer = arrived();
        assertEquals(3, outer.size());
        outer.forEach(this::take);
        two.worker.end();
        assertEquals(130, two.received().size(), "one identification for all: nothing would restore them");
    }

    @Test
    void withoutUdpEachIsAPacketAndTheyAreOpenedTogether() {
        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM).install();
        for (int i = 0; i < 70; i++) {
            give(tcp(i * 1000, 1000, Tcp.ACK, i));
        }
        List<Packet> outer = arrived();
        assertEquals(70, outer.size());
        outer.forEach(this::take);
        two.worker.end();
        assertEquals(2, two.worker.decapsulated.size(), "65 segments of 1,000 octets are as much as IP takes");
        two.received();
    }

    @Test
    void aForgedPacketInATrainDiesAndTheOthersLive() {
        connect(Site.GCM);
        for (int i = 0; i < 20; i++) {
            give(tcp(i * 500, 500, Tcp.ACK, i));
        }
        Packet train = arrived().getFirst();
        assertEquals(DropReason.NONE, Headers.parse(train));
        int at = train.transportAt() + Udp.HEADER + 7 * train.gsoSize() + 40;
        train.buffer().set(ValueLayout.JAVA_BYTE, at, (byte) 1);
        take(train);
        two.worker.end();
        assertEquals(List.of(DropReason.BAD_ICV), two.worker.dropped);
        assertEquals(1, two.tunnel.tunnelInterface().counters().drops(DropReason.BAD_ICV));
        int octets =
                two.received().stream().mapToInt(packet -> packet.length - 40).sum();
        assertEquals(19 * 500, octets);
        SaUsage usage = two.database.usage(0x1200).orElseThrow();
        assertEquals(19, usage.inboundPackets());
        assertEquals(1, usage.authenticationFailed());
    }

    @Test
    void aDuplicateInOneBurstDies() {
        connect(Site.GCM);
        give(tcp(0, 500, Tcp.ACK, 0));
        Packet first = arrived().getFirst();
        Packet again = two.worker.pool.take();
        again.copyFrom(first);
        take(first);
        take(again);
        two.worker.end();
        assertEquals(List.of(DropReason.REPLAYED), two.worker.dropped);
        assertEquals(1, two.received().size());
        assertEquals(1, two.database.usage(0x1200).orElseThrow().replayed());

        // The same inside a train: its last packet is a copy of the one before.
        for (int i = 0; i < 5; i++) {
            give(tcp(500 + i * 500, 500, Tcp.ACK, i));
        }
        Packet train = arrived().getFirst();
        assertEquals(DropReason.NONE, Headers.parse(train));
        int size = train.gsoSize();
        int last = train.transportAt() + Udp.HEADER + 4 * size;
        MemorySegment.copy(train.buffer(), last - size, train.buffer(), last, size);
        take(train);
        two.worker.end();
        assertEquals(List.of(DropReason.REPLAYED, DropReason.REPLAYED), two.worker.dropped);
        assertEquals(
                4 * 500,
                two.received().stream().mapToInt(packet -> packet.length - 40).sum());
    }

    @Test
    void packetsOfTwoSasInOneBufferGoTheirWays() {
        connect(Site.GCM);
        one.pair(2, Site.GCM).udp().install();
        two.pair(2, Site.GCM).udp().install();
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            // Pieces of both SAs, unknown ones and noise in one merged packet.
            List<byte[]> pieces = new ArrayList<>();
            HashSet<Integer> good = new HashSet<>();
            for (int i = 0; i < 1 + random.nextInt(100); i++) {
                byte[] outer = one.send(Inner.v4(60, 0, true)).getFirst();
                byte[] esp = Arrays.copyOfRange(outer, 28, outer.length);
                switch (random.nextInt(6)) {
                    case 0 -> esp[1] = 1;
                    case 1 -> esp[30] ^= 1;
                    default -> good.add(i);
                }
                pieces.add(esp);
                if (random.nextInt(10) == 0) {
                    one.database.activateOutbound(random.nextBoolean() ? 0x1100 : 0x2100);
                }
            }
            int size = pieces.getFirst().length;
            byte[] merged = new byte[28 + pieces.size() * size];
            MemorySegment b = MemorySegment.ofArray(merged);
            Ipv4.write(b, 0, 0, merged.length, 1, true, 64, IpProtocol.UDP, 0xc0000201, 0xc0000202);
            Udp.write(b, 20, 4500, 4500, merged.length - 20);
            for (int i = 0; i < pieces.size(); i++) {
                System.arraycopy(pieces.get(i), 0, merged, 28 + i * size, size);
            }
            Packet packet = two.worker.packet(merged);
            packet.gso(Packet.Gso.UDP, size);
            int dropped = two.worker.dropped.size();
            take(packet);
            two.worker.end();
            assertEquals(good.size(), two.received().size(), "seed " + seed);
            assertEquals(pieces.size() - good.size(), two.worker.dropped.size() - dropped, "seed " + seed);
            assertEquals(two.worker.pool.size(), two.worker.pool.available(), "seed " + seed);
        }
    }
}
