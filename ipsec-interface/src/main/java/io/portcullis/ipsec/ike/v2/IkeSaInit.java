package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.crypto.KeyExchange;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** IKE_SA_INIT as initiator (RFC 7296 section 1.2), with cookies and another group when the peer asks for them. */
final class IkeSaInit implements OwnExchange {
    /** Requests that cookies and group changes may cost in all. */
    private static final int MOST_ROUNDS = 5;

    private final TunnelDefinition tunnel;
    private final boolean initialContact;
    private int rounds;
    private Octets cookie = Octets.EMPTY;
    private byte[] nonce = {};
    private byte[] request = {};
    private byte[] answer = {};
    private @Nullable KeyExchange exchange;

    IkeSaInit(TunnelDefinition tunnel, boolean initialContact) {
        this.tunnel = tunnel;
        this.initialContact = initialContact;
    }

    @Override
    public void begin(IkeSa sa) {
        nonce = sa.around.nonce();
        generate(sa, tunnel.dhGroups().getFirst());
    }

    private void generate(IkeSa sa, DhGroup group) {
        sa.compute(() -> sa.around.keys().take(group), own -> {
            exchange = own;
            send(sa, own);
        });
    }

    /** HDR, [N(COOKIE)], SAi1, KEi, Ni, N(NAT_DETECTION_*) --> */
    private void send(IkeSa sa, KeyExchange own) {
        List<Payload> payloads = new ArrayList<>();
        if (!cookie.isEmpty()) {
            payloads.add(new NotifyPayload(NotifyType.COOKIE.id(), cookie));
        }
        payloads.add(IkeProposals.offer(tunnel.ikeSuites(), tunnel.dhGroups(), Octets.EMPTY));
        payloads.add(new KePayload(own.group().id(), Octets.of(own.publicValue())));
        payloads.add(new NoncePayload(Octets.of(nonce)));
        payloads.addAll(NatDetection.payloads(sa.initiatorSpi, 0, sa.path, tunnel.natTraversal(), sa.around.random()));
        request = sa.channel.sendPlain(sa.channel.header(ExchangeType.IKE_SA_INIT.id(), false, 0), payloads);
    }

    /** The octets of the answer, which AUTH covers; told before {@link #conclude}. */
    void answered(byte[] octets) {
        answer = octets;
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        KeyExchange own = exchange;
        if (own == null) {
            return;
        }
        Optional<SaPayload> chosen = response.first(SaPayload.class);
        if (chosen.isEmpty()) {
            retryOrFail(sa, own, response);
            return;
        }
        Optional<KePayload> ke = response.first(KePayload.class);
        Optional<NoncePayload> nr = response.first(NoncePayload.class);
        Optional<IkeProposals.Choice> choice =
                IkeProposals.accept(chosen.get(), tunnel.ikeSuites(), List.of(own.group()));
        if (choice.isEmpty()
                || ke.isEmpty()
                || nr.isEmpty()
                || ke.get().group() != own.group().id()
                || response.header().responderSpi() == 0) {
            fail(sa, "the peer's choice is not what we offered", chosen.get().toString());
            return;
        }
        sa.responderSpi = response.header().responderSpi();
        sa.nat = NatDetection.judge(response, sa.path, tunnel.natTraversal());
        byte[] peer = ke.get().data().toArray();
        byte[] peerNonce = nr.get().data().toArray();
        sa.compute(() -> Agreement.conclude(own, peer), agreed -> agreed(sa, choice.get(), peerNonce, agreed));
    }

    private void agreed(IkeSa sa, IkeProposals.Choice choice, byte[] peerNonce, Agreement agreement) {
        switch (agreement) {
            case Agreement.Invalid(String why) -> fail(sa, "invalid key exchange value", why);
            case Agreement.Secret secret -> {
                sa.channel.secure(
                        choice,
                        IkeKeys.first(
                                choice.suite().prf(),
                                choice.suite().protection(),
                                secret.shared(),
                                nonce,
                                peerNonce,
                                sa.initiatorSpi,
                                sa.responderSpi));
                if (sa.nat.any()) {
                    sa.path = sa.path.onNatPort();
                }
                sa.handshake = new Handshake(
                        Octets.of(request), Octets.of(answer), Octets.of(nonce), Octets.of(peerNonce), List.of(tunnel));
                sa.enqueueFirst(new IkeAuth(initialContact));
                sa.finished();
            }
        }
    }

    private void retryOrFail(IkeSa sa, KeyExchange own, Message response) {
        Optional<NotifyPayload> demanded = response.notify(NotifyType.COOKIE.id());
        Optional<DhGroup> group =
                response.notify(NotifyType.INVALID_KE_PAYLOAD.id()).flatMap(IkeSaInit::group);
        rounds++;
        if (demanded.isPresent() && rounds < MOST_ROUNDS) {
            cookie = demanded.get().data();
            send(sa, own);
        } else if (group.isPresent() && tunnel.dhGroups().contains(group.get()) && rounds < MOST_ROUNDS) {
            generate(sa, group.get());
        } else {
            String status = response.all(NotifyPayload.class).stream()
                    .filter(NotifyPayload::isError)
                    .map(notify -> NotifyType.nameOf(notify.type()))
                    .findFirst()
                    .orElse("no proposal in the answer");
            fail(sa, status, "peer: " + status);
        }
    }

    /** The group that INVALID_KE_PAYLOAD names (RFC 7296 section 1.3). */
    static Optional<DhGroup> group(NotifyPayload invalidKe) {
        Octets data = invalidKe.data();
        return data.size() == 2 ? DhGroup.of(data.at(0) << 8 | data.at(1)) : Optional.empty();
    }

    private void fail(IkeSa sa, String status, String theirs) {
        String ours = tunnel.ikeSuites().stream()
                        .map(suite -> suite.protection() + "/" + suite.prf())
                        .toList()
                + " "
                + tunnel.dhGroups();
        boolean proposal = status.equals(NotifyType.NO_PROPOSAL_CHOSEN.wireName());
        sa.fail(proposal ? IpsecEvents.NO_PROPOSAL_CHOSEN : IpsecEvents.IKE_SA_FAILED, status, ours, theirs);
        sa.close(status);
    }

    @Override
    public String toString() {
        return "IKE_SA_INIT";
    }
}
