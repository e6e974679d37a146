package io.portcullis.ipsec.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.ipsec.ike.capture.Capture;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.wire.AuthPayload;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.SealedPayload;
import io.portcullis.ipsec.sa.EspSuite;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another implementation's whole life of an IKE SA: its keys, its AUTH payloads and everything it encrypted. */
final class CapturedKeysTest {
    private static final byte[] PSK = "labsecret-Not-For-Production".getBytes(StandardCharsets.US_ASCII);
    private static final EspSuite SUITE = new EspSuite(Encr.AES_CBC, 128, Integ.HMAC_SHA2_256_128);
    private static final int LAST_OF_FIRST_SA = 12;
    private final Capture capture = Capture.psk();

    private Message message(int number) throws Exception {
        return MessageCodec.read(capture.message(number));
    }

    private List<Payload> inner(int number) throws Exception {
        SealedPayload sealed = message(number).sealed().orElseThrow();
        return PayloadChain.read(sealed.firstInner(), capture.inner(number));
    }

    private static <P extends Payload> P one(List<Payload> payloads, Class<P> kind) {
        return payloads.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private IkeKeys first() throws Exception {
        Message answer = message(2);
        return IkeKeys.first(
                Prf.HMAC_SHA2_256,
                SUITE,
                capture.key("DH"),
                message(1).one(NoncePayload.class).data().toArray(),
                answer.one(NoncePayload.class).data().toArray(),
                answer.header().initiatorSpi(),
                answer.header().responderSpi());
    }

    private IkeKeys rekeyed() throws Exception {
        List<Payload> request = inner(9);
        List<Payload> answer = inner(10);
        return first().rekeyed(
                        Prf.HMAC_SHA2_256,
                        SUITE,
                        capture.key("REKEYED.DH"),
                        one(request, NoncePayload.class).data().toArray(),
                        one(answer, NoncePayload.class).data().toArray(),
                        one(request, SaPayload.class)
                                .proposals()
                                .getFirst()
                                .spi()
                                .toLong(),
                        one(answer, SaPayload.class)
                                .proposals()
                                .getFirst()
                                .spi()
                                .toLong());
    }

    private void assertKeys(String prefix, IkeKeys keys) {
        assertArrayEquals(capture.key(prefix + "SK_D"), keys.others()[0]);
        assertArrayEquals(capture.key(prefix + "SK_AI"), keys.initiator().integrity());
        assertArrayEquals(capture.key(prefix + "SK_AR"), keys.responder().integrity());
        assertArrayEquals(capture.key(prefix + "SK_EI"), keys.initiator().encryption());
        assertArrayEquals(capture.key(prefix + "SK_ER"), keys.responder().encryption());
        assertArrayEquals(capture.key(prefix + "SK_PI"), keys.others()[1]);
        assertArrayEquals(capture.key(prefix + "SK_PR"), keys.others()[2]);
    }

    @Test
    void keysOfTheFirstSaAndOfItsSuccessor() throws Exception {
        assertKeys("", first());
        assertKeys("REKEYED.", rekeyed());
    }

    @Test
    void authOfBothSides() throws Exception {
        byte[] ni = message(1).one(NoncePayload.class).data().toArray();
        byte[] nr = message(2).one(NoncePayload.class).data().toArray();
        byte[] idI = one(inner(3), IdPayload.class).rest().toArray();
        byte[] idR = one(inner(4), IdPayload.class).rest().toArray();
        assertArrayEquals(
                one(inner(3), AuthPayload.class).data().toArray(),
                first().pskAuth(true, PSK, capture.message(1), nr, idI));
        assertArrayEquals(
                one(inner(4), AuthPayload.class).data().toArray(),
                first().pskAuth(false, PSK, capture.message(2), ni, idR));
    }

    @Test
    void everythingEncryptedOpens() throws Exception {
        int opened = 0;
        for (int number : capture.numbers()) {
            if (!capture.isSealed(number)) {
                continue;
            }
            Message message = message(number);
            IkeKeys keys = number > LAST_OF_FIRST_SA ? rekeyed() : first();
            SealedMessage direction = new SealedMessage(
                    SUITE, message.header().initiator() ? keys.initiator() : keys.responder(), new SecureRandom());
            byte[] octets = capture.message(number);
            int body = MessageCodec.associatedOctets(octets, message.sealed().orElseThrow());
            assertArrayEquals(
                    capture.inner(number), direction.open(octets, body).orElseThrow(), "message " + number);
            opened++;
        }
        assertEquals(14, opened);
    }
}
