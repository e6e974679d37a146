package io.portcullis.ipsec.ike.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.capture.Capture;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.TransformType;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Another implementation's messages, octet by octet, and what random damage makes of them. */
class CapturedMessageTest {
    private static final long SEED = 0x706f7274L;

    @Test
    void everyCapturedMessageIsReadAndWrittenBackOctetByOctet() throws MalformedMessage {
        for (Capture capture : List.of(Capture.psk(), Capture.eap())) {
            for (int number : capture.numbers()) {
                byte[] octets = capture.message(number);
                Message message = MessageCodec.read(octets);
                assertArrayEquals(octets, MessageCodec.write(message), "message " + number);
                if (capture.isSealed(number)) {
                    byte[] inner = capture.inner(number);
                    int first = message.sealed().orElseThrow().firstInner();
                    List<Payload> payloads = PayloadChain.read(first, inner);
                    assertEquals(first, PayloadChain.firstType(payloads));
                    assertArrayEquals(inner, PayloadChain.write(payloads), "inner of " + number);
                }
            }
        }
    }

    @Test
    void anIkeSaInitRequestMeansWhatCharonLogged() throws MalformedMessage {
        Message message = MessageCodec.read(Capture.psk().message(1));
        assertEquals(0xdd98cc06289e0438L, message.header().initiatorSpi());
        assertEquals(0, message.header().responderSpi());
        assertTrue(message.header().initiator());
        SaPayload sa = message.one(SaPayload.class);
        assertEquals(
                List.of(1, 2), sa.proposals().stream().map(Proposal::number).toList());
        Transform encr = sa.proposals().getFirst().of(TransformType.ENCR.id()).getFirst();
        assertEquals(12, encr.id());
        assertEquals(128, encr.keyBits().orElseThrow());
        assertEquals(31, message.one(KePayload.class).group());
        assertEquals(32, message.one(KePayload.class).data().size());
        assertEquals(
                20,
                message.notify(NotifyType.NAT_DETECTION_SOURCE_IP.id())
                        .orElseThrow()
                        .data()
                        .size());
    }

    @Test
    void whatWasEncryptedMeansWhatCharonLogged() throws MalformedMessage {
        Message sealed = MessageCodec.read(Capture.psk().message(3));
        Message message = sealed.open(PayloadChain.read(
                sealed.sealed().orElseThrow().firstInner(), Capture.psk().inner(3)));
        assertEquals(
                Octets.of((byte) 'g', (byte) 'w', (byte) 'A'),
                message.one(IdPayload.class).data());
        List<TsPayload> selectors = message.all(TsPayload.class);
        assertEquals("[10.1.0.0/24]", selectors.get(0).selectors().toString());
        assertEquals("[10.2.0.0/24]", selectors.get(1).selectors().toString());
        assertTrue(message.notify(NotifyType.EAP_ONLY_AUTHENTICATION.id()).isPresent());
    }

    @Test
    void randomOctetsAreReadOrRefused() {
        Random random = new Random(SEED);
        Map<Boolean, Integer> seen = new java.util.HashMap<>();
        for (int round = 0; round < 100_000; round++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            int type = round % 3 == 0 ? random.nextInt(256) : 33 + random.nextInt(22);
            seen.merge(survives(type, octets, round), 1, Integer::sum);
        }
        assertEquals(2, seen.size(), "seed " + SEED + " must reach both ends: " + seen);
    }

    @Test
    void damagedMessagesAreReadOrRefused() {
        Random random = new Random(SEED);
        Capture capture = Capture.psk();
        Capture eap = Capture.eap();
        List<byte[]> chains = List.of(
                capture.inner(3), capture.inner(4), capture.inner(5), capture.inner(9), eap.inner(3), eap.inner(4));
        List<Integer> types = List.of(35, 36, 41, 33, 35, 36);
        for (int round = 0; round < 60_000; round++) {
            int which = random.nextInt(chains.size());
            byte[] octets = chains.get(which).clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            survives(types.get(which), octets, round);
        }
    }

    @Test
    void damagedOuterMessagesAreReadOrRefused() {
        Random random = new Random(SEED);
        byte[] whole = Capture.psk().message(1);
        for (int round = 0; round < 50_000; round++) {
            byte[] octets = whole.clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                Message message = MessageCodec.read(octets);
                assertEquals(message, MessageCodec.read(MessageCodec.write(message)));
            } catch (MalformedMessage expected) {
                assertTrue(expected.offset() <= octets.length);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + " round " + round, e);
            }
        }
    }

    /** True when it was read; then what was read can be written and is read the same again. */
    private static boolean survives(int type, byte[] octets, int round) {
        try {
            List<Payload> payloads = PayloadChain.read(type, octets, 0);
            assertEquals(
                    payloads, PayloadChain.read(PayloadChain.firstType(payloads), PayloadChain.write(payloads), 0));
            return true;
        } catch (MalformedMessage expected) {
            assertTrue(expected.offset() >= 0 && expected.offset() <= octets.length, expected.getMessage());
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + SEED + " round " + round + ": " + HexFormat.of().formatHex(octets), e);
        }
    }
}
