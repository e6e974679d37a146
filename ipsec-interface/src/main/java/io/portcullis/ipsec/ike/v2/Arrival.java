package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.wire.EncryptedPayload;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.MalformedMessage;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.MessageTable;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.UnknownPayload;
import io.portcullis.ipsec.ike.wire.Violation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of one datagram into its SA: header, integrity, message ID, content, then the exchange it belongs to. What
 * is not authentic changes nothing; only IKE_SA_INIT comes without protection.
 */
final class Arrival {
    private final IkeSa sa;
    private final @Nullable Protection protection;
    private final @Nullable OwnExchange active;

    Arrival(IkeSa sa) {
        this.sa = sa;
        this.protection = sa.channel.protection();
        this.active = sa.active();
    }

    void judge(byte[] octets, Endpoints from) {
        try {
            Message outer = MessageCodec.read(octets);
            if (outer.header().initiator() == sa.initiator) {
                drop("our own message came back");
            } else if (outer.sealed().isEmpty()) {
                plain(outer, octets, from);
            } else if (protection != null && outer.sealed().get() instanceof EncryptedPayload sealed) {
                Optional<byte[]> inner = protection.open(octets, sealed);
                if (inner.isEmpty()) {
                    drop("integrity check failed");
                } else {
                    authentic(outer, sealed, inner.get(), from);
                }
            } else {
                drop("encrypted message without keys for it");
            }
        } catch (MalformedMessage malformed) {
            drop(String.valueOf(malformed.getMessage()));
        }
    }

    /** Only the answer to our IKE_SA_INIT request; anything else can at most make us look whether the peer lives. */
    private void plain(Message message, byte[] octets, Endpoints from) {
        Header header = message.header();
        if (active instanceof IkeSaInit init
                && header.exchangeType() == ExchangeType.IKE_SA_INIT.id()
                && header.response()
                && sa.channel.window.awaits(header.messageId())) {
            sa.act(new Action.Observed(from, message, false));
            if (MessageTable.check(message).isEmpty()) {
                sa.channel.window.concluded();
                init.answered(octets);
                init.conclude(sa, message);
            } else {
                drop("IKE_SA_INIT: " + MessageTable.check(message));
            }
            return;
        }
        if (message.notify(NotifyType.INVALID_IKE_SPI.id()).isPresent()) {
            sa.upkeep.suspect(); // RFC 7296 section 2.4: a hint, never more
        }
        drop("unprotected message");
    }

    private void authentic(Message outer, EncryptedPayload sealed, byte[] plaintext, Endpoints from) {
        Header header = outer.header();
        if (header.response() ? !sa.channel.window.awaits(header.messageId()) : !isNewRequest(header)) {
            return;
        }
        if (!header.response() && sa.initiator && sa.state() instanceof State.Opening) {
            ignore("request before IKE_AUTH is answered"); // the answer is late; the peer will repeat this
            return;
        }
        sa.upkeep.heard(from);
        Message message;
        try {
            List<Payload> inner = PayloadChain.read(sealed.firstInner(), plaintext);
            message = outer.open(inner);
            sa.act(new Action.Observed(from, message, false));
            Optional<UnknownPayload> critical = PayloadChain.unsupportedCritical(inner);
            if (critical.isPresent()) {
                unsupported(message, critical.get());
                return;
            }
        } catch (MalformedMessage malformed) {
            invalid(outer, String.valueOf(malformed.getMessage()));
            return;
        }
        List<Violation> violations = MessageTable.check(message);
        if (!violations.isEmpty()) {
            invalid(outer, violations.toString());
            return;
        }
        if (header.response()) {
            sa.channel.window.concluded();
            if (active != null) {
                active.conclude(sa, message);
            }
        } else {
            sa.channel.window.answering();
            PeerExchange.answer(sa, message);
        }
        sa.startNext();
    }

    private boolean isNewRequest(Header header) {
        switch (sa.channel.window.judge(header.messageId())) {
            case NEW -> {
                return !sa.isClosed();
            }
            case REPEATED -> sa.channel.repeatAnswer();
            case PENDING -> ignore("request repeated while it is being answered");
            case OUTSIDE -> {
                ignore("message ID " + Integer.toUnsignedString(header.messageId()) + " is outside the window");
                sa.upkeep.outsideWindow(header.messageId());
            }
        }
        return false;
    }

    /** RFC 7296 section 2.5: the message is refused, the SA goes on unless it was just being set up. */
    private void unsupported(Message message, UnknownPayload critical) {
        if (message.header().response()) {
            sa.channel.window.concluded();
            sa.close("the peer's answer holds a critical payload of type " + critical.payloadType());
            return;
        }
        sa.channel.window.answering();
        sa.channel.respond(
                message, List.of(new NotifyPayload(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD.id(), Octets.of((byte)
                        critical.payloadType()))));
        if (!sa.isEstablished()) {
            sa.close("critical payload of type " + critical.payloadType());
        }
    }

    /** RFC 7296 section 2.21.3: authentic and malformed is fatal for the SA, on both sides. */
    private void invalid(Message outer, String why) {
        if (!outer.header().response()) {
            sa.channel.window.answering();
            sa.channel.respond(outer, NotifyType.INVALID_SYNTAX);
        }
        sa.close("invalid syntax: " + why);
    }

    private void drop(String reason) {
        sa.act(new Action.Dropped(reason, true));
    }

    private void ignore(String reason) {
        sa.act(new Action.Dropped(reason, false));
    }
}
