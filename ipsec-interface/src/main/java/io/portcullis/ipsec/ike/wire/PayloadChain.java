package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chain of payloads (RFC 7296 section 3.2): owns next-payload, critical bit and length, and hands each codec a
 * slice. The dispatch to the codecs stands here, once for each direction.
 */
public final class PayloadChain {
    private static final int GENERIC_HEADER = 4;
    private static final int CRITICAL = 0x80;

    private PayloadChain() {}

    /**
     * The payloads that an Encrypted payload held, padding removed.
     *
     * @param firstType {@link SealedPayload#firstInner()}
     * @throws MalformedMessage also for an Encrypted payload in there, and for octets behind the last payload
     */
    public static List<Payload> read(int firstType, byte[] octets) throws MalformedMessage {
        List<Payload> payloads = read(firstType, octets, 0);
        if (!payloads.isEmpty() && payloads.getLast() instanceof SealedPayload) {
            throw new MalformedMessage(0, "SK content", "an encrypted payload within an encrypted payload");
        }
        return payloads;
    }

    /** The octets of a chain, to be encrypted. Its first type is {@link #firstType}. */
    public static byte[] write(List<? extends Payload> payloads) {
        Writer out = new Writer(new byte[512]);
        write(payloads, out);
        return out.toArray();
    }

    /** Type of the first payload, 0 when there is none: what the header before the chain says. */
    public static int firstType(List<? extends Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE.id() : payloads.getFirst().payloadType();
    }

    /** The first payload that must be refused with UNSUPPORTED_CRITICAL_PAYLOAD, which carries its type. */
    public static Optional<UnknownPayload> unsupportedCritical(List<? extends Payload> payloads) {
        return payloads.stream()
                .filter(UnknownPayload.class::isInstance)
                .map(UnknownPayload.class::cast)
                .filter(UnknownPayload::critical)
                .findFirst();
    }

    static List<Payload> read(int firstType, byte[] octets, int from) throws MalformedMessage {
        Reader in = new Reader(octets, from, octets.length, "payload");
        List<Payload> payloads = new ArrayList<>();
        int type = firstType;
        while (type != PayloadType.NONE.id()) {
            if (payloads.size() == Limits.PAYLOADS) {
                throw in.malformed("chain", "more than " + Limits.PAYLOADS + " payloads");
            }
            int next = in.u8("next payload");
            boolean critical = (in.u8("flags") & CRITICAL) != 0;
            int length = in.u16("length");
            Reader body = in.slice(length - GENERIC_HEADER, "length", PayloadType.nameOf(type));
            Payload payload = readBody(type, critical, next, body);
            body.end();
            payloads.add(payload);
            // An Encrypted payload is the last one: its next-payload names the first one inside.
            type = payload instanceof SealedPayload ? PayloadType.NONE.id() : next;
        }
        in.end();
        return payloads;
    }

    static void write(List<? extends Payload> payloads, Writer out) {
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            if (payload instanceof SealedPayload && i + 1 < payloads.size()) {
                throw new IllegalArgumentException("an encrypted payload is the last of its message");
            }
            int next = payload instanceof SealedPayload last
                    ? last.firstInner()
                    : firstType(payloads.subList(i + 1, payloads.size()));
            // The bit is for types that RFC 7296 does not define (section 3.2).
            boolean critical = payload instanceof UnknownPayload unknown && unknown.critical();
            int from = out.size();
            out.u8(next).u8(critical ? CRITICAL : 0).u16(0);
            writeBody(payload, out);
            out.lengthAt(from + 2, from);
        }
    }

    private static Payload readBody(int typeId, boolean critical, int next, Reader in) throws MalformedMessage {
        Optional<PayloadType> type = PayloadType.of(typeId);
        if (type.isEmpty()) {
            return new UnknownPayload(typeId, critical, in.rest());
        }
        return switch (type.get()) {
            case SA -> SaCodec.read(in);
            case KE -> KeCodec.read(in);
            case ID_I -> IdCodec.read(in, true);
            case ID_R -> IdCodec.read(in, false);
            case CERT -> CertCodec.read(in);
            case CERTREQ -> CertReqCodec.read(in);
            case AUTH -> AuthCodec.read(in);
            case NONCE -> NonceCodec.read(in);
            case NOTIFY -> NotifyCodec.read(in);
            case DELETE -> DeleteCodec.read(in);
            case VENDOR -> VendorIdCodec.read(in);
            case TS_I -> TsCodec.read(in, true);
            case TS_R -> TsCodec.read(in, false);
            case SK -> EncryptedCodec.read(in, next);
            case SKF -> EncryptedCodec.readFragment(in, next);
            case CP -> ConfigurationCodec.read(in);
            case EAP -> EapCodec.read(in);
            // Group keys, secure passwords and puzzles are not spoken here.
            case NONE, GSPM, ID_G, GSA, KD, PS -> new UnknownPayload(typeId, critical, in.rest());
        };
    }

    private static void writeBody(Payload payload, Writer out) {
        switch (payload) {
            case SaPayload sa -> SaCodec.write(sa, out);
            case KePayload ke -> KeCodec.write(ke, out);
            case IdPayload id -> IdCodec.write(id, out);
            case CertPayload cert -> CertCodec.write(cert, out);
            case CertReqPayload certReq -> CertReqCodec.write(certReq, out);
            case AuthPayload auth -> AuthCodec.write(auth, out);
            case NoncePayload nonce -> NonceCodec.write(nonce, out);
            case NotifyPayload notify -> NotifyCodec.write(notify, out);
            case DeletePayload delete -> DeleteCodec.write(delete, out);
            case VendorIdPayload vendor -> VendorIdCodec.write(vendor, out);
            case TsPayload ts -> TsCodec.write(ts, out);
            case EncryptedPayload sk -> EncryptedCodec.write(sk, out);
            case EncryptedFragmentPayload skf -> EncryptedCodec.writeFragment(skf, out);
            case ConfigurationPayload cp -> ConfigurationCodec.write(cp, out);
            case EapPayload eap -> EapCodec.write(eap, out);
            case UnknownPayload unknown -> out.octets(unknown.body());
        }
    }
}
