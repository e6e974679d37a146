package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.v2.ChildSa.Phase;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.TsPayload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CREATE_CHILD_SA as responder, for child SAs (RFC 7296 sections 1.3.1, 1.3.3 and 2.25). */
final class CreateChildAnswer {
    private static final int SPI_OCTETS = 4;

    private final IkeSa sa;
    private final Message request;
    private final @Nullable ChildSa old;

    private CreateChildAnswer(IkeSa sa, Message request, @Nullable ChildSa old) {
        this.sa = sa;
        this.request = request;
        this.old = old;
    }

    static void answer(IkeSa sa, Message request) {
        sa.succession.inherit();
        if (!sa.isEstablished() || sa.active() instanceof RekeyIke) {
            sa.channel.respond(request, NotifyType.TEMPORARY_FAILURE);
            return;
        }
        Optional<NotifyPayload> rekeys = request.notify(NotifyType.REKEY_SA.id());
        if (rekeys.isEmpty()) {
            if (sa.children.inUse() >= sa.around.settings().mostChildren()) {
                sa.channel.respond(request, NotifyType.NO_ADDITIONAL_SAS);
            } else {
                new CreateChildAnswer(sa, request, null).choose();
            }
            return;
        }
        Octets spi = rekeys.get().spi();
        Optional<ChildSa> old = spi.size() == SPI_OCTETS ? sa.children.outbound(spi.toInt()) : Optional.empty();
        if (old.isEmpty() && sa.active() instanceof CreateChild) {
            // Perhaps the one that we are asking for: the peer has made it, and its answer is late.
            sa.channel.respond(request, NotifyType.TEMPORARY_FAILURE);
        } else if (old.isEmpty()) {
            unknown(sa, request, spi);
        } else {
            CreateChildAnswer answer = new CreateChildAnswer(sa, request, old.get());
            if (answer.mayRekey(old.get())) {
                answer.choose();
            }
        }
    }

    private static void unknown(IkeSa sa, Message request, Octets spi) {
        sa.channel.respond(
                request,
                List.of(new NotifyPayload(ProtocolId.ESP.id(), spi, NotifyType.CHILD_SA_NOT_FOUND.id(), Octets.EMPTY)));
    }

    /** Whether what the peer wants to rekey is in use and not rekeyed yet; else the answer is given. */
    private boolean mayRekey(ChildSa wanted) {
        if (wanted.isInUse() && wanted.peerSuccessor == null) {
            return true;
        }
        if (wanted.phase == Phase.LINGERING || wanted.phase == Phase.GONE) {
            unknown(sa, request, Octets.ofInt(wanted.outboundSpi()));
        } else {
            sa.channel.respond(request, NotifyType.TEMPORARY_FAILURE);
        }
        return false;
    }

    private void choose() {
        List<TsPayload> ts = request.all(TsPayload.class);
        TunnelSelection.ChildRequest wanted = new TunnelSelection.ChildRequest(
                request.one(SaPayload.class), ChildOffer.selectors(ts, false), ChildOffer.selectors(ts, true));
        List<Decision> decisions = new ArrayList<>();
        Optional<TunnelSelection.Child> chosen = Optional.empty();
        for (TunnelDefinition tunnel : candidates()) {
            chosen = TunnelSelection.child(tunnel, wanted, true, decisions);
            if (chosen.isPresent()) {
                break;
            }
        }
        sa.decide(decisions);
        if (chosen.isEmpty()) {
            NotifyType refusal = TunnelSelection.refusal(decisions);
            sa.channel.respond(request, refusal);
            IkeAuthAnswer.reject(sa, refusal, decisions);
            return;
        }
        exchangeKeys(chosen.get());
    }

    /** A rekey stays with its tunnel; a new child SA may belong to any tunnel that this peer could have meant. */
    private List<TunnelDefinition> candidates() {
        if (old != null) {
            return List.of(old.tunnel);
        }
        TunnelDefinition own = sa.definition();
        List<TunnelDefinition> candidates = new ArrayList<>(List.of(own));
        sa.around.tunnels().get().tunnels().stream()
                .filter(other -> !other.equals(own)
                        && other.psk().equals(own.psk())
                        && other.localEndpoint().equals(own.localEndpoint())
                        && other.remoteEndpoints().equals(own.remoteEndpoints())
                        && other.localId().equals(own.localId())
                        && other.remoteIds().equals(own.remoteIds()))
                .forEach(candidates::add);
        return candidates;
    }

    private void exchangeKeys(TunnelSelection.Child child) {
        Optional<DhGroup> group = child.proposal().group();
        if (group.isEmpty()) {
            make(child, Optional.empty(), new byte[0]);
            return;
        }
        Optional<KePayload> ke = request.first(KePayload.class);
        if (ke.isEmpty() || ke.get().group() != group.get().id()) {
            sa.channel.respond(request, List.of(invalidKe(group.get())));
            return;
        }
        byte[] peer = ke.get().data().toArray();
        sa.compute(() -> Agreement.answer(group.get(), peer, sa.around.keys()), agreement -> {
            switch (agreement) {
                case Agreement.Invalid _ -> sa.channel.respond(request, NotifyType.INVALID_SYNTAX);
                case Agreement.Secret secret ->
                    make(
                            child,
                            Optional.of(new KePayload(group.get().id(), Octets.of(secret.publicValue()))),
                            secret.shared());
            }
        });
    }

    /** <-- HDR, SK {SA, Nr, [KEr,] TSi, TSr} */
    private void make(TunnelSelection.Child child, Optional<KePayload> ke, byte[] shared) {
        // While the keys were made, our own rekey of it may have been answered.
        if (old != null && !mayRekey(old)) {
            return;
        }
        byte[] ni = request.one(NoncePayload.class).data().toArray();
        byte[] nr = sa.around.nonce();
        int spi = sa.reserveSpi();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(child.proposal().answer(spi));
        payloads.add(new NoncePayload(Octets.of(nr)));
        ke.ifPresent(payloads::add);
        payloads.add(new TsPayload(true, child.remote()));
        payloads.add(new TsPayload(false, child.local()));
        ChildSa made = sa.children.install(new Children.Agreed(
                child.tunnel(),
                spi,
                child.proposal(),
                sa.channel.keys().child(child.proposal().suite(), shared, ni, nr),
                false,
                child.local(),
                child.remote(),
                old));
        if (old != null) {
            old.peerSuccessor = made;
            old.peerLowest = Nonces.lower(ni, nr);
            if (old.phase == Phase.UP) {
                sa.children.replaced(old);
            }
        }
        sa.channel.respond(request, payloads);
        sa.act(new Action.Concluded(""));
    }

    /** INVALID_KE_PAYLOAD with the group that we want (RFC 7296 section 1.3). */
    static NotifyPayload invalidKe(DhGroup group) {
        return new NotifyPayload(
                NotifyType.INVALID_KE_PAYLOAD.id(), Octets.of((byte) (group.id() >>> 8), (byte) group.id()));
    }
}
