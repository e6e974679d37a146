package io.portcullis.ipsec.ike.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Five tests for every payload format, over one table; the octets are laid out by hand from RFC 7296 section 3. */
class PayloadFormatTest {
    /**
     * @param body hexadecimal, without the generic header
     * @param legalCuts body lengths below the whole at which a shortened payload is still well formed
     * @param printed what toString must be
     */
    record Format(Payload value, String body, Set<Integer> legalCuts, String printed) {
        @Override
        public String toString() {
            return value.getClass().getSimpleName();
        }
    }

    private static final Octets SIXTEEN = Octets.hex("000102030405060708090a0b0c0d0e0f");

    static Stream<Format> formats() {
        return Stream.of(
                new Format(
                        new SaPayload(List.of(
                                new Proposal(
                                        1,
                                        1,
                                        Octets.hex("a0a1a2a3a4a5a6a7"),
                                        List.of(Transform.withKeyBits(1, 12, 256), new Transform(2, 5))),
                                new Proposal(
                                        2,
                                        3,
                                        Octets.hex("c0c1c2c3"),
                                        List.of(new Transform(
                                                1,
                                                0xfff0,
                                                List.of(new TransformAttribute(
                                                        0x7001, false, Octets.hex("112233")))))))),
                        "0200002401010802a0a1a2a3a4a5a6a7"
                                + "0300000c0100000c800e0100"
                                + "0000000802000005"
                                + "0000001b02030401c0c1c2c3"
                                + "0000000f0100fff070010003112233",
                        Set.of(),
                        "SaPayload[proposals=[Proposal[number=1, protocol=1, spi=a0a1a2a3a4a5a6a7, transforms=["
                                + "Transform[type=1, id=12, attributes=[TransformAttribute[type=14, fixed=true,"
                                + " value=0100]]], Transform[type=2, id=5, attributes=[]]]], Proposal[number=2,"
                                + " protocol=3, spi=c0c1c2c3, transforms=[Transform[type=1, id=65520,"
                                + " attributes=[TransformAttribute[type=28673, fixed=false, value=112233]]]]]]]"),
                new Format(
                        new KePayload(31, Octets.hex("0102030405")),
                        "001f00000102030405",
                        Set.of(5, 6, 7, 8),
                        "KePayload[group=31, data=0102030405]"),
                new Format(
                        new IdPayload(true, 2, 0x0a0b0c, Octets.hex("677741")),
                        "020a0b0c677741",
                        Set.of(4, 5, 6),
                        "IdPayload[initiator=true, type=2, reserved=658188, data=677741]"),
                new Format(
                        new IdPayload(false, 1, Octets.hex("c0000202")),
                        "01000000c0000202",
                        Set.of(4, 5, 6, 7),
                        "IdPayload[initiator=false, type=1, reserved=0, data=c0000202]"),
                new Format(
                        new CertPayload(4, Octets.hex("3000")),
                        "043000",
                        Set.of(1, 2),
                        "CertPayload[encoding=4, data=3000]"),
                new Format(
                        new CertReqPayload(4, Octets.hex("00010203")),
                        "0400010203",
                        Set.of(1, 2, 3, 4),
                        "CertReqPayload[encoding=4, authority=00010203]"),
                new Format(
                        new AuthPayload(2, Octets.hex("deadbeef")),
                        "02000000deadbeef",
                        Set.of(4, 5, 6, 7),
                        "AuthPayload[method=2, data=4 octets]"),
                new Format(
                        new NoncePayload(Octets.hex(SIXTEEN + "1011")),
                        SIXTEEN + "1011",
                        Set.of(16, 17),
                        "NoncePayload[data=" + SIXTEEN + "1011]"),
                new Format(
                        new NotifyPayload(3, Octets.hex("c0c1c2c3"), 16393, Octets.EMPTY),
                        "03044009c0c1c2c3",
                        Set.of(),
                        "NotifyPayload[protocol=3, spi=c0c1c2c3, type=16393, data=]"),
                new Format(
                        new NotifyPayload(17, Octets.hex("0013")),
                        "000000110013",
                        Set.of(4, 5),
                        "NotifyPayload[protocol=0, spi=, type=17, data=0013]"),
                new Format(
                        new DeletePayload(3, List.of(Octets.hex("c0c1c2c3"), Octets.hex("d0d1d2d3"))),
                        "03040002c0c1c2c3d0d1d2d3",
                        Set.of(),
                        "DeletePayload[protocol=3, spis=[c0c1c2c3, d0d1d2d3]]"),
                new Format(new DeletePayload(1, List.of()), "01000000", Set.of(), "DeletePayload[protocol=1, spis=[]]"),
                new Format(
                        new VendorIdPayload(Octets.hex("afcad713")),
                        "afcad713",
                        Set.of(0, 1, 2, 3),
                        "VendorIdPayload[data=afcad713]"),
                new Format(
                        new TsPayload(
                                true,
                                List.of(
                                        selector(6, 80, 443, "10.1.0.0", "10.1.0.255"),
                                        selector(0, 65_535, 0, "2001:db8::1", "2001:db8::ffff")),
                                List.of(Octets.hex("0a000007612e62"))),
                        "03000000"
                                + "070600100050" + "01bb0a0100000a0100ff"
                                + "08000028ffff0000"
                                + "20010db8000000000000000000000001"
                                + "20010db800000000000000000000ffff"
                                + "0a000007612e62",
                        Set.of(),
                        "TsPayload[initiator=true, selectors=[10.1.0.0/24[6/80-443],"
                                + " 2001:db8::1-2001:db8::ffff[any/65535-0]], others=[0a000007612e62]]"),
                new Format(
                        new TsPayload(false, List.of()),
                        "00000000",
                        Set.of(),
                        "TsPayload[initiator=false, selectors=[], others=[]]"),
                new Format(
                        new ConfigurationPayload(
                                2,
                                List.of(
                                        new ConfigurationPayload.Attribute(1, Octets.hex("0a630001")),
                                        new ConfigurationPayload.Attribute(3, Octets.EMPTY))),
                        "02000000000100040a63000100030000",
                        Set.of(4, 12),
                        "ConfigurationPayload[type=2, attributes=[Attribute[type=1, value=0a630001],"
                                + " Attribute[type=3, value=]]]"),
                new Format(
                        new EapPayload(Octets.hex("0205000a01616c696365")),
                        "0205000a01616c696365",
                        Set.of(),
                        "EapPayload[code=2, identifier=5, 10 octets]"),
                new Format(
                        new EncryptedPayload(35, Octets.hex("0102030405")),
                        "0102030405",
                        Set.of(0, 1, 2, 3, 4),
                        "EncryptedPayload[firstInner=35, body=0102030405]"),
                new Format(
                        new EncryptedFragmentPayload(0, 2, 3, Octets.hex("0102")),
                        "000200030102",
                        Set.of(4, 5),
                        "EncryptedFragmentPayload[firstInner=0, number=2, total=3, body=0102]"),
                new Format(
                        new UnknownPayload(200, true, Octets.hex("99")),
                        "99",
                        Set.of(0),
                        "UnknownPayload[payloadType=200, critical=true, body=99]"));
    }

