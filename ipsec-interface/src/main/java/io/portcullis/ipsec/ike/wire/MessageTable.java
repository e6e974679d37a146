package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds a message against {@link MessageForm}, once, before anything looks at it. Afterwards {@link Message#one} finds
 * what the form requires, and what it allows is asked for with {@link Message#first}. Payloads of types not spoken
 * here are passed over, as RFC 7296 section 2.5 asks; critical ones are {@link PayloadChain#unsupportedCritical}'s.
 */
public final class MessageTable {
    private MessageTable() {}

    /**
     * Everything that is wrong with a message as it stands: still sealed, then only that it is nothing but one
     * Encrypted payload; opened, or of an exchange in the clear, what it contains.
     */
    public static List<Violation> check(Message message) {
        Optional<MessageForm> form = MessageForm.of(message);
        if (form.isEmpty()) {
            int exchange = message.header().exchangeType();
            return List.of(new Violation(
                    PayloadType.NONE.id(), "exchange " + ExchangeType.nameOf(exchange) + " is not spoken here"));
        }
        return form.get().isEncrypted() && !message.opened() ? sealed(message) : contents(message, form.get());
    }

    /**
     * Whether this is a message that nobody can have protected: notifications alone, sent where the sender has no SA
     * (RFC 7296 sections 1.5 and 2.5). It is a hint at best; nothing may end because of it.
     */
    public static boolean isUnprotectedNotice(Message message) {
        return !message.opened()
                && message.header().exchangeType() != ExchangeType.IKE_SA_INIT.id()
                && !message.payloads().isEmpty()
                && message.payloads().stream().allMatch(NotifyPayload.class::isInstance);
    }

    private static List<Violation> sealed(Message message) {
        List<Violation> violations = new ArrayList<>();
        for (Payload payload : message.payloads()) {
            if (!(payload instanceof SealedPayload)) {
                violations.add(new Violation(payload.payloadType(), "stands outside the encryption"));
            }
        }
        if (message.sealed().isEmpty()) {
            violations.add(new Violation(PayloadType.SK.id(), "0 found, 1 required"));
        }
        return violations;
    }

    private static List<Violation> contents(Message message, MessageForm form) {
        List<Violation> violations = new ArrayList<>();
        for (PayloadType type : PayloadType.values()) {
            boolean spoken = message.payloads().stream()
                    .anyMatch(p -> p.payloadType() == type.id() && !(p instanceof UnknownPayload));
            PayloadCount allowed = form.allowed(type);
            int found = spoken ? PayloadCount.in(message, type) : 0;
            if (!allowed.allows(found)) {
                violations.add(new Violation(type.id(), found + " found, " + allowed + " allowed in " + form.name()));
            }
        }
        return violations;
    }
}
