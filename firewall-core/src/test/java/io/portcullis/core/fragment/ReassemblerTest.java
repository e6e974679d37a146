package io.portcullis.core.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Fragmenter;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReassemblerTest {
    private static final int PACKETS = 120;

    private static final FragmentLimits LIMITS = FragmentLimits.ofSeconds(4, 30, 60, 20, 60);
    private static final long TIMEOUT = LIMITS.idleNanos();

    private final PacketPool pool = new PacketPool(PACKETS);
    private final List<DropReason> drops = new ArrayList<>();
    private final Reassembler reassembler = new Reassembler(LIMITS);
    private final PacketWorker worker = new PacketWorker() {
        @Override
        public PacketPool pool() {
            return pool;
        }

        @Override
        public void originate(Packet packet, long now) {
            throw new AssertionError();
        }

        @Override
        public void decapsulated(Packet packet, NetworkInterface tunnel, long now) {
            throw new AssertionError();
        }

        @Override
        public void drop(Packet packet, DropReason reason) {
            drops.add(reason);
            pool.give(packet);
        }

        @Override
        public void lost(NetworkInterface ingress, DropReason reason) {
            throw new AssertionError();
        }

        @Override
        public void flushLater(BurstCollector collector) {
            throw new AssertionError();
        }
    };

    @AfterEach
    void close() {
        pool.close();
    }

    private Packet v4(int identification, int offset, boolean more, byte[] data) {
        Packet packet = pool.take();
        int at = packet.append(Ipv4.HEADER + data.length);
        Ipv4.write(
                packet.buffer(),
                at,
                0,
                Ipv4.HEADER + data.length,
                identification,
                false,
                64,
                253,
                0x0a000001,
                0x0a000002);
        Ipv4.fragment(packet.buffer(), at, offset, more);
        Ipv4.computeChecksum(packet.buffer(), at);
        return filled(packet, at + Ipv4.HEADER, data);
    }

    /** With a hop-by-hop header (PadN) in front of the fragment header, as RFC 8200 section 4.5 draws it. */
    private Packet v6(int identification, int offset, boolean more, byte[] data) {
        Packet packet = pool.take();
        int at = packet.append(Ipv6.HEADER + 16 + data.length);
        MemorySegment b = packet.buffer();
        Ipv6.write(b, at, 0, 0, 16 + data.length, 0, 64, 0x20010db8_00000000L, 1, 0x20010db8_00000000L, 2);
        Octets.i64(b, at + 40L, 0x2c00_0104_0000_0000L);
        Octets.u8(b, at + 48L, 253);
        Octets.u8(b, at + 49L, 0);
        Octets.u16(b, at + 50L, offset | (more ? 1 : 0));
        Octets.i32(b, at + 52L, identification);
        return filled(packet, at + Ipv6.HEADER + 16, data);
    }

    private static Packet filled(Packet packet, int at, byte[] data) {
        MemorySegment.copy(data, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, data.length);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        return packet;
    }

    private static byte[] data(int length, long seed) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static byte[] slice(byte[] data, int from, int to) {
        return java.util.Arrays.copyOfRange(data, from, to);
    }

    private static byte[] payload(Packet whole) {
        assertEquals(DropReason.NONE, Headers.parse(whole));
        return whole.buffer()
                .asSlice(whole.transportAt(), whole.payloadEnd() - whole.transportAt())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatTheFragmenterCutsComesTogetherInAnyOrder(long seed) {
        Random random = new Random(seed);
        byte[] data = data(1 + random.nextInt(40_000), seed);
        Packet packet = pool.take();
        int at = packet.append(Ipv4.HEADER + data.length);
        Ipv4.write(packet.buffer(), at, 0, Ipv4.HEADER + data.length, 7, false, 64, IpProtocol.GRE, 1, 2);
        filled(packet, at + Ipv4.HEADER, data);
        byte[] original =
                packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
        int mtu = 576 + random.nextInt(900);
        List<Packet> cut = new ArrayList<>();
        assertEquals(DropReason.NONE, Fragmenter.prepare(packet, mtu));
        for (int done = 0; done < Fragmenter.octets(packet); ) {
            Packet fragment = pool.take();
            done = Fragmenter.cut(packet, mtu, done, fragment);
            assertEquals(DropReason.NONE, Headers.parse(fragment));
            cut.add(fragment);
        }
        pool.give(packet);
        Collections.shuffle(cut, random);
        Packet whole = null;
        for (int i = 0; i < cut.size(); i++) {
            Packet fragment = cut.get(i);
            whole = fragment.isFragment() ? reassembler.add(fragment, worker, 0) : fragment;
            assertEquals(i == cut.size() - 1, whole != null, "seed " + seed);
        }
        assertNotNull(whole);
        assertArrayEquals(
                original,
                whole.buffer().asSlice(whole.start(), whole.length()).toArray(ValueLayout.JAVA_BYTE),
                "seed " + seed);
        pool.give(whole);
        assertEquals(PACKETS, pool.available(), "every buffer came back");
    }

    @Test
    void anIpv6DatagramLosesItsFragmentHeader() {
        byte[] data = data(2000, 1);
        assertNull(reassembler.add(v6(9, 1200, false, slice(data, 1200, 2000)), worker, 0));
        Packet whole = reassembler.add(v6(9, 0, true, slice(data, 0, 1200)), worker, 0);

        assertNotNull(whole);
        assertArrayEquals(data, payload(whole));
        assertFalse(whole.isFragment());
        assertEquals(253, whole.protocol());
        assertEquals(Ipv6.HEADER + 8 + 2000, whole.length());
    }

    @Test
    void differentDatagramsDoNotMix() {
        byte[] a = data(1600, 1);
        byte[] b = data(1600, 2);
        assertNull(reassembler.add(v4(1, 0, true, slice(a, 0, 800)), worker, 0));
        assertNull(reassembler.add(v4(2, 0, true, slice(b, 0, 800)), worker, 0));
        assertArrayEquals(b, payload(reassembler.add(v4(2, 800, false, slice(b, 800, 1600)), worker, 0)));
        assertArrayEquals(a, payload(reassembler.add(v4(1, 800, false, slice(a, 800, 1600)), worker, 0)));
    }

    private void overlap() {
        assertNull(reassembler.add(v4(1, 0, true, data(800, 1)), worker, 0));
        assertNull(reassembler.add(v4(1, 792, false, data(800, 2)), worker, 0));
    }

    @Test
    void anOverlapRuinsTheDatagram() {
        overlap();
        assertEquals(List.of(DropReason.BAD_FRAGMENT, DropReason.BAD_FRAGMENT), drops);
        assertEquals(0, reassembler.waiting());
        assertEquals(PACKETS, pool.available());
    }

    @Test
    void aDoubledFragmentIsIgnored() {
        byte[] data = data(1600, 1);
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, 0));
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, 0));
        Packet whole = reassembler.add(v4(1, 800, false, slice(data, 800, 1600)), worker, 0);

        assertArrayEquals(data, payload(whole));
        assertEquals(List.of(DropReason.DUPLICATE_FRAGMENT), drops);
    }

    @Test
    void theSamePlaceWithOtherDataRuinsTheDatagram() {
        byte[] data = data(1600, 1);
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, 0));
        data[799]++;
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, 0));
        assertEquals(List.of(DropReason.BAD_FRAGMENT, DropReason.BAD_FRAGMENT), drops);
        assertEquals(0, reassembler.waiting());
    }

    @Test
    void whatComesAfterTheEndIsKnownForAWhile() {
        byte[] data = data(1600, 1);
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, 0));
        pool.give(reassembler.add(v4(1, 800, false, slice(data, 800, 1600)), worker, 0));
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, LIMITS.doneNanos() - 1));
        assertEquals(List.of(DropReason.DUPLICATE_FRAGMENT), drops);
        assertEquals(0, reassembler.waiting());
        assertNull(reassembler.add(v4(1, 0, true, slice(data, 0, 800)), worker, LIMITS.doneNanos()));
        assertEquals(1, reassembler.waiting(), "another datagram by now");
    }

    @Test
    void aDatagramThatWasIllegalStaysSoForAWhile() {
        overlap();
        drops.clear();
        assertNull(reassembler.add(v4(1, 0, true, data(800, 1)), worker, LIMITS.illegalNanos() - 1));
        assertEquals(List.of(DropReason.BAD_FRAGMENT), drops);
        assertNull(reassembler.add(v4(1, 0, true, data(800, 1)), worker, LIMITS.illegalNanos()));
        assertEquals(1, reassembler.waiting());
    }

    @Test
    void manyFragmentsDoNotProlongTheTimeForEver() {
        for (int i = 0; i < 4; i++) {
            assertNull(reassembler.add(v4(1, 800 * i, true, data(800, i)), worker, i * (TIMEOUT - 1)));
            reassembler.expire(i * (TIMEOUT - 1), worker);
        }
        assertTrue(drops.contains(DropReason.FRAGMENT_TIMEOUT));
    }

    @Test
    void otherLimitsHoldAtOnce() {
        for (int i = 0; i < 4; i++) {
            assertNull(reassembler.add(v4(i, 0, true, data(800, i)), worker, i));
        }
        reassembler.limits(FragmentLimits.ofSeconds(1, 30, 60, 20, 60), worker);
        assertEquals(1, reassembler.waiting());
        assertEquals(PACKETS - 1, pool.available());
        reassembler.limits(FragmentLimits.ofSeconds(0, 30, 60, 20, 60), worker);
        drops.clear();
        assertNull(reassembler.add(v4(9, 0, true, data(800, 1)), worker, 9));
        assertEquals(List.of(DropReason.FRAGMENTS_FULL), drops);
        assertEquals(PACKETS, pool.available());
    }

    @Test
    void twoEndsContradictEachOther() {
        assertNull(reassembler.add(v4(1, 800, false, data(100, 1)), worker, 0));
        assertNull(reassembler.add(v4(1, 1600, false, data(100, 1)), worker, 0));
        assertEquals(0, reassembler.waiting());
        assertNull(reassembler.add(v4(2, 1600, true, data(800, 1)), worker, 0));
        assertNull(reassembler.add(v4(2, 800, false, data(100, 1)), worker, 0));
        assertEquals(0, reassembler.waiting(), "data behind the end");
    }

    @Test
    void whatIsNotCompleteInTimeIsDropped() {
        assertNull(reassembler.add(v4(1, 0, true, data(800, 1)), worker, 5));
        reassembler.expire(TIMEOUT + 4, worker);
        assertEquals(1, reassembler.waiting());
        reassembler.expire(TIMEOUT + 5, worker);
        assertEquals(List.of(DropReason.FRAGMENT_TIMEOUT), drops);
        assertEquals(PACKETS, pool.available());
    }

    @Test
    void theOldestMakesRoom() {
        for (int i = 0; i < 6; i++) {
            assertNull(reassembler.add(v4(i, 0, true, data(800, i)), worker, i));
        }
        assertEquals(4, reassembler.waiting());
        assertEquals(List.of(DropReason.FRAGMENTS_FULL, DropReason.FRAGMENTS_FULL), drops);
        assertNotNull(reassembler.add(v4(5, 800, false, data(8, 1)), worker, 9));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void noRandomStreamLosesABuffer(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] data = new byte[8 * (1 + random.nextInt(30))];
            int offset = 8 * random.nextInt(60);
            boolean more = random.nextInt(4) > 0;
            Packet fragment = random.nextBoolean()
                    ? v4(random.nextInt(6), offset, more || offset == 0, data)
                    : v6(random.nextInt(6), offset, more || offset == 0, data);
            Packet whole = reassembler.add(fragment, worker, i);
            if (whole != null) {
                pool.give(whole);
            }
        }
        reassembler.expire(TIMEOUT + 20_000, worker);
        assertEquals(PACKETS, pool.available(), "seed " + seed);
    }
}
