package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.capture.Capture;
import io.portcullis.core.capture.CaptureFilter;
import io.portcullis.core.capture.Recording;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a capture shows of packets on their way; its file is read here by the draft's description of the format. */
class CaptureTest {
    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    /** An enhanced packet block. */
    private record Shown(
            String iface, int linkType, long nanos, int length, int flags, String comment, String octets) {}

    @Test
    void showsAPacketWhereItComesAndWhereItGoes() throws IOException {
        Recording recording = record(Set.of(), CaptureFilter.ALL, Capture.MOST_SNAPLEN, Long.MAX_VALUE);
        byte[] datagram = Datagrams.udp(HOST, 5000, FAR, 53, 100);
        firewall.fromLan(datagram);
        assertTrue(recording.drain());
        List<Shown> shown = shown();
        assertEquals(List.of("lan", "wan"), shown.stream().map(Shown::iface).toList());
        assertEquals(List.of(1, 2), shown.stream().map(Shown::flags).toList());
        assertEquals(List.of(1, 1), shown.stream().map(Shown::linkType).toList());
        assertEquals(datagram.length + 14, shown.getFirst().length());
        assertEquals(hex(datagram), shown.getFirst().octets().substring(2 * 14));
        assertEquals(firewall.clock.wall().toEpochMilli(), shown.getFirst().nanos() / 1_000_000);
        byte[] sent = firewall.wanPort.taken().getLast().octets();
        assertEquals(hex(sent), shown.getLast().octets());
    }

    @Test
    void whatIsRefusedSaysWhyAndByWhom() throws IOException {
        Recording recording = record(Set.of("lan"), CaptureFilter.ALL, Capture.MOST_SNAPLEN, Long.MAX_VALUE);
        firewall.decisions.action = Policy.Action.REJECT;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        byte[] malformed = Datagrams.udp(HOST, 5000, FAR, 53, 100);
        malformed[10] ^= 1;
        firewall.fromLan(malformed);
        assertTrue(recording.drain());
        List<Shown> shown = shown();
        assertEquals(
                List.of("dropped: policy_denied by everything", "", "dropped: bad_checksum"),
                shown.stream().map(Shown::comment).toList());
        assertEquals(List.of(1, 2, 1), shown.stream().map(Shown::flags).toList(), "the error goes back in between");
    }

    @Test
    void theInsideOfATunnelIsAnInterfaceToo() throws IOException {
        Recording recording = record(Set.of(firewall.tunnel.name()), CaptureFilter.ALL, 65_535, Long.MAX_VALUE);
        byte[] inner = Datagrams.udp(BEHIND, 7, HOST, 8, 20);
        firewall.pipeline.begin(firewall.clock.nanos());
        firewall.pipeline.decapsulated(packet(inner), firewall.tunnel, firewall.clock.nanos());
        firewall.pipeline.end(firewall.clock.nanos());
        assertTrue(recording.drain());
        List<Shown> shown = shown();
        assertEquals(1, shown.size());
        assertEquals(101, shown.getFirst().linkType());
        assertEquals(hex(inner), shown.getFirst().octets());
    }

