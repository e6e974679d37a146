package io.portcullis.ipsec.ike.wire;

import static io.portcullis.ipsec.ike.iana.ExchangeType.CREATE_CHILD_SA;
import static io.portcullis.ipsec.ike.iana.ExchangeType.IKE_AUTH;
import static io.portcullis.ipsec.ike.iana.ExchangeType.IKE_SA_INIT;
import static io.portcullis.ipsec.ike.iana.ExchangeType.IKE_SESSION_RESUME;
import static io.portcullis.ipsec.ike.iana.ExchangeType.INFORMATIONAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.capture.Capture;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageTableTest {
    private static final boolean REQUEST = false;
    private static final boolean RESPONSE = true;

    private static final SaPayload SA = new SaPayload(List.of());
    private static final KePayload KE = new KePayload(31, Octets.ofInt(1));
    private static final NoncePayload NONCE = new NoncePayload(Octets.zeros(16));
    private static final IdPayload ID_I = new IdPayload(true, 2, Octets.EMPTY);
    private static final IdPayload ID_R = new IdPayload(false, 2, Octets.EMPTY);
    private static final AuthPayload AUTH = new AuthPayload(2, Octets.EMPTY);
    private static final TsPayload TS_I = new TsPayload(true, List.of());
    private static final TsPayload TS_R = new TsPayload(false, List.of());
    private static final EapPayload EAP = new EapPayload(Octets.ofInt(0x03000004));
    private static final DeletePayload DELETE = new DeletePayload(1, List.of());
    private static final NotifyPayload NOTIFY = new NotifyPayload(NotifyType.NO_PROPOSAL_CHOSEN.id(), Octets.EMPTY);
    private static final VendorIdPayload VENDOR = new VendorIdPayload(Octets.EMPTY);

    @Test
    void whatAnotherImplementationSendsIsAllowed() throws MalformedMessage {
        for (Capture capture : List.of(Capture.psk(), Capture.eap())) {
            for (int number : capture.numbers()) {
                Message message = MessageCodec.read(capture.message(number));
                assertEquals(List.of(), MessageTable.check(message), "message " + number);
                if (capture.isSealed(number)) {
                    int first = message.sealed().orElseThrow().firstInner();
                    Message opened = message.open(PayloadChain.read(first, capture.inner(number)));
                    assertEquals(List.of(), MessageTable.check(opened), "opened " + number);
                }
            }
        }
    }

    @Test
    void everyFormIsChosenByAMessageOfIts() {
        Set<MessageForm> seen = EnumSet.noneOf(MessageForm.class);
        seen.add(form(IKE_SA_INIT, REQUEST, SA, KE, NONCE, NOTIFY, VENDOR));
        seen.add(form(IKE_SA_INIT, RESPONSE, SA, KE, NONCE));
        seen.add(form(IKE_SA_INIT, RESPONSE, NOTIFY));
        seen.add(form(IKE_AUTH, REQUEST, ID_I, AUTH, SA, TS_I, TS_R));
        seen.add(form(IKE_AUTH, REQUEST, ID_I, AUTH));
        seen.add(form(IKE_AUTH, REQUEST, EAP));
        seen.add(form(IKE_AUTH, REQUEST, AUTH));
        seen.add(form(IKE_AUTH, RESPONSE, ID_R, AUTH, SA, TS_I, TS_R));
        seen.add(form(IKE_AUTH, RESPONSE, ID_R, AUTH, EAP));
        seen.add(form(IKE_AUTH, RESPONSE, ID_R, AUTH, NOTIFY));
        seen.add(form(IKE_AUTH, RESPONSE, NOTIFY));
        seen.add(form(CREATE_CHILD_SA, REQUEST, NOTIFY, SA, NONCE, KE, TS_I, TS_R));
        seen.add(form(CREATE_CHILD_SA, REQUEST, SA, NONCE, KE));
        seen.add(form(CREATE_CHILD_SA, RESPONSE, SA, NONCE, TS_I, TS_R));
        seen.add(form(CREATE_CHILD_SA, RESPONSE, SA, NONCE, KE));
        seen.add(form(CREATE_CHILD_SA, RESPONSE, NOTIFY));
        seen.add(form(INFORMATIONAL, REQUEST, DELETE, DELETE, NOTIFY));
        seen.add(form(INFORMATIONAL, RESPONSE));
        assertEquals(EnumSet.allOf(MessageForm.class), seen);
    }

    @Test
    void whatIsMissingIsNamed() {
        Payload[] whole = {SA, KE, NONCE};
        for (Payload missing : whole) {
            List<Payload> rest = new ArrayList<>(Arrays.asList(whole));
            rest.remove(missing);
            List<Violation> violations = MessageTable.check(message(IKE_SA_INIT, REQUEST, rest));
            assertEquals(1, violations.size());
            assertEquals(missing.payloadType(), violations.getFirst().payloadType());
        }
        assertEquals(
                "[KE: 0 found, 1 allowed in SA_INIT_REQUEST]",
                MessageTable.check(message(IKE_SA_INIT, REQUEST, List.of(SA, NONCE)))
                        .toString());
    }

    @Test
    void aChildIsAskedForWhollyOrNotAtAll() {
        assertEquals(
                "[TSi: 0 found, 1 allowed in AUTH_REQUEST]",
                MessageTable.check(message(IKE_AUTH, REQUEST, List.of(ID_I, AUTH, SA, TS_R)))
                        .toString());
        assertEquals(
                "[TSi: 1 found, 0 allowed in AUTH_CHILDLESS_REQUEST]",
                MessageTable.check(message(IKE_AUTH, REQUEST, List.of(ID_I, AUTH, TS_I)))
                        .toString());
    }

    @Test
    void whatIsTooMuchIsNamed() {
        assertEquals(
                "[SA: 2 found, 1 allowed in SA_INIT_REQUEST, AUTH: 1 found, 0 allowed in SA_INIT_REQUEST]",
                MessageTable.check(message(IKE_SA_INIT, REQUEST, List.of(SA, SA, KE, NONCE, AUTH)))
                        .toString());
        List<Payload> flood = new ArrayList<>(List.of(SA, KE, NONCE));
        flood.addAll(Collections.nCopies(65, NOTIFY));
        assertEquals(
                "[N: 65 found, 0..64 allowed in SA_INIT_REQUEST]",
                MessageTable.check(message(IKE_SA_INIT, REQUEST, flood)).toString());
    }

    @Test
    void nothingOfAnEncryptedExchangeStandsInTheClear() {
        EncryptedPayload sk = EncryptedPayload.blank(0, 32);
        Header header = Header.of(1, 2, IKE_AUTH.id(), true, false, 1);
        assertEquals(List.of(), MessageTable.check(new Message(header, List.of(sk))));
        assertEquals(
                "[N: stands outside the encryption]",
                MessageTable.check(new Message(header, List.of(NOTIFY, sk))).toString());
        assertEquals(
                "[IDi: stands outside the encryption, SK: 0 found, 1 required]",
                MessageTable.check(new Message(header, List.of(ID_I))).toString());
        Header init = Header.of(1, 0, IKE_SA_INIT.id(), true, false, 0);
        assertEquals(
                List.of(PayloadType.SK.id()),
                MessageTable.check(new Message(init, List.of(SA, KE, NONCE, sk))).stream()
                        .map(Violation::payloadType)
                        .toList());
    }

    @Test
    void aNoticeWithoutProtectionIsToldApart() {
        Header header = Header.of(1, 2, INFORMATIONAL.id(), false, true, 0);
        assertTrue(MessageTable.isUnprotectedNotice(new Message(header, List.of(NOTIFY))));
        assertFalse(MessageTable.isUnprotectedNotice(new Message(header, List.of())));
        assertFalse(MessageTable.isUnprotectedNotice(new Message(header, List.of(NOTIFY, DELETE))));
        assertFalse(MessageTable.isUnprotectedNotice(message(INFORMATIONAL, RESPONSE, List.of(NOTIFY))));
        assertFalse(MessageTable.check(new Message(header, List.of(NOTIFY))).isEmpty(), "and it is no answer");
    }

    @Test
    void anExchangeThatIsNotSpokenIsOneViolation() {
        assertEquals(
                "[exchange IKE_SESSION_RESUME is not spoken here]",
                MessageTable.check(message(IKE_SESSION_RESUME, REQUEST, List.of()))
                        .toString());
        Header header = Header.of(1, 2, 250, true, false, 0);
        assertEquals(
                "[exchange EXCHANGE(250) is not spoken here]",
                MessageTable.check(new Message(header, List.of())).toString());
    }

    @Test
    void unknownPayloadsArePassedOverUnlessCritical() {
        UnknownPayload harmless = new UnknownPayload(200, false, Octets.EMPTY);
        UnknownPayload puzzle = new UnknownPayload(PayloadType.PS.id(), false, Octets.EMPTY);
        UnknownPayload critical = new UnknownPayload(201, true, Octets.EMPTY);
        List<Payload> payloads = List.of(harmless, SA, KE, puzzle, NONCE);
        assertEquals(List.of(), MessageTable.check(message(IKE_SA_INIT, REQUEST, payloads)));
        assertEquals(Optional.empty(), PayloadChain.unsupportedCritical(payloads));
        assertEquals(Optional.of(critical), PayloadChain.unsupportedCritical(List.of(SA, harmless, critical)));
    }

    private static MessageForm form(ExchangeType exchange, boolean response, Payload... payloads) {
        Message message = message(exchange, response, List.of(payloads));
        assertEquals(List.of(), MessageTable.check(message), message.toString());
        return MessageForm.of(message).orElseThrow();
    }

    private static Message message(ExchangeType exchange, boolean response, List<Payload> payloads) {
        Header header = Header.of(1, 2, exchange.id(), !response, response, 0);
        return exchange == IKE_SA_INIT ? new Message(header, payloads) : new Message(header, List.of()).open(payloads);
    }
}
