package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.event.EventType;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.decision.Decision.Verdict;
import io.portcullis.ipsec.ike.iana.AuthMethod;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.wire.AuthPayload;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.TsPayload;
import io.portcullis.ipsec.tunnel.IdentityPayload;
import io.portcullis.ipsec.tunnel.PreSharedKey;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelSelection;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IKE_AUTH as responder, by pre-shared key, with the first child SA (RFC 7296 section 1.2). */
final class IkeAuthAnswer {
    private IkeAuthAnswer() {}

    static void answer(IkeSa sa, Message request) {
        Handshake shake = sa.handshake();
        IdPayload idI = id(request, true).orElseThrow();
        sa.remoteId = IdentityPayload.describe(idI);
        Optional<AuthPayload> auth = request.first(AuthPayload.class);
        Optional<SaPayload> offered = request.first(SaPayload.class);
        if (auth.isEmpty() || auth.get().method() != AuthMethod.SHARED_KEY.id() || offered.isEmpty()) {
            sa.tunnel = shake.candidates().getFirst();
            refuse(
                    sa,
                    request,
                    "pre-shared key",
                    auth.isEmpty() ? "EAP" : AuthMethod.nameOf(auth.get().method()));
            return;
        }
        List<TsPayload> ts = request.all(TsPayload.class);
        TunnelSelection.Final selected = TunnelSelection.authenticated(
                shake.candidates(),
                sa.path.local(),
                idI,
                id(request, false),
                psk -> isAuthentic(sa, psk, idI, auth.get()),
                new TunnelSelection.ChildRequest(
                        offered.get(), ChildOffer.selectors(ts, false), ChildOffer.selectors(ts, true)));
        sa.decide(selected.decisions());
        sa.tunnel = selected.authenticated().orElse(shake.candidates().getFirst());
        if (selected.authenticated().isEmpty()) {
            Decision why = selected.decisions().stream()
                    .filter(decision -> decision.verdict() == Verdict.REJECTED)
                    .findFirst()
                    .orElseThrow();
            refuse(sa, request, why.criterion() + ": " + why.expected(), why.criterion() + ": " + why.came());
            return;
        }
        accept(sa, request, selected, shake);
    }

    /** <-- HDR, SK {IDr, AUTH, SAr2, TSi, TSr}, or a notification in place of the last three */
    private static void accept(IkeSa sa, Message request, TunnelSelection.Final selected, Handshake shake) {
        TunnelDefinition tunnel = sa.definition();
        IdPayload idR = IdentityPayload.of(IdentityPayload.local(tunnel, sa.path.local()), false);
        sa.localId = IdentityPayload.describe(idR);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(idR);
        payloads.add(new AuthPayload(
                AuthMethod.SHARED_KEY.id(),
                Octets.of(sa.channel
                        .keys()
                        .pskAuth(
                                false,
                                tunnel.psk().octets(),
                                shake.answer().toArray(),
                                shake.ni().toArray(),
                                idR.rest().toArray()))));
        sa.handshake = null;
        sa.become(new State.Established(sa.now));
        sa.emit(IpsecEvents.IKE_SA_ESTABLISHED, "none", "remote", sa.channel.algorithms());
        if (selected.child().isEmpty()) {
            withoutChild(sa, request, selected, payloads);
            return;
        }
        TunnelSelection.Child child = selected.child().get();
        int spi = sa.reserveSpi();
        payloads.add(child.proposal().answer(spi));
        payloads.add(new TsPayload(true, child.remote()));
        payloads.add(new TsPayload(false, child.local()));
        // Before the answer: the peer may use it at once.
        sa.children.install(new Children.Agreed(
                tunnel,
                spi,
                child.proposal(),
                sa.channel
                        .keys()
                        .child(
                                child.proposal().suite(),
                                new byte[0],
                                shake.ni().toArray(),
                                shake.nr().toArray()),
                false,
                child.local(),
                child.remote(),
                null));
        sa.channel.respond(request, payloads);
        boolean contact = request.notify(NotifyType.INITIAL_CONTACT.id()).isPresent();
        sa.act(new Action.Established(contact));
    }

    /** The peer is who it says, and wants what no tunnel allows: an IKE SA alone is of no use and goes again. */
    private static void withoutChild(
            IkeSa sa, Message request, TunnelSelection.Final selected, List<Payload> payloads) {
        NotifyType refusal = selected.refusal().orElse(NotifyType.TS_UNACCEPTABLE);
        payloads.add(new NotifyPayload(refusal.id(), Octets.EMPTY));
        sa.channel.respond(request, payloads);
        reject(sa, refusal, selected.decisions());
        sa.delete("no child SA");
    }

    /** One event with both sides' values for a child SA that was refused. */
    static void reject(IkeSa sa, NotifyType refusal, List<Decision> decisions) {
        List<Decision> rejected = decisions.stream()
                .filter(decision -> decision.verdict() == Verdict.REJECTED)
                .toList();
        EventType type =
                refusal == NotifyType.NO_PROPOSAL_CHOSEN ? IpsecEvents.NO_PROPOSAL_CHOSEN : IpsecEvents.TS_UNACCEPTABLE;
        String ours = rejected.isEmpty() ? "" : describe(rejected, true);
        String theirs = rejected.isEmpty() ? "" : describe(rejected, false);
        sa.fail(type, refusal.wireName(), ours, theirs);
    }

    private static String describe(List<Decision> rejected, boolean ours) {
        return String.join(
                "; ",
                rejected.stream()
                        .map(decision -> decision.criterion() + ": " + (ours ? decision.expected() : decision.came()))
                        .distinct()
                        .limit(8)
                        .toList());
    }

    private static void refuse(IkeSa sa, Message request, String ours, String theirs) {
        sa.channel.respond(request, NotifyType.AUTHENTICATION_FAILED);
        sa.fail(IpsecEvents.AUTHENTICATION_FAILED, NotifyType.AUTHENTICATION_FAILED.wireName(), ours, theirs);
        sa.close("authentication failed");
    }

    private static boolean isAuthentic(IkeSa sa, PreSharedKey psk, IdPayload idI, AuthPayload auth) {
        Handshake shake = sa.handshake();
        byte[] expected = sa.channel
                .keys()
                .pskAuth(
                        true,
                        psk.octets(),
                        shake.request().toArray(),
                        shake.nr().toArray(),
                        idI.rest().toArray());
        return MessageDigest.isEqual(expected, auth.data().toArray());
    }

    private static Optional<IdPayload> id(Message request, boolean initiator) {
        return request.all(IdPayload.class).stream()
                .filter(id -> id.initiator() == initiator)
                .findFirst();
    }
}