    @Test
    void onlyWhatTheFilterTakesAndOnlySoMuchOfIt() throws IOException {
        CaptureFilter filter = new CaptureFilter(
                Optional.of(AddressSet.of(IpAddress.literal(FAR))),
                Optional.of(AddressSet.of(IpAddress.literal(HOST))),
                Optional.empty(),
                OptionalInt.of(53),
                OptionalInt.empty(),
                OptionalInt.of(53),
                OptionalInt.of(17));
        Recording recording = record(Set.of("lan"), filter, 64, 2);
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 54, 100));
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.arpRequest(HOST, TestFirewall.LAN, TestFirewall.HOST_MAC);
        assertTrue(recording.drain());
        assertEquals(1, shown().size());
        assertEquals(64, shown().getFirst().octets().length() / 2);
        assertEquals(14 + 20 + 8 + 100, shown().getFirst().length());
        firewall.fromLan(Datagrams.udp(HOST, 5001, FAR, 53, 100));
        firewall.fromLan(Datagrams.udp(HOST, 5002, FAR, 53, 100));
        assertFalse(recording.drain(), "two are enough");
        assertEquals(2, recording.packets());
    }

    @Test
    void aReaderThatIsTooSlowMissesPacketsAndKnowsIt() throws IOException {
        Capture capture = new Capture(Set.of("lan"), Capture.MOST_SNAPLEN, 1, firewall.clock);
        firewall.published.capture(capture);
        byte[] datagram = Datagrams.udp(HOST, 5000, FAR, 53, 1400);
        int sent = 3200;
        for (int i = 0; i < sent; i++) {
            firewall.fromLan(datagram);
            firewall.clear();
        }
        Recording recording =
                new Recording(capture, CaptureFilter.ALL, file, "test", 65_535, Long.MAX_VALUE, Long.MAX_VALUE);
        assertTrue(recording.drain());
        assertEquals(sent, recording.packets() + capture.missed());
        assertTrue(capture.missed() > 0);
        for (Shown packet : List.of(shown().getFirst(), shown().getLast())) {
            assertEquals(hex(datagram), packet.octets().substring(2 * 14));
        }
        firewall.fromLan(datagram);
        assertTrue(recording.drain());
        assertEquals(sent + 1, recording.packets() + capture.missed(), "and goes on");
    }

    @Test
    void nobodyLooksAnyMore() throws IOException {
        Recording recording = record(Set.of(), CaptureFilter.ALL, 65_535, Long.MAX_VALUE);
        firewall.published.capture(null);
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        assertTrue(recording.drain());
        assertEquals(0, recording.packets());
    }

    private Recording record(Set<String> interfaces, CaptureFilter filter, int snaplen, long most) throws IOException {
        Capture capture = new Capture(interfaces, snaplen, 1, firewall.clock);
        firewall.published.capture(capture);
        return new Recording(capture, filter, file, "test", snaplen, most, Long.MAX_VALUE);
    }

    private Packet packet(byte[] octets) {
        Packet packet = firewall.pool.take();
        int at = packet.append(octets.length);
        MemorySegment.copy(octets, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, octets.length);
        return packet;
    }

    /** What the file shows, without what neighbours are asked. */
    private List<Shown> shown() {
        return all().stream()
                .filter(packet -> !packet.octets().startsWith("0806", 2 * 12))
                .toList();
    }

    private List<Shown> all() {
        ByteBuffer in = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        List<String> names = new ArrayList<>();
        List<Integer> links = new ArrayList<>();
        List<Shown> shown = new ArrayList<>();
        assertEquals(0x0a0d_0d0a, in.getInt(0), "a section header is first");
        assertEquals(0x1a2b_3c4d, in.getInt(8));
        while (in.hasRemaining()) {
            int begin = in.position();
            int type = in.getInt();
            int length = in.getInt();
            assertEquals(0, length % 4);
            assertEquals(length, in.getInt(begin + length - 4), "the length again at the end");
            if (type == 1) {
                links.add((int) in.getShort());
                in.getShort();
                in.getInt();
                names.add(option(in, begin + length - 4, 2));
            } else if (type == 6) {
                int iface = in.getInt();
                long nanos = (long) in.getInt() << 32 | Integer.toUnsignedLong(in.getInt());
                byte[] octets = new byte[in.getInt()];
                int whole = in.getInt();
                in.get(octets);
                in.position((in.position() + 3) / 4 * 4);
                int options = in.position();
                int flags = in.getInt(options + 4);
                String comment = option(in, begin + length - 4, 1);
                shown.add(new Shown(names.get(iface), links.get(iface), nanos, whole, flags, comment, hex(octets)));
            }
            in.position(begin + length);
        }
        return shown;
    }

    /** The value of an option between here and there, as text. */
    private static String option(ByteBuffer in, int end, int wanted) {
        String found = "";
        while (in.position() < end) {
            int code = in.getShort();
            byte[] value = new byte[in.getShort()];
            in.get(value);
            in.position((in.position() + 3) / 4 * 4);
            found = code == wanted ? new String(value, StandardCharsets.UTF_8) : found;
        }
        return found;
    }

    private static String hex(byte[] octets) {
        StringBuilder hex = new StringBuilder();
        for (byte octet : octets) {
            hex.append("%02x".formatted(octet));
        }
        return hex.toString();
    }
}
