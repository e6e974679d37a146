package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JoinerTest {
    private static final int ROUNDS = 500;

    private final PacketPool pool = new PacketPool(Joiner.CAPACITY + 8);
    private final Joiner joiner = new Joiner();
    private final Object owner = new Object();

    @AfterEach
    void noPacketIsLost() {
        assertEquals(pool.size(), pool.available());
        pool.close();
    }

    /** Puts packets into one buffer, some octets of other things between them, and gives them to the joiner. */
    private void train(List<byte[]> packets, int gap) {
        Packet buffer = pool.take();
        int[] ats = new int[packets.size()];
        for (int i = 0; i < ats.length; i++) {
            buffer.append(gap);
            byte[] packet = packets.get(i);
            ats[i] = buffer.append(packet.length);
            MemorySegment.copy(packet, 0, buffer.buffer(), ValueLayout.JAVA_BYTE, ats[i], packet.length);
        }
        boolean used = false;
        for (int i = 0; i < ats.length; i++) {
            int end = ats[i] + packets.get(i).length;
            if (joiner.join(buffer, ats[i], end, owner)) {
                continue;
            }
            Packet packet = buffer;
            if (used) {
                packet = pool.take();
                int at = packet.append(end - ats[i]);
                MemorySegment.copy(buffer.buffer(), ats[i], packet.buffer(), at, end - ats[i]);
            } else {
                packet.bounds(ats[i], end);
                used = true;
            }
            joiner.add(packet, owner);
        }
        if (!used) {
            pool.give(buffer);
        }
    }

    private void alone(byte[] packet, Object whose) {
        Packet buffer = load(packet);
        if (joiner.join(buffer, buffer.start(), buffer.end(), whose)) {
            pool.give(buffer);
        } else {
            joiner.add(buffer, whose);
        }
    }

    private Packet load(byte[] octets) {
        Packet packet = pool.take();
        int at = packet.append(octets.length);
        MemorySegment.copy(octets, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, octets.length);
        return packet;
    }

    private static int flow(byte[] packet) {
        return packet[0] >>> 4 == 4 ? packet[15] : packet[23];
    }

    private int joined;

    /** Empties the joiner: what comes out, cut by the reference, by flow. */
    private Map<Integer, List<byte[]>> cut() {
        Map<Integer, List<byte[]>> out = new HashMap<>();
        Packet packet = joiner.poll();
        while (packet != null) {
            List<byte[]> pieces = PlainCutter.cut(packet);
            joined += pieces.size() - 1;
            out.computeIfAbsent(flow(pieces.getFirst()), _ -> new ArrayList<>()).addAll(pieces);
            if (packet.gso() != Packet.Gso.NONE) {
                assertEquals(DropReason.NONE, Headers.parse(packet));
                assertEquals(pieces.size(), Segmenter.count(packet));
                for (int i = 0; i < pieces.size(); i++) {
                    Packet piece = pool.take();
                    Segmenter.cut(packet, i, piece);
                    assertArrayEquals(pieces.get(i), octets(piece));
                    assertEquals(pieces.get(i).length, Segmenter.length(packet, i));
                    pool.give(piece);
                }
            }
            pool.give(packet);
            packet = joiner.poll();
        }
        return out;
    }

    private static byte[] octets(Packet packet) {
        return packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void whatWasJoinedIsCutIntoTheSamePacketsInTheSameOrder() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        int all = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String where = "seed " + seed + " round " + round;
            List<RandomFlow> flows = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                flows.add(new RandomFlow(i, random));
            }
            Map<Integer, List<byte[]>> given = new HashMap<>();
            int left = 1 + random.nextInt(Joiner.CAPACITY);
            while (left > 0) {
                List<byte[]> packets = new ArrayList<>();
                int several = random.nextBoolean() ? 1 : Math.min(left, 1 + random.nextInt(40));
                RandomFlow flow = flows.get(random.nextInt(flows.size()));
                for (int i = 0; i < several; i++) {
                    flow = random.nextInt(4) == 0 ? flows.get(random.nextInt(flows.size())) : flow;
                    byte[] packet = flow.next();
                    packets.add(packet);
                    given.computeIfAbsent(flow.number, _ -> new ArrayList<>()).add(packet);
                }
                train(packets, random.nextInt(60));
                left -= several;
                all += several;
            }
            Map<Integer, List<byte[]>> came = cut();
            assertEquals(given.keySet(), came.keySet(), where);
            for (Integer flow : given.keySet()) {
                List<byte[]> expected = given.get(flow);
                assertEquals(expected.size(), came.get(flow).size(), where);
                for (int i = 0; i < expected.size(); i++) {
                    assertArrayEquals(expected.get(i), came.get(flow).get(i), where + " packet " + i);
                }
            }
        }
        assertTrue(joined > all / 5, "seed " + seed + ": only " + joined + " of " + all + " were joined");
    }

    /** A super-packet as a sender makes it. */
    private Packet big(Random random, int flags) {
        boolean v4 = random.nextBoolean();
        boolean tcp = random.nextBoolean();
        int network = v4 ? 20 : 40;
        int transport = tcp ? 20 + 4 * random.nextInt(11) : 8;
        int size = 1 + random.nextInt(1460);
        int most = Math.min(65_535 - network - transport, 64 * size);
        int payload = Math.min(most, size + 1 + random.nextInt(60_000));
        byte[] b = new byte[network + transport + payload];
        random.nextBytes(b);
        ByteBuffer w = ByteBuffer.wrap(b);
        if (v4) {
            b[0] = 0x45;
            w.putShort(2, (short) b.length).putShort(6, (short) 0x4000).putShort(10, (short) 0);
            b[9] = (byte) (tcp ? 6 : 17);
            w.putShort(10, (short) ~PlainCutter.sum(b, 0, 20, 0));
        } else {
            b[0] = (byte) (0x60 | (b[0] & 15));
            w.putShort(4, (short) (b.length - 40));
            b[6] = (byte) (tcp ? 6 : 17);
        }
        if (tcp) {
            b[network + 12] = (byte) (transport << 2);
            b[network + 13] = (byte) flags;
        } else {
            w.putShort(network + 4, (short) (8 + payload));
        }
        int field = network + (tcp ? 16 : 6);
        w.putShort(field, (short) PlainCutter.pseudo(b, v4, tcp, b.length - network));
        Packet packet = load(b);
        packet.partialChecksum(packet.start() + network, field - network);
        packet.gso(tcp ? v4 ? Packet.Gso.TCP_V4 : Packet.Gso.TCP_V6 : Packet.Gso.UDP, size);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        return packet;
    }

    @Test
    void cuttingIsWhatANetworkCardDoes() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Packet packet = big(random, random.nextInt(256));
            List<byte[]> expected = PlainCutter.cut(packet);
            assertEquals(expected.size(), Segmenter.count(packet), "seed " + seed);
            for (int i = 0; i < expected.size(); i++) {
                Packet piece = pool.take();
                Segmenter.cut(packet, i, piece);
                assertArrayEquals(expected.get(i), octets(piece), "seed " + seed);
                pool.give(piece);
            }
            pool.give(packet);
        }
    }

    @Test
    void joiningUndoesCutting() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int flags = Tcp.ACK | (random.nextBoolean() ? Tcp.PSH : 0) | (random.nextBoolean() ? Tcp.ECE : 0);
            Packet packet = big(random, flags);
            for (byte[] piece : PlainCutter.cut(packet)) {
                alone(piece, owner);
            }
            Packet again = joiner.poll();
            assertNotNull(again);
            assertNull(joiner.poll(), "seed " + seed);
            assertArrayEquals(octets(packet), octets(again), "seed " + seed);
            assertEquals(packet.gso(), again.gso());
            assertEquals(packet.gsoSize(), again.gsoSize());
            assertTrue(again.partialChecksum());
            pool.give(packet);
            pool.give(again);
        }
    }

    @Test
    void onlyPacketsOfOneOwnerAreJoined() {
        Packet packet = big(new Random(1), Tcp.ACK);
        List<byte[]> pieces = PlainCutter.cut(packet);
        pool.give(packet);
        alone(pieces.get(0), owner);
        alone(pieces.get(1), new Object());
        for (int i = 0; i < 2; i++) {
            Packet one = joiner.poll();
            assertNotNull(one);
            assertEquals(Packet.Gso.NONE, one.gso());
            assertFalse(one.partialChecksum());
            assertArrayEquals(pieces.get(i), octets(one));
            pool.give(one);
        }
    }
}
