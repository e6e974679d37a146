package io.portcullis.ipsec.ike.wire;

import static io.portcullis.ipsec.ike.iana.ExchangeType.CREATE_CHILD_SA;
import static io.portcullis.ipsec.ike.iana.ExchangeType.IKE_AUTH;
import static io.portcullis.ipsec.ike.iana.ExchangeType.IKE_SA_INIT;
import static io.portcullis.ipsec.ike.iana.ExchangeType.INFORMATIONAL;
import static io.portcullis.ipsec.ike.iana.PayloadType.AUTH;
import static io.portcullis.ipsec.ike.iana.PayloadType.CERT;
import static io.portcullis.ipsec.ike.iana.PayloadType.CERTREQ;
import static io.portcullis.ipsec.ike.iana.PayloadType.CP;
import static io.portcullis.ipsec.ike.iana.PayloadType.DELETE;
import static io.portcullis.ipsec.ike.iana.PayloadType.EAP;
import static io.portcullis.ipsec.ike.iana.PayloadType.ID_I;
import static io.portcullis.ipsec.ike.iana.PayloadType.ID_R;
import static io.portcullis.ipsec.ike.iana.PayloadType.KE;
import static io.portcullis.ipsec.ike.iana.PayloadType.NONCE;
import static io.portcullis.ipsec.ike.iana.PayloadType.NONE;
import static io.portcullis.ipsec.ike.iana.PayloadType.NOTIFY;
import static io.portcullis.ipsec.ike.iana.PayloadType.SA;
import static io.portcullis.ipsec.ike.iana.PayloadType.TS_I;
import static io.portcullis.ipsec.ike.iana.PayloadType.TS_R;
import static io.portcullis.ipsec.ike.iana.PayloadType.VENDOR;
import static io.portcullis.ipsec.ike.wire.PayloadCount.any;
import static io.portcullis.ipsec.ike.wire.PayloadCount.one;
import static io.portcullis.ipsec.ike.wire.PayloadCount.optional;
import static io.portcullis.ipsec.ike.wire.PayloadCount.some;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a message may contain (RFC 7296 appendix C), one row a form. An exchange has several forms in a direction where
 * the RFC gives it several: the first row whose marker is in the message is the one it is held against. NOTIFY and
 * VENDOR are allowed in all of them.
 */
enum MessageForm {
    //                    exchange        response marker  contents
    SA_INIT_REQUEST(IKE_SA_INIT, false, NONE, one(SA), one(KE), one(NONCE), any(NOTIFY)),
    SA_INIT_ANSWER(IKE_SA_INIT, true, SA, one(SA), one(KE), one(NONCE), any(CERTREQ), any(NOTIFY)),
    /** COOKIE, INVALID_KE_PAYLOAD, NO_PROPOSAL_CHOSEN: sections 2.6, 1.2, 2.7. */
    SA_INIT_REFUSAL(IKE_SA_INIT, true, NONE, some(NOTIFY)),

    AUTH_EAP_REQUEST(IKE_AUTH, false, EAP, one(EAP), any(NOTIFY)),
    /** Without AUTH it asks for EAP (section 2.16). */
    AUTH_REQUEST(
            IKE_AUTH,
            false,
            SA,
            one(ID_I),
            optional(ID_R),
            any(CERT),
            any(CERTREQ),
            optional(AUTH),
            optional(CP),
            one(SA),
            one(TS_I),
            one(TS_R),
            any(NOTIFY)),
    /** RFC 6023. */
    AUTH_CHILDLESS_REQUEST(
            IKE_AUTH,
            false,
            ID_I,
            one(ID_I),
            optional(ID_R),
            any(CERT),
            any(CERTREQ),
            optional(AUTH),
            optional(CP),
            any(NOTIFY)),
    AUTH_AFTER_EAP_REQUEST(IKE_AUTH, false, NONE, one(AUTH), any(NOTIFY)),

    AUTH_EAP_ANSWER(IKE_AUTH, true, EAP, optional(ID_R), any(CERT), optional(AUTH), one(EAP), any(NOTIFY)),
    /** IDr is missing only in the answer that ends EAP. */
    AUTH_ANSWER(
            IKE_AUTH,
            true,
            SA,
            optional(ID_R),
            any(CERT),
            one(AUTH),
            optional(CP),
            one(SA),
            one(TS_I),
            one(TS_R),
            any(NOTIFY)),
    /** The IKE SA stands, its first child does not (section 1.2), or none was asked for. */
    AUTH_CHILDLESS_ANSWER(IKE_AUTH, true, AUTH, optional(ID_R), any(CERT), one(AUTH), optional(CP), any(NOTIFY)),
    AUTH_REFUSAL(IKE_AUTH, true, NONE, some(NOTIFY)),

    CHILD_REQUEST(
            CREATE_CHILD_SA,
            false,
            TS_I,
            one(SA),
            one(NONCE),
            optional(KE),
            one(TS_I),
            one(TS_R),
            optional(CP),
            any(NOTIFY)),
    REKEY_IKE_REQUEST(CREATE_CHILD_SA, false, NONE, one(SA), one(NONCE), one(KE), any(NOTIFY)),
    CHILD_ANSWER(
            CREATE_CHILD_SA,
            true,
            TS_I,
            one(SA),
            one(NONCE),
            optional(KE),
            one(TS_I),
            one(TS_R),
            optional(CP),
            any(NOTIFY)),
    REKEY_IKE_ANSWER(CREATE_CHILD_SA, true, SA, one(SA), one(NONCE), one(KE), any(NOTIFY)),
    CREATE_CHILD_REFUSAL(CREATE_CHILD_SA, true, NONE, some(NOTIFY)),

    INFORMATIONAL_REQUEST(INFORMATIONAL, false, NONE, any(NOTIFY), any(DELETE), optional(CP)),
    INFORMATIONAL_ANSWER(INFORMATIONAL, true, NONE, any(NOTIFY), any(DELETE), optional(CP));

    private final ExchangeType exchange;
    private final boolean response;
    private final PayloadType marker;
    private final List<PayloadCount> counts;

    MessageForm(ExchangeType exchange, boolean response, PayloadType marker, PayloadCount... counts) {
        this.exchange = exchange;
        this.response = response;
        this.marker = marker;
        this.counts = List.of(counts);
    }

    /** The form this message is held against; none for an exchange that is not spoken here. */
    static Optional<MessageForm> of(Message message) {
        return Arrays.stream(values())
                .filter(form -> form.exchange.id() == message.header().exchangeType())
                .filter(form -> form.response == message.header().response())
                .filter(form -> form.marker == NONE || PayloadCount.in(message, form.marker) > 0)
                .findFirst();
    }

    /** Whether everything in it must be encrypted. */
    boolean isEncrypted() {
        return exchange != IKE_SA_INIT;
    }

    /** How often a payload may stand in it. */
    PayloadCount allowed(PayloadType type) {
        return counts.stream()
                .filter(count -> count.type() == type)
                .findFirst()
                .orElse(type == VENDOR ? any(VENDOR) : PayloadCount.no(type));
    }
}
