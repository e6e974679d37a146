package io.portcullis.ipsec.ike.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no honest peer sends: each is refused with the place and the field. */
class MalformedPayloadTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # type | chain | why | field
        40 | 00000003 | Ni, Nr length is shorter than its header | payload length
        33 | 0000000c0100000801010000 | proposal last is 1 | SA proposal last
        33 | 00000010020000080101000000000008 | the last proposal is missing | SA proposal length
        33 | 0000000c0000000801010001 | one transform promised, none there | SA proposal transform last
        33 | 0000001400000010010100010300000801000001 | the last transform says more follow | SA proposal transform last
        33 | 0000001400000010010100000000000801000001 | a transform nobody counted | SA proposal end
        33 | 0000000c000000080101ff00 | SPI longer than the proposal | SA proposal SPI
        33 | 0000000c00000008010100ff | more transforms than the limit | SA proposal transform count
        33 | 0000000c0000000301010000 | proposal shorter than its header | SA proposal length
        34 | 00000008001f0000 | no key exchange data | KE data
        40 | 00000013000102030405060708090a0b0c0d0e | 15 octets of nonce | Ni, Nr data
        42 | 0000000803040401 | more SPIs than the limit | D SPI count
        42 | 0000000803000001 | an SPI of no octets | D SPI size
        42 | 0000000901000000ff | octets behind the SPIs | D end
        44 | 000000180100000007000010000a00090a0000010a0000ff | end port below start port | TS selector end port
        44 | 00000018010000000700001000000fff0a0000020a000001 | end below start | TS selector ending address
        44 | 000000190100000007000011000a00ff0a0000010a0000ff00 | an octet behind the range | TS selector end
        44 | 00000008ff000000 | more selectors than the limit | TSi selector count
        45 | 00000030010000000800002800000fff00000000000000000000ffff0a00000100000000000000000000ffff0a000002 | mapped | TS selector starting address
        48 | 000000080205000a | EAP length is not what came | EAP length
        53 | 0000000800000001 | fragment 0 | SKF fragment number
        53 | 0000000800030002 | fragment 3 of 2 | SKF fragment number
        """)
    void isRefusedNamingTheField(int type, String chain, String why, String field) {
        byte[] octets = HexFormat.of().parseHex(chain);
        MalformedMessage fault = assertThrows(MalformedMessage.class, () -> PayloadChain.read(type, octets, 0), why);
        assertEquals(field, fault.field(), fault.getMessage());
    }

    @Test
    void namesTheOffsetFromTheStartOfTheMessage() {
        MalformedMessage fault = assertThrows(
                MalformedMessage.class,
                () -> PayloadChain.read(41, HexFormat.of().parseHex("2a000008000040002a"), 0));
        assertEquals(9, fault.offset());
        assertEquals("payload flags at octet 9: needs 1 octets, 0 are left", fault.getMessage());
    }

    @Test
    void payloadsAreCounted() {
        List<Payload> many = IntStream.rangeClosed(1, Limits.PAYLOADS + 1)
                .mapToObj(i -> (Payload) new VendorIdPayload(Octets.ofInt(i)))
                .toList();
        byte[] octets = PayloadChain.write(many);
        assertThrows(MalformedMessage.class, () -> PayloadChain.read(43, octets));
    }

    @Test
    void proposalsAndAttributesAreCounted() {
        Proposal empty = new Proposal(1, 3, Octets.EMPTY, List.of());
        List<Payload> proposals = List.of(new SaPayload(
                IntStream.rangeClosed(0, Limits.PROPOSALS).mapToObj(i -> empty).toList()));
        assertThrows(MalformedMessage.class, () -> PayloadChain.read(33, PayloadChain.write(proposals)));

        Transform loaded = new Transform(
                1,
                12,
                IntStream.rangeClosed(0, Limits.TRANSFORM_ATTRIBUTES)
                        .mapToObj(i -> TransformAttribute.keyLength(128))
                        .toList());
        List<Payload> attributes = List.of(new SaPayload(List.of(new Proposal(1, 3, Octets.EMPTY, List.of(loaded)))));
        assertThrows(MalformedMessage.class, () -> PayloadChain.read(33, PayloadChain.write(attributes)));

        List<Payload> configuration = List.of(new ConfigurationPayload(
                1,
                IntStream.rangeClosed(0, Limits.CONFIGURATION_ATTRIBUTES)
                        .mapToObj(i -> new ConfigurationPayload.Attribute(1, Octets.EMPTY))
                        .toList()));
        assertThrows(MalformedMessage.class, () -> PayloadChain.read(47, PayloadChain.write(configuration)));
    }

    @Test
    void nothingEncryptedWithinWhatWasEncrypted() {
        byte[] nested = PayloadChain.write(List.of(EncryptedPayload.blank(0, 32)));
        assertThrows(MalformedMessage.class, () -> PayloadChain.read(46, nested));
    }

    @Test
    void octetsWithoutAPayloadAreTooMany() {
        MalformedMessage fault = assertThrows(MalformedMessage.class, () -> PayloadChain.read(0, new byte[3]));
        assertEquals("payload end at octet 0: 3 octets too many", fault.getMessage());
    }
}
