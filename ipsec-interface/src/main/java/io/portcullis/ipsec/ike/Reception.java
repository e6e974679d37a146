package io.portcullis.ipsec.ike;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.time.RateLimit;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.ike.v2.IkeSaInitAnswer;
import io.portcullis.ipsec.ike.v2.Surroundings;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.MalformedMessage;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.MessageTable;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.UnknownPayload;
import io.portcullis.ipsec.ike.wire.Violation;
import io.portcullis.ipsec.tunnel.TunnelSelection;
import java.util.List;
import java.util.Optional;

/**
 * What is done with datagrams that belong to no SA, without keeping anything about their senders until one of them
 * has sent an IKE_SA_INIT request that a tunnel can answer.
 */
final class Reception {
    /** Answers and events that strangers can provoke, per second. */
    private static final int PROVOKED = 20;

    /** Octets of an IKE_SA_INIT request, which is kept until both peers are authenticated. */
    private static final int LONGEST_REQUEST = 8192;

    private final IkeEngine engine;
    private final SaTable table;
    private final Surroundings around;
    private final EventSink events;
    private final Cookies cookies;
    private final RateLimit answers = new RateLimit(PROVOKED);
    private final RateLimit complaints = new RateLimit(PROVOKED);
    private boolean demanding;

    Reception(IkeEngine engine, SaTable table, Surroundings around, EventSink events, Cookies cookies) {
        this.engine = engine;
        this.table = table;
        this.around = around;
        this.events = events;
        this.cookies = cookies;
    }

    /** A request that opens an SA. */
    void request(byte[] octets, Endpoints path, long now) {
        Optional<IkeSa> known = table.opened(path, Octets.of(octets));
        if (known.isPresent()) {
            engine.perform(known.get(), known.get().repeatAnswer(), now);
            return;
        }
        if (octets.length > LONGEST_REQUEST) {
            complain(path, "IKE_SA_INIT request of " + octets.length + " octets", now);
            return;
        }
        try {
            Message message = MessageCodec.read(octets);
            Optional<UnknownPayload> critical = PayloadChain.unsupportedCritical(message.payloads());
            List<Violation> violations = MessageTable.check(message);
            if (critical.isPresent()) {
                Octets type = Octets.of((byte) critical.get().payloadType());
                refuse(message.header(), path, NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, type, now);
            } else if (violations.isEmpty()) {
                proven(message, octets, path, now);
            } else {
                complain(path, violations.toString(), now);
            }
        } catch (MalformedMessage malformed) {
            complain(path, String.valueOf(malformed.getMessage()), now);
        }
    }

    /** Goes on when there is room, or the sender has proved that it gets what is sent to its address. */
    private void proven(Message message, byte[] octets, Endpoints path, long now) {
        int halfOpen = table.halfOpen();
        if (halfOpen >= around.settings().mostHalfOpen()) {
            engine.dropped();
            return;
        }
        boolean demand = halfOpen >= around.settings().cookieThreshold();
        if (demand && !demanding) {
            events.emit(IpsecEvents.COOKIES_DEMANDED, "none", halfOpen);
        }
        demanding = demand;
        Octets nonce = message.one(NoncePayload.class).data();
        long spi = message.header().initiatorSpi();
        Optional<NotifyPayload> cookie = message.notify(NotifyType.COOKIE.id());
        if (demand
                && cookie.filter(it -> cookies.isRight(it.data(), nonce, path.remote(), spi))
                        .isEmpty()) {
            Octets wanted = cookies.make(nonce, path.remote(), spi, now);
            send(message.header(), path, NotifyType.COOKIE, wanted);
            return;
        }
        select(message, octets, path, now);
    }

