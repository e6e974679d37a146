package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.crypto.EspBurst;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EspTest {
    private final Site one = new Site(1);
    private final Site two = new Site(2);

    @AfterEach
    void noPacketIsLost() {
        assertEquals(one.worker.pool.size(), one.worker.pool.available());
        assertEquals(two.worker.pool.size(), two.worker.pool.available());
        one.close();
        two.close();
    }

    private void connect(EspSuite suite, boolean v4, boolean udp, boolean extended) {
        for (Site site : List.of(one, two)) {
            Site.Pair pair = site.pair(1, suite);
            pair = v4 ? pair : pair.v6();
            pair = udp ? pair.udp() : pair;
            pair = extended ? pair.extended() : pair;
            pair.install();
        }
    }

    private static List<EspSuite> suites() {
        List<EspSuite> suites = new ArrayList<>();
        for (int bits : List.of(128, 192, 256)) {
            suites.add(new EspSuite(Encr.AES_GCM_16, bits, Integ.NONE));
            for (Integ integrity : Integ.values()) {
                if (integrity != Integ.NONE) {
                    suites.add(new EspSuite(Encr.AES_CBC, bits, integrity));
                }
            }
        }
        suites.add(new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE));
        return suites;
    }

    @Test
    void everySuiteInsideEveryOuterHeaderRoundTrips() {
        boolean[] both = {false, true};
        for (EspSuite suite : suites()) {
            for (boolean v4 : both) {
                for (boolean udp : both) {
                    connect(suite, v4, udp, v4 != udp);
                    for (int length = 48; length < 65; length++) {
                        for (byte[] inner : List.of(Inner.v4(length), Inner.v6(length, 0))) {
                            List<byte[]> outer = one.send(inner);
                            assertEquals(1, outer.size());
                            assertEquals(EspOverhead.outerLength(length, v4, udp, suite), outer.getFirst().length);
                            Packet seen = one.worker.packet(outer.getFirst());
                            assertEquals(udp ? IpProtocol.UDP : IpProtocol.ESP, seen.protocol());
                            assertEquals(DropReason.NONE, Headers.verifyTransport(seen), "outer UDP checksum");
                            assertFalse(udp && Udp.checksum(seen.buffer(), seen.transportAt()) == 0);
                            one.worker.pool.give(seen);
                            assertEquals(DropReason.NONE, two.receive(outer.getFirst()), suite + " " + length);
                            assertArrayEquals(inner, two.received().getFirst(), suite + " " + length);
                        }
                    }
                    one.database.remove(0x1100);
                    two.database.remove(0x1200);
                }
            }
        }
    }

    @Test
    void theMtuIsExact() {
        for (EspSuite suite : suites()) {
            for (int path = 600; path < 640; path++) {
                int most = EspOverhead.innerMtu(path, true, true, suite);
                assertTrue(EspOverhead.outerLength(most, true, true, suite) <= path, suite + " at " + path);
                assertTrue(EspOverhead.outerLength(most + 1, true, true, suite) > path, suite + " at " + path);
            }
        }
        assertEquals(1438, EspOverhead.innerMtu(1500, true, true, Site.GCM));
        assertEquals(1446, EspOverhead.innerMtu(1500, true, false, Site.GCM));
        assertEquals(1422, EspOverhead.innerMtu(1500, true, true, Site.CBC));
        assertEquals(0, EspOverhead.innerMtu(20, true, true, Site.CBC));
    }

    /** The packets of another implementation: its inner packets come out, and GCM's bytes are ours too. */
    @Test
    void scapyAndWeUnderstandEachOther() throws IOException {
        int lines = 0;
        for (String line : resource("scapy.txt")) {
            if (line.startsWith("#")) {
                continue;
            }
            lines++;
            String[] word = line.split(" ", -1);
            EspSuite suite = new EspSuite(
                    word[0].equals("aes-gcm") ? Encr.AES_GCM_16 : Encr.AES_CBC,
                    Integer.parseInt(word[1]),
                    Arrays.stream(Integ.values())
                            .filter(row -> row.label().equals(word[2]))
                            .findFirst()
                            .orElseThrow());
            boolean extended = word[3].equals("1");
            long sequence = Long.parseLong(word[4], 16) << 32 | Long.parseLong(word[5], 16);
            SecretKeys keys = new SecretKeys(hex(word[6]), hex(word[7]), hex(word[8]));
            byte[] inner = hex(word[10]);
            byte[] outer = hex(word[11]);

            SaPair pair = pair(suite, keys, extended, outer);
            two.database.install(pair);
            EspSa sa = two.database.find(0x11223344, two.worker);
            assertNotNull(sa);
            if (extended) {
                sa.inbound.window.accepted(sequence - 1);
            }
            assertEquals(DropReason.NONE, two.receive(outer), line);
            assertArrayEquals(inner, two.received().getFirst(), line);
            assertEquals(DropReason.REPLAYED, two.receive(outer), line);

            OutboundSa out = new OutboundSa(pair, Site.CRYPTO.transform(suite, keys, extended), sequence - 1);
            Encapsulator encapsulator = new Encapsulator();
            encapsulator.serve(one.tunnel.tunnelInterface());
            encapsulator.add(one.worker.packet(inner), out, -1, one.worker);
            encapsulator.flush(one.worker, 0);
            byte[] ours = one.sent().getFirst();
            int header = (outer[0] >>> 4 == 4 ? 20 : 40) + (pair.path().udpEncapsulated() ? 8 : 0);
            assertEquals(outer.length, ours.length, line);
            if (suite.encryption() == Encr.AES_GCM_16) {
                assertArrayEquals(
                        Arrays.copyOfRange(outer, header, outer.length),
                        Arrays.copyOfRange(ours, header, ours.length),
                        line);
            }
            two.database.remove(0x11223344);
        }
        assertTrue(lines > 60, lines + " vectors");
    }

    private static SaPair pair(EspSuite suite, SecretKeys keys, boolean extended, byte[] outer) {
        boolean v4 = outer[0] >>> 4 == 4;
        boolean udp = v4 && outer[9] == IpProtocol.UDP;
        SaPair.Path path = new SaPair.Path(Site.outer(v4, 2), 4500, Site.outer(v4, 1), 4500, udp);
        return new SaPair(
                "tunnel",
                0x11223344,
                0x11223344,
                suite,
                keys,
                keys,
                Site.all(),
                Site.all(),
                path,
                extended,
                64,
                0,
                0,
                null);
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream in = EspTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static byte[] hex(String word) {
        return word.equals("-") ? new byte[0] : HexFormat.of().parseHex(word);
    }

    @Test
    void everyForgedOctetIsRefusedAndCounted() {
        for (EspSuite suite : List.of(Site.GCM, Site.CBC)) {
            connect(suite, true, false, false);
            byte[] outer = one.send(Inner.v4(60)).getFirst();
            for (int i = Ipv4.HEADER; i < outer.length; i++) {
                byte[] forged = outer.clone();
                forged[i] ^= 1;
                DropReason expected = i < Ipv4.HEADER + 4 ? DropReason.UNKNOWN_SPI : DropReason.BAD_ICV;
                DropReason why = two.receive(forged);
                // A forged number may also lie behind the window.
                assertTrue(why == expected || (i < Ipv4.HEADER + 8 && why == DropReason.REPLAYED), i + " " + why);
            }
            assertTrue(two.database.usage(0x1200).orElseThrow().authenticationFailed() > 40);
            assertEquals(DropReason.NONE, two.receive(outer), "forgeries did not move the window");
            two.received();
            one.database.remove(0x1100);
            two.database.remove(0x1200);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (EspSuite suite : List.of(Site.GCM, Site.CBC)) {
            connect(suite, true, false, false);
            byte[] outer = one.send(Inner.v4(100)).getFirst();
            for (int length = Ipv4.HEADER; length < outer.length; length++) {
                byte[] cut = Arrays.copyOf(outer, length);
                Ipv4.totalLength(MemorySegment.ofArray(cut), 0, length);
                assertNotEquals(DropReason.NONE, two.receive(cut), "length " + length);
            }
            assertTrue(two.received().isEmpty());
            one.database.remove(0x1100);
            two.database.remove(0x1200);
        }
    }

    @Test
    void randomOctetsAreDroppedWithAReason() {
        connect(Site.CBC, true, false, true);
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] noise = new byte[Ipv4.HEADER + random.nextInt(200)];
            random.nextBytes(noise);
            MemorySegment b = MemorySegment.ofArray(noise);
            Ipv4.write(b, 0, 0, noise.length, 1, true, 64, IpProtocol.ESP, 0xc0000201, 0xc0000202);
            if (noise.length >= Ipv4.HEADER + 4 && random.nextBoolean()) {
                System.arraycopy(new byte[] {0, 0, 0x12, 0}, 0, noise, Ipv4.HEADER, 4);
            }
            assertNotEquals(DropReason.NONE, two.receive(noise), "seed " + seed);
        }
    }

    @Test
    void ivsOfCounterModeNeverRepeat() {
        connect(Site.GCM, true, false, false);
        long before = 0;
        for (int i = 0; i < 100; i++) {
            byte[] outer = one.send(Inner.v4(60)).getFirst();
            long iv = new BigInteger(1, Arrays.copyOfRange(outer, 28, 36)).longValueExact();
            assertTrue(iv > before);
            before = iv;
            two.receive(outer);
        }
        two.received();
    }

    @Test
    void dummiesForeignHeadersAndBadPaddingDie() {
        connect(Site.GCM, true, false, false);
        byte[] inner = Inner.v4(60);
        assertEquals(DropReason.DUMMY, trailer(inner, new byte[] {1, 2, 2, 59}));
        assertEquals(DropReason.BAD_PADDING, trailer(inner, new byte[] {1, 3, 2, 4}));
        assertEquals(DropReason.BAD_PADDING, trailer(inner, new byte[] {1, 2, (byte) 250, 4}));
        assertEquals(DropReason.BAD_VERSION, trailer(inner, new byte[] {1, 2, 2, 41}));
        assertEquals(DropReason.BAD_VERSION, trailer(inner, new byte[] {1, 2, 2, 17}));
        assertEquals(DropReason.SHORT_HEADER, trailer(new byte[0], new byte[] {1, 2, 2, 4}));
        byte[] longer = inner.clone();
        Ipv4.totalLength(MemorySegment.ofArray(longer), 0, 64);
        assertEquals(DropReason.BAD_LENGTH, trailer(longer, new byte[] {1, 2, 2, 4}));
        // Traffic flow confidentiality: octets between the packet and the padding (RFC 4303 section 2.7).
        byte[] padded = Arrays.copyOf(inner, inner.length + 40);
        assertEquals(DropReason.NONE, trailer(padded, new byte[] {1, 2, 2, 4}));
        assertArrayEquals(inner, two.received().getFirst());
    }

    private long lastSequence;

    /** Seals text with a trailer of the test's own choice. */
    private DropReason trailer(byte[] inner, byte[] trailer) {
        EspSuite suite = Site.GCM;
        byte[] packet = new byte[Ipv4.HEADER + 16 + inner.length + trailer.length + 16];
        MemorySegment b = Arena.ofAuto().allocate(packet.length);
        Ipv4.write(b, 0, 0, packet.length, 1, true, 64, IpProtocol.ESP, 0xc0000201, 0xc0000202);
        Esp.write(b, 20, 0x1200, (int) ++lastSequence);
        MemorySegment.copy(inner, 0, b, ValueLayout.JAVA_BYTE, 36, inner.length);
        MemorySegment.copy(trailer, 0, b, ValueLayout.JAVA_BYTE, 36 + inner.length, trailer.length);
        EspBurst burst = new EspBurst();
        burst.add(b, 20, inner.length + trailer.length, lastSequence);
        Site.CRYPTO.transform(suite, Site.keys(suite, 12), false).seal(burst);
        return two.receive(b.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void congestionMarksGoThroughAsRfc6040Says() {
        connect(Site.GCM, true, false, false);
        int[] inners = {0, 1, 2, 3};
        for (int inner : inners) {
            for (int outer = 0; outer < 4; outer++) {
                byte[] packet = one.send(Inner.v4(60, 0x28 | inner, true)).getFirst();
                assertEquals(0x28 | inner, packet[1], "outer TOS is copied");
                Ipv4.tos(MemorySegment.ofArray(packet), 0, 0x28 | outer);
                DropReason why = two.receive(packet);
                if (inner == 0 && outer == 3) {
                    assertEquals(DropReason.BAD_ECN, why);
                    continue;
                }
                int expected = inner == 0 ? 0 : outer == 3 ? 3 : inner == 2 && outer == 1 ? 1 : inner;
                byte[] came = two.received().getFirst();
                assertEquals(0x28 | expected, came[1], "inner " + inner + " outer " + outer);
                assertEquals(DropReason.NONE, Ipv4.check(MemorySegment.ofArray(came), 0, came.length));
            }
        }
        byte[] v6 = one.send(Inner.v6(80, 0xb8 | 2)).getFirst();
        assertEquals((byte) (0xb8 | 2), v6[1]);
        Ipv4.tos(MemorySegment.ofArray(v6), 0, 3);
        assertEquals(DropReason.NONE, two.receive(v6));
        byte[] came = two.received().getFirst();
        assertEquals(0xb8 | 3, Ipv6.trafficClass(MemorySegment.ofArray(came), 0));
    }

    @Test
    void dontFragmentIsCopiedAndIpv6HasIt() {
        connect(Site.GCM, true, false, false);
        assertTrue(Ipv4.dontFragment(
                MemorySegment.ofArray(one.send(Inner.v4(60, 0, true)).getFirst()), 0));
        assertFalse(Ipv4.dontFragment(
                MemorySegment.ofArray(one.send(Inner.v4(60, 0, false)).getFirst()), 0));
        assertTrue(Ipv4.dontFragment(
                MemorySegment.ofArray(one.send(Inner.v6(60, 0)).getFirst()), 0));
    }

    @Test
    void aFixedDsFieldKeepsTheEcnBits() {
        connect(Site.GCM, true, false, false);
        one.tunnel.settings(new TunnelSettings(Site.all(), Site.all(), 0xb8, 0, 1400, List.of()));
        assertEquals((byte) (0xb8 | 1), one.send(Inner.v4(60, 0x28 | 1, true)).getFirst()[1]);
    }
}