    private static TrafficSelector selector(int protocol, int firstPort, int lastPort, String first, String last) {
        return new TrafficSelector(
                protocol, firstPort, lastPort, new IpRange(IpAddress.literal(first), IpAddress.literal(last)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void takesApart(Format format) throws MalformedMessage {
        assertEquals(List.of(format.value), readOne(format, HexFormat.of().parseHex(format.body)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void putsTogetherLeavingNoOctetUnwritten(Format format) {
        byte[] dirty = new byte[512];
        Arrays.fill(dirty, (byte) 0xa5);
        Writer out = new Writer(dirty);
        PayloadChain.write(List.of(format.value), out);
        assertArrayEquals(chain(format, HexFormat.of().parseHex(format.body)), out.toArray());
        assertEquals((byte) 0xa5, dirty[out.size()], "nothing behind the end");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void refusesEveryTruncationThatLosesAField(Format format) throws MalformedMessage {
        byte[] body = HexFormat.of().parseHex(format.body);
        for (int cut = 0; cut < body.length; cut++) {
            byte[] shortened = Arrays.copyOf(body, cut);
            if (format.legalCuts.contains(cut)) {
                assertEquals(1, readOne(format, shortened).size(), "cut at " + cut);
            } else {
                assertThrows(MalformedMessage.class, () -> readOne(format, shortened), "cut at " + cut);
            }
        }
        byte[] chain = chain(format, body);
        for (int cut = 0; cut < chain.length; cut++) {
            byte[] shortened = Arrays.copyOf(chain, cut);
            assertThrows(
                    MalformedMessage.class,
                    () -> PayloadChain.read(format.value.payloadType(), shortened, 0),
                    "chain cut at " + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void roundTripsBesideOthers(Format format) throws MalformedMessage {
        List<Payload> around = List.of(new NoncePayload(SIXTEEN), new VendorIdPayload(SIXTEEN), format.value);
        byte[] octets = PayloadChain.write(around);
        assertEquals(around, PayloadChain.read(PayloadChain.firstType(around), octets, 0));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void prints(Format format) {
        assertEquals(format.printed, format.value.toString());
    }

    @Test
    void everyPayloadHasAFormatHere() {
        Set<Class<?>> tested =
                Set.copyOf(formats().map(f -> f.value.getClass()).distinct().toList());
        Stream<Class<?>> all = Stream.concat(
                Arrays.stream(Payload.class.getPermittedSubclasses()).filter(c -> !c.isInterface()),
                Arrays.stream(SealedPayload.class.getPermittedSubclasses()));
        assertEquals(tested, Set.copyOf(all.toList()));
    }

    private static List<Payload> readOne(Format format, byte[] body) throws MalformedMessage {
        return PayloadChain.read(format.value.payloadType(), chain(format, body), 0);
    }

    private static byte[] chain(Format format, byte[] body) {
        int length = body.length + 4;
        byte[] out = new byte[length];
        out[0] = (byte) (format.value instanceof SealedPayload sealed ? sealed.firstInner() : 0);
        out[1] = (byte) (format.value instanceof UnknownPayload unknown && unknown.critical() ? 0x80 : 0);
        out[2] = (byte) (length >>> 8);
        out[3] = (byte) length;
        System.arraycopy(body, 0, out, 4, body.length);
        return out;
    }
}
