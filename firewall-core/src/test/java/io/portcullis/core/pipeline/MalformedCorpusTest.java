package io.portcullis.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packets of {@code malformed.txt}, and what random changes make of them: each is dropped and counted, or goes on
 * as a packet that is none of these. A frame that breaks one of the promises is printed as a line for the file.
 */
class MalformedCorpusTest {
    private static final int ROUNDS = Boolean.getBoolean("portcullis.nightly") ? 2_000_000 : 30_000;
    private static final int PER_FIREWALL = 5_000;

    /**
     * A line of the file.
     *
     * @param fate label of the reason that it is dropped for, - when it is not dropped
     */
    record Sample(String name, String fate, List<Byte> octets) {
        byte[] frame() {
            byte[] frame = new byte[octets.size()];
            for (int i = 0; i < frame.length; i++) {
                frame[i] = octets.get(i);
            }
            return frame;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Sample> corpus() {
        try (BufferedReader file = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(MalformedCorpusTest.class.getResourceAsStream("malformed.txt")),
                StandardCharsets.US_ASCII))) {
            return file.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .map(words ->
                            new Sample(words[0], words[1], octets(HexFormat.of().parseHex(words[2]))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Byte> octets(byte[] frame) {
        List<Byte> octets = new ArrayList<>();
        for (byte octet : frame) {
            octets.add(octet);
        }
        return octets;
    }

    private static String dropped(TestFirewall firewall) {
        return Arrays.stream(DropReason.values())
                .filter(reason -> firewall.pipeline.drops(reason) > 0)
                .map(reason -> reason.label() + (firewall.pipeline.drops(reason) > 1 ? "*" : ""))
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void eachIsDroppedForItsReason(Sample sample) {
        TestFirewall firewall = TestFirewall.withNeighbours();
        firewall.fromLan(MemoryPort.Frame.of(sample.frame()));
        String dropped = dropped(firewall);
        assertEquals(sample.fate(), dropped.isEmpty() ? "-" : dropped);
        firewall.pass(Duration.ofMinutes(2));
        firewall.assertNoLeak(0);
    }

    @Test
    void whatRandomChangesMakeOfThemIsDroppedOrLegal() {
        long seed = new Random().nextLong();
        System.out.println("MalformedCorpusTest: seed " + seed);
        Random random = new Random(seed);
        List<byte[]> corpus = corpus().stream().map(Sample::frame).toList();
        for (int round = 0; round < ROUNDS; round += PER_FIREWALL) {
            TestFirewall firewall =
                    new TestFirewall(random.nextBoolean(), random.nextBoolean(), ConnectionLimits.DEFAULT);
            firewall.meetNeighbours();
            for (int i = 0; i < PER_FIREWALL; i++) {
                firewall.decisions.action = Policy.Action.values()[random.nextInt(Policy.Action.values().length)];
                firewall.decisions.translation =
                        Policy.SourceTranslation.values()[random.nextInt(Policy.SourceTranslation.values().length)];
                byte[] frame = changed(corpus, random);
                send(firewall, frame, seed);
                if (random.nextInt(16) == 0) {
                    firewall.clock.advance(Duration.ofMillis(random.nextInt(500)));
                }
            }
            firewall.pass(Duration.ofMinutes(7));
            assertEquals(firewall.pool.size(), firewall.pool.available(), "packets in the pool, seed " + seed);
        }
    }

    private static void send(TestFirewall firewall, byte[] frame, long seed) {
        long defects = firewall.pipeline.drops(DropReason.INTERNAL_ERROR);
        firewall.fromLan(MemoryPort.Frame.of(frame));
        String line = "found ? " + HexFormat.of().formatHex(frame) + " seed " + seed;
        assertEquals(defects, firewall.pipeline.drops(DropReason.INTERNAL_ERROR), () -> line + firewall.events);
        for (MemoryPort port : List.of(firewall.lanPort, firewall.wanPort)) {
            for (MemoryPort.Frame sent : port.taken()) {
                assertEquals(
                        DropReason.NONE,
                        judge(sent.octets()),
                        () -> line + " makes " + HexFormat.of().formatHex(sent.octets()));
            }
        }
        firewall.tunPort.taken();
        firewall.events.clear();
    }

    /** What a receiver finds wrong with a frame that left. */
    private static DropReason judge(byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            Packet packet = new Packet(arena.allocate(Packet.CAPACITY));
            int at = packet.append(frame.length);
            MemorySegment.copy(frame, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, frame.length);
            packet.etherType(Ethernet.type(packet.buffer(), at));
            packet.pull(Ethernet.headerLength(packet.buffer(), at));
            return packet.etherType() == EtherType.ARP ? DropReason.NONE : Headers.parse(packet);
        }
    }

    /**
     * One of them, or two in one, with bits, octets, lengths or its end changed; addressed to the firewall all the
     * same.
     */
    private static byte[] changed(List<byte[]> corpus, Random random) {
        byte[] frame = corpus.get(random.nextInt(corpus.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int most = frame.length - Ethernet.HEADER;
            if (most <= 0) {
                return frame;
            }
            int at = Ethernet.HEADER + random.nextInt(most);
            switch (random.nextInt(6)) {
                case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> frame[at] = (byte) random.nextInt(256);
                case 2 -> frame[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
                case 3 -> frame = Arrays.copyOf(frame, at);
                case 4 -> frame = Arrays.copyOf(frame, Math.min(1514, frame.length + random.nextInt(200)));
                default -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    int from = Math.min(other.length, at);
                    frame = Arrays.copyOf(frame, Math.max(at, other.length));
                    System.arraycopy(other, from, frame, from, other.length - from);
                }
            }
        }
        repair(frame, random);
        return frame;
    }

    /** Mostly the header's checksum is right, lest nothing behind it is ever looked at. */
    private static void repair(byte[] frame, Random random) {
        int at = Ethernet.HEADER;
        int length = frame.length > at ? (frame[at] & 0xf) * 4 : 0;
        if (length < 20 || frame.length < at + length || random.nextInt(8) == 0 || frame[12] != 8 || frame[13] != 0) {
            return;
        }
        frame[at + 10] = 0;
        frame[at + 11] = 0;
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += (frame[at + i] & 0xff) << 8 | (frame[at + i + 1] & 0xff);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = ~(sum + (sum >>> 16));
        frame[at + 10] = (byte) (sum >>> 8);
        frame[at + 11] = (byte) sum;
    }

    @Test
    void eachHasANameOfItsOwn() {
        List<String> names = corpus().stream().map(Sample::name).toList();
        assertEquals(names.size(), names.stream().distinct().count());
        assertTrue(names.size() > 150, names.size() + " kinds");
    }
}
