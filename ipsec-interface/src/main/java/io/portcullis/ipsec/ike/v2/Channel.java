package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How an IKE SA speaks: its keys, its message IDs, and the messages that exchanges hand it. */
final class Channel {
    final Window window;
    private final IkeSa sa;
    private IkeProposals.@Nullable Choice choice;
    private @Nullable IkeKeys keys;
    private @Nullable Protection protection;

    Channel(IkeSa sa) {
        this.sa = sa;
        window = new Window(sa.around.settings());
    }

    /** From now on messages are protected. */
    void secure(IkeProposals.Choice chosen, IkeKeys made) {
        choice = chosen;
        keys = made;
        protection = new Protection(made, sa.initiator, sa.around.random());
        sa.act(new Action.IkeKeysMade(sa.initiatorSpi, sa.responderSpi, made));
    }

    IkeKeys keys() {
        return Objects.requireNonNull(keys, "no keys yet");
    }

    IkeProposals.Choice choice() {
        return Objects.requireNonNull(choice, "no choice yet");
    }

    boolean isSecure() {
        return protection != null;
    }

    /** Null before {@link #secure}. */
    @Nullable
    Protection protection() {
        return protection;
    }

    /** {@code aes-gcm-128/HMAC_SHA2_256/CURVE25519}, for events. */
    String algorithms() {
        return choice().suite().protection() + "/" + choice().suite().prf() + "/" + choice().group();
    }

    Header header(int exchangeType, boolean response, int messageId) {
        return Header.of(sa.initiatorSpi, sa.responderSpi, exchangeType, sa.initiator, response, messageId);
    }

    /** Sends a request of the exchange under way. */
    void request(ExchangeType type, List<Payload> payloads) {
        Header header = header(type.id(), false, window.nextRequest());
        window.sent(header.messageId(), sealAndSend(header, payloads), sa.now);
    }

    /** Answers the request that is being answered. */
    void respond(Message request, List<Payload> payloads) {
        Header header =
                header(request.header().exchangeType(), true, request.header().messageId());
        window.answered(sealAndSend(header, payloads));
    }

    void respond(Message request, NotifyType error) {
        respond(request, List.of(new NotifyPayload(error.id(), Octets.EMPTY)));
    }

    private byte[] sealAndSend(Header header, List<Payload> payloads) {
        byte[] octets = Objects.requireNonNull(protection, "no keys yet").seal(header, payloads);
        send(new Message(header, payloads, true), octets);
        return octets;
    }

    /** Sends a message without protection: IKE_SA_INIT only. Returns its octets. */
    byte[] sendPlain(Header header, List<Payload> payloads) {
        Message message = new Message(header, payloads);
        byte[] octets = MessageCodec.write(message);
        if (header.response()) {
            window.answered(octets);
        } else {
            window.sent(header.messageId(), octets, sa.now);
        }
        send(message, octets);
        return octets;
    }

    private void send(Message message, byte[] octets) {
        sa.act(new Action.Observed(sa.path, message, true));
        sa.act(new Action.Send(sa.path, Octets.of(octets)));
    }

    /** The last answer once more. */
    void repeatAnswer() {
        window.lastAnswer().ifPresent(answer -> sa.act(new Action.Send(sa.path, Octets.of(answer))));
    }

    /** Our request once more, when it is time. */
    void repeatRequest() {
        window.resend(sa.now).ifPresent(request -> sa.act(new Action.Send(sa.path, Octets.of(request))));
    }
}
