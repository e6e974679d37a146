package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One IKE message.
 *
 * @param header its header
 * @param payloads in the order of the wire
 * @param opened whether the Encrypted payload was verified, decrypted and stands replaced by what it held. Only such
 *     a message of an encrypted exchange may be acted upon
 */
public record Message(Header header, List<Payload> payloads, boolean opened) {
    public Message {
        payloads = List.copyOf(payloads);
    }

    /** A message as it stands on the wire. */
    public Message(Header header, List<Payload> payloads) {
        this(header, payloads, false);
    }

    /** This message with the verified content of its Encrypted payload in place of everything. */
    public Message open(List<Payload> inner) {
        return new Message(header, inner, true);
    }

    /** The Encrypted payload or fragment that ends this message, if it has one. */
    public Optional<SealedPayload> sealed() {
        return !payloads.isEmpty() && payloads.getLast() instanceof SealedPayload last
                ? Optional.of(last)
                : Optional.empty();
    }

    /** All payloads of a kind, in order. */
    public <P extends Payload> List<P> all(Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The first payload of a kind. */
    public <P extends Payload> Optional<P> first(Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** The payload of a kind that {@link MessageTable} has promised. @throws IllegalStateException without it */
    public <P extends Payload> P one(Class<P> kind) {
        return first(kind).orElseThrow(() -> new IllegalStateException(header + " without " + kind.getSimpleName()));
    }

    /** One line for logs and records: {@code IKE_SA_INIT request 0 [SA, KE, Ni, N(COOKIE)]}. No values. */
    public String summary() {
        return "%s %s %s [%s]"
                .formatted(
                        ExchangeType.nameOf(header.exchangeType()),
                        header.response() ? "response" : "request",
                        Integer.toUnsignedString(header.messageId()),
                        payloads.stream().map(this::label).collect(Collectors.joining(", ")));
    }

    private String label(Payload payload) {
        return switch (payload) {
            case NotifyPayload notify -> "N(" + NotifyType.nameOf(notify.type()) + ")";
            case NoncePayload _ -> header.response() ? "Nr" : "Ni";
            default -> PayloadType.nameOf(payload.payloadType());
        };
    }

    /** The first notification of a type ({@code NotifyType.X.id()}). */
    public Optional<NotifyPayload> notify(int type) {
        return payloads.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(notify -> notify.type() == type)
                .findFirst();
    }
}
