package io.portcullis.ipsec.ike.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final String OCTETS = "1bf64e785c4af5bf" + "6a6f979a3ccb6ea8" + "2b" + "20" + "25" + "28"
            + "fffffffe" + "0000002c" + "2e000008afcad713" + "29000008" + "01020304";
    private static final Message MESSAGE = new Message(
            Header.of(
                    0x1bf64e785c4af5bfL, 0x6a6f979a3ccb6ea8L, ExchangeType.INFORMATIONAL.id(), true, true, 0xfffffffe),
            List.of(new VendorIdPayload(Octets.hex("afcad713")), new EncryptedPayload(41, Octets.hex("01020304"))));

    @Test
    void takesApart() throws MalformedMessage {
        assertEquals(MESSAGE, MessageCodec.read(HexFormat.of().parseHex(OCTETS)));
    }

    @Test
    void putsTogetherLeavingNoOctetUnwritten() {
        byte[] dirty = new byte[512];
        Arrays.fill(dirty, (byte) 0xa5);
        Writer out = new Writer(dirty);
        MessageCodec.write(MESSAGE, out);
        assertEquals(OCTETS, HexFormat.of().formatHex(out.toArray()));
        assertEquals((byte) 0xa5, dirty[out.size()]);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = HexFormat.of().parseHex(OCTETS);
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] shortened = Arrays.copyOf(whole, cut);
            assertThrows(MalformedMessage.class, () -> MessageCodec.read(shortened), "cut at " + cut);
        }
        assertThrows(MalformedMessage.class, () -> MessageCodec.read(Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void roundTrips() throws MalformedMessage {
        assertEquals(MESSAGE, MessageCodec.read(MessageCodec.write(MESSAGE)));
    }

    @Test
    void prints() {
        assertEquals(
                "INFORMATIONAL response 4294967294, 0x1bf64e785c4af5bf_i 0x6a6f979a3ccb6ea8_r",
                MESSAGE.header().toString());
    }

    @Test
    void everyFlagStandsInItsOwnBit() throws MalformedMessage {
        byte[] octets = HexFormat.of().parseHex(OCTETS);
        for (int flags = 0; flags < 256; flags++) {
            octets[19] = (byte) flags;
            Header header = MessageCodec.readHeader(octets);
            assertEquals((flags & 0x08) != 0, header.initiator());
            assertEquals((flags & 0x10) != 0, header.higherVersion());
            assertEquals((flags & 0x20) != 0, header.response());
            int kept = MessageCodec.write(new Message(header, List.of()))[19];
            assertEquals(flags & 0x38, kept, "reserved bits are not sent");
        }
    }

    @Test
    void theHeaderOfAnotherVersionCanBeRead() throws MalformedMessage {
        byte[] octets = HexFormat.of().parseHex(OCTETS);
        octets[17] = 0x31;
        assertEquals(3, MessageCodec.readHeader(octets).majorVersion());
        assertEquals(1, MessageCodec.readHeader(octets).minorVersion());
        MalformedMessage fault = assertThrows(MalformedMessage.class, () -> MessageCodec.read(octets));
        assertEquals("header version", fault.field());
    }

    @Test
    void anInitiatorSpiOfZeroIsRefused() {
        byte[] octets = HexFormat.of().parseHex(OCTETS);
        Arrays.fill(octets, 0, 8, (byte) 0);
        assertThrows(MalformedMessage.class, () -> MessageCodec.read(octets));
    }

    @Test
    void whatAnAeadAuthenticatesEndsWhereTheBodyBegins() {
        EncryptedPayload room = EncryptedPayload.blank(41, 64);
        byte[] octets = MessageCodec.write(new Message(MESSAGE.header(), List.of(room)));
        int at = MessageCodec.associatedOctets(octets, room);
        assertEquals(Header.OCTETS + 4, at);
        EncryptedFragmentPayload part = new EncryptedFragmentPayload(41, 1, 2, Octets.zeros(64));
        octets = MessageCodec.write(new Message(MESSAGE.header(), List.of(part)));
        assertEquals(Header.OCTETS + 8, MessageCodec.associatedOctets(octets, part));
    }

    @Test
    void anOpenedMessageIsNotWrittenInTheClear() {
        Message opened = MESSAGE.open(List.of(new DeletePayload(1, List.of())));
        assertTrue(opened.opened());
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.write(opened));
    }

    @Test
    void aMessageThatDoesNotFitIsABug() {
        Message large = new Message(
                MESSAGE.header(),
                List.of(new VendorIdPayload(Octets.zeros(40_000)), new VendorIdPayload(Octets.zeros(40_000))));
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.write(large));
        Message wide = new Message(MESSAGE.header(), List.of(new VendorIdPayload(Octets.zeros(65_532))));
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.write(wide));
        Message wrong = new Message(MESSAGE.header(), List.of(new KePayload(65_536, Octets.ofInt(1))));
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.write(wrong));
        Message behind =
                new Message(MESSAGE.header(), List.of(EncryptedPayload.blank(0, 8), new VendorIdPayload(Octets.EMPTY)));
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.write(behind));
    }

    @Test
    void aMessageIsAskedForWhatItHolds() {
        NotifyPayload cookie = new NotifyPayload(16_390, Octets.ofInt(7));
        Message message = MESSAGE.open(List.of(new NotifyPayload(16_388, Octets.EMPTY), cookie));
        assertEquals(Optional.of(cookie), message.notify(16_390));
        assertEquals(2, message.all(NotifyPayload.class).size());
        assertEquals(Optional.empty(), message.first(SaPayload.class));
        assertThrows(IllegalStateException.class, () -> message.one(SaPayload.class));
        assertEquals(Optional.empty(), message.sealed());
        assertEquals(MESSAGE.payloads().getLast(), MESSAGE.sealed().orElseThrow());
    }

    @Test
    void octetsAreAValue() {
        byte[] mine = {1, 2, 3, 4, 5, 6, 7, 8};
        Octets octets = Octets.of(mine);
        mine[0] = 99;
        octets.toArray()[1] = 99;
        assertEquals(Octets.hex("0102030405060708"), octets);
        assertEquals(octets, Octets.ofLong(0x0102030405060708L));
        assertEquals(0x0102030405060708L, octets.toLong());
        assertEquals(Octets.ofInt(0x01020304), octets.slice(0, 4));
        assertEquals(0x05060708, octets.slice(4, 8).toInt());
        assertThrows(IndexOutOfBoundsException.class, () -> octets.slice(4, 9));
        assertArrayEquals(new byte[] {3, 4}, octets.slice(2, 4).toArray());
    }
}