    private void select(Message message, byte[] octets, Endpoints path, long now) {
        TunnelSelection.Initial selected = TunnelSelection.initial(
                around.tunnels().get(),
                path.local(),
                path.remote(),
                message.one(SaPayload.class),
                engine.wantsEveryReason());
        if (selected.choice().isEmpty()) {
            engine.observeRefusal(path, message, selected.decisions(), NotifyType.NO_PROPOSAL_CHOSEN.wireName());
            refuse(message.header(), path, NotifyType.NO_PROPOSAL_CHOSEN, Octets.EMPTY, now);
            noProposal(path, selected.decisions(), now);
            return;
        }
        if (engine.refuses(selected.candidates().getFirst().name(), path, now)) {
            refuse(message.header(), path, NotifyType.NO_ADDITIONAL_SAS, Octets.EMPTY, now);
            return;
        }
        DhGroup group = selected.choice().get().group();
        if (message.one(KePayload.class).group() != group.id()) {
            send(message.header(), path, NotifyType.INVALID_KE_PAYLOAD, Octets.of((byte) (group.id() >>> 8), (byte)
                    group.id()));
            return;
        }
        IkeSa sa = IkeSaInitAnswer.open(around, selected, message, octets, path, now);
        table.addHalfOpen(sa, path, Octets.of(octets));
        engine.perform(sa, sa.start(now), now);
    }

    private void noProposal(Endpoints path, List<Decision> decisions, long now) {
        List<Decision> proposals = decisions.stream()
                .filter(decision -> decision.stage() == Decision.Stage.IKE_PROPOSAL)
                .toList();
        String tunnel = proposals.isEmpty() ? "" : proposals.getFirst().candidate();
        List<String> ours = proposals.stream()
                .map(decision -> decision.criterion() + ": " + decision.expected())
                .distinct()
                .limit(8)
                .toList();
        List<String> theirs = proposals.stream()
                .map(decision -> decision.criterion() + ": " + decision.came())
                .distinct()
                .limit(8)
                .toList();
        if (complaints.allows(now)) {
            events.emit(
                    IpsecEvents.NO_PROPOSAL_CHOSEN,
                    "drop",
                    tunnel,
                    path.local() + ":" + path.localPort(),
                    path.remote() + ":" + path.remotePort(),
                    "",
                    "",
                    proposals.isEmpty() ? "no tunnel has these endpoints" : NotifyType.NO_PROPOSAL_CHOSEN.wireName(),
                    String.join("; ", ours),
                    String.join("; ", theirs));
        }
    }

    /** A request for an SPI that is none of ours (RFC 7296 section 1.5). */
    void unknownSpi(Header header, Endpoints path, long now) {
        if (!header.response() && answers.allows(now)) {
            Header answer = Header.of(
                    header.initiatorSpi(),
                    header.responderSpi(),
                    ExchangeType.INFORMATIONAL.id(),
                    !header.initiator(),
                    true,
                    header.messageId());
            write(answer, path, NotifyType.INVALID_IKE_SPI, Octets.EMPTY);
        }
        complain(path, "ike_invalid_cookie: no IKE SA with these SPIs", now);
    }

    /** A request of a later version (RFC 7296 section 2.5). */
    void laterVersion(Header header, Endpoints path, long now) {
        if (!header.response()) {
            Header answer = Header.of(
                    header.initiatorSpi(),
                    header.responderSpi(),
                    header.exchangeType(),
                    !header.initiator(),
                    true,
                    header.messageId());
            if (answers.allows(now)) {
                write(answer, path, NotifyType.INVALID_MAJOR_VERSION, Octets.EMPTY);
            }
        }
        complain(path, "major version " + header.majorVersion(), now);
    }

    void complain(Endpoints path, String reason, long now) {
        engine.dropped();
        if (complaints.allows(now)) {
            events.emit(
                    IpsecEvents.IKE_INVALID_PAYLOAD,
                    "drop",
                    "",
                    path.local() + ":" + path.localPort(),
                    path.remote() + ":" + path.remotePort(),
                    "",
                    "",
                    reason);
        }
    }

    private void refuse(Header request, Endpoints path, NotifyType type, Octets data, long now) {
        if (answers.allows(now)) {
            send(request, path, type, data);
        }
    }

    /** Answers an IKE_SA_INIT request; nothing is kept. */
    private void send(Header request, Endpoints path, NotifyType type, Octets data) {
        write(Header.of(request.initiatorSpi(), 0, ExchangeType.IKE_SA_INIT.id(), false, true, 0), path, type, data);
    }

    private void write(Header header, Endpoints path, NotifyType type, Octets data) {
        Message answer = new Message(header, List.of(new NotifyPayload(type.id(), data)));
        engine.observe("", path, answer, true);
        engine.transmit(path, MessageCodec.write(answer));
    }
}
