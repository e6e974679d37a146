package io.portcullis.core.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DhcpCodecTest {
    private static final int TRANSACTION = 0x1234_5678;

    private static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::literal).toList();
    }

    @Test
    void readsAllThatAnAcknowledgementSays() {
        DhcpReply reply = Reply.lease(5, TRANSACTION, "192.0.2.50")
                .addresses(3, "192.0.2.1", "192.0.2.2")
                .addresses(6, "192.0.2.53")
                .addresses(28, "192.0.2.255")
                .addresses(42, "192.0.2.123")
                .seconds(58, 60)
                .seconds(59, 105)
                .octets(15, 'e', 'x', '\n', '.', 'o', 'r', 'g')
                .read();
        assertEquals(
                new DhcpReply(
                        DhcpMessageType.ACK,
                        TRANSACTION,
                        IpAddress.literal("192.0.2.50"),
                        Optional.of(IpAddress.literal(Reply.SERVER)),
                        Optional.of(IpAddress.literal("255.255.255.0")),
                        addresses("192.0.2.1", "192.0.2.2"),
                        addresses("192.0.2.53"),
                        Optional.of("ex.org"),
                        Optional.of(IpAddress.literal("192.0.2.255")),
                        addresses("192.0.2.123"),
                        Optional.of(120L),
                        Optional.of(60L),
                        Optional.of(105L),
                        List.of(),
                        ""),
                reply);
    }

    /** The destinations of the table in RFC 3442, "Classless Route Option Format". */
    @Test
    void readsClasslessRoutesAsTheirRfcWritesThem() {
        String router = "c0000201";
        String option = "00" + router + "080a" + router + "180a0000" + router + "100a11" + router + "180a1b81" + router
                + "190a198100" + router + "200a00000a" + "00000000";
        byte[] octets = HexFormat.of().parseHex(option);
        int[] unsigned = new int[octets.length];
        for (int i = 0; i < octets.length; i++) {
            unsigned[i] = octets[i] & 0xff;
        }
        DhcpReply reply =
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(121, unsigned).read();
        assertEquals(
                List.of(
                        "0.0.0.0/0",
                        "10.0.0.0/8",
                        "10.0.0.0/24",
                        "10.17.0.0/16",
                        "10.27.129.0/24",
                        "10.25.129.0/25",
                        "10.0.0.10/32"),
                reply.routes().stream()
                        .map(LearnedRoute::network)
                        .map(IpNetwork::toString)
                        .toList());
        assertTrue(reply.routes().getLast().router().isUnspecified());
    }

    @Test
    void anOptionThatComesTwiceIsOneThatWasCut() {
        DhcpReply reply = Reply.lease(5, TRANSACTION, "192.0.2.50")
                .octets(6, 192, 0, 2)
                .octets(6, 53, 192, 0, 2, 54)
                .read();
        assertEquals(addresses("192.0.2.53", "192.0.2.54"), reply.nameServers());
    }

    @Test
    void optionsMayStandInTheFieldsForFileAndName() {
        DhcpReply reply = Reply.lease(5, TRANSACTION, "192.0.2.50")
                .octets(52, 3)
                .file(3, 4, 192, 0, 2, 1, 255)
                .name(6, 4, 192, 0, 2, 53, 255)
                .read();
        assertEquals(addresses("192.0.2.1"), reply.routers());
        assertEquals(addresses("192.0.2.53"), reply.nameServers());
        assertEquals(
                List.of(),
                Reply.lease(5, TRANSACTION, "192.0.2.50")
                        .file(3, 4, 192, 0, 2, 1, 255)
                        .read()
                        .routers(),
                "without the overload option they are a file's name");
    }

    @Test
    void refusesWhatIsNoServersMessage() {
        for (int type : new int[] {0, 1, 3, 4, 7, 8, 9, 255}) {
            byte[] octets = Reply.bare(type, TRANSACTION, "0.0.0.0").octets();
            assertThrows(MalformedDhcp.class, () -> DhcpCodec.read(octets), "type " + type);
        }
    }

    @Test
    void refusesOptionsOfTheWrongLengthAndThoseThatOverrun() {
        List<Reply> wrong = List.of(
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(3, 192, 0, 2),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(6),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(28, 1, 2, 3, 4, 5),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(58, 1),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(121, 33, 1, 2, 3, 4, 5, 1, 2, 3, 4),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(121, 24, 10, 0, 0, 192, 0),
                Reply.lease(5, TRANSACTION, "192.0.2.50").octets(52, 1).file(3, 200, 1));
        for (Reply one : wrong) {
            assertThrows(MalformedDhcp.class, () -> DhcpCodec.read(one.octets()));
        }
        byte[] whole = Reply.lease(5, TRANSACTION, "192.0.2.50").octets();
        byte[] overrun = Arrays.copyOf(whole, whole.length - 3);
        assertThrows(MalformedDhcp.class, () -> DhcpCodec.read(overrun));
    }

    @Test
    void everyTruncationIsReadOrRefusedAndNothingElse() {
        byte[] whole = Reply.lease(2, TRANSACTION, "192.0.2.50")
                .octets(52, 3)
                .octets(121, 24, 10, 0, 0, 192, 0, 2, 1)
                .octets();
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            try {
                DhcpCodec.read(Arrays.copyOf(whole, length));
            } catch (MalformedDhcp malformed) {
                refused++;
            }
        }
        assertTrue(refused >= DhcpCodec.FIXED, refused + " refused");
    }

    @Test
    void randomOctetsAreReadOrRefusedAndNothingElse() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        byte[] whole = Reply.lease(5, TRANSACTION, "192.0.2.50")
                .octets(52, 3)
                .addresses(3, "192.0.2.1")
                .octets(121, 24, 10, 0, 0, 192, 0, 2, 1, 0, 192, 0, 2, 1)
                .octets();
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = whole.clone();
            for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
                octets[44 + random.nextInt(octets.length - 44)] = (byte) random.nextInt();
            }
            try {
                DhcpCodec.read(octets);
                read++;
            } catch (MalformedDhcp malformed) {
                assertFalse(String.valueOf(malformed.getMessage()).isEmpty(), "seed " + seed);
            }
        }
        assertTrue(read > 0 && read < 20_000, read + " of 20000 were read, seed " + seed);
    }

    @Test
    void writesARequestAsAServerReadsIt() throws MalformedDhcp {
        byte[] octets = DhcpCodec.write(
                new DhcpRequest(
                        DhcpMessageType.REQUEST,
                        TRANSACTION,
                        7,
                        true,
                        IpAddress.ANY_V4,
                        Optional.of(IpAddress.literal("192.0.2.50")),
                        Optional.of(IpAddress.literal(Reply.SERVER)),
                        Optional.of(3600L),
                        "gate"),
                Reply.STATION);
        assertEquals(DhcpCodec.SHORTEST, octets.length);
        assertEquals(
                "01010600" + "12345678" + "00078000" + "00000000",
                HexFormat.of().formatHex(octets, 0, 16));
        assertEquals("02005e000001", HexFormat.of().formatHex(octets, 28, 34));
        assertEquals("63825363", HexFormat.of().formatHex(octets, 236, 240));
        DhcpOptions options = new DhcpOptions();
        options.read(MemorySegment.ofArray(octets), DhcpCodec.FIXED, octets.length);
        assertEquals(Optional.of(3L), options.number(DhcpOption.MESSAGE_TYPE, 1));
        assertEquals(Optional.of(IpAddress.literal("192.0.2.50")), options.address(DhcpOption.REQUESTED_ADDRESS));
        assertEquals(Optional.of(IpAddress.literal(Reply.SERVER)), options.address(DhcpOption.SERVER_IDENTIFIER));
        assertEquals(Optional.of(3600L), options.number(DhcpOption.LEASE_TIME, 4));
        assertEquals(Optional.of("gate"), options.text(DhcpOption.HOST_NAME));
        assertEquals(Optional.of(0x01_0200_5e00_0001L), options.number(DhcpOption.CLIENT_IDENTIFIER, 7));
        assertEquals(Optional.of(1472L), options.number(DhcpOption.MAXIMUM_MESSAGE_SIZE, 2));
    }

    @Test
    void aReplyIsKnownByTransactionStationAndCookie() {
        byte[] octets = Reply.lease(5, TRANSACTION, "192.0.2.50").octets();
        MemorySegment b = MemorySegment.ofArray(octets);
        assertTrue(DhcpCodec.isReply(b, 0, octets.length, TRANSACTION, Reply.STATION));
        assertFalse(DhcpCodec.isReply(b, 0, octets.length, TRANSACTION + 1, Reply.STATION));
        assertFalse(DhcpCodec.isReply(b, 0, DhcpCodec.FIXED - 1, TRANSACTION, Reply.STATION));
        for (int at : new int[] {0, 1, 2, 28, 33, 236}) {
            byte[] other = octets.clone();
            other[at] ^= 1;
            assertFalse(
                    DhcpCodec.isReply(MemorySegment.ofArray(other), 0, other.length, TRANSACTION, Reply.STATION),
                    "octet " + at);
        }
    }
}
