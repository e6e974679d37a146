package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.crypto.KeyExchange;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.v2.ChildSa.Phase;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE_CHILD_SA as initiator: a new child SA, or one that rekeys another (RFC 7296 sections 1.3.1 and 1.3.3). */
final class CreateChild implements OwnExchange {
    private static final int MOST_ROUNDS = 3;
    private static final long SECOND = 1_000_000_000L;

    private final TunnelDefinition tunnel;
    private final @Nullable ChildSa old;
    private final Set<Integer> deletedAlready = new HashSet<>();
    private byte[] nonce = {};
    private int rounds;
    private @Nullable ChildOffer offer;
    private @Nullable KeyExchange exchange;

    private CreateChild(TunnelDefinition tunnel, @Nullable ChildSa old) {
        this.tunnel = tunnel;
        this.old = old;
    }

    static CreateChild fresh(TunnelDefinition tunnel) {
        return new CreateChild(tunnel, null);
    }

    static CreateChild rekey(ChildSa old) {
        return new CreateChild(old.tunnel, old);
    }

    @Override
    public void begin(IkeSa sa) {
        if (!sa.isEstablished() || (old == null ? sa.children.carries(tunnel.name()) : old.phase != Phase.UP)) {
            sa.finished();
            return;
        }
        nonce = sa.around.nonce();
        if (old == null) {
            offer = ChildOffer.of(sa, tunnel, tunnel.pfsGroups(), tunnel.local(), tunnel.remote());
        } else {
            old.phase = Phase.REKEYING;
            offer = ChildOffer.of(sa, tunnel, tunnel.pfsGroups(), old.pair.local(), old.pair.remote());
        }
        if (tunnel.pfsGroups().isEmpty()) {
            send(sa);
        } else {
            Optional<DhGroup> before = old == null ? Optional.empty() : old.group;
            generate(
                    sa,
                    before.filter(tunnel.pfsGroups()::contains)
                            .orElse(tunnel.pfsGroups().getFirst()));
        }
    }

    private void generate(IkeSa sa, DhGroup group) {
        sa.compute(() -> sa.around.keys().take(group), own -> {
            exchange = own;
            send(sa);
        });
    }

    /** HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr} --> */
    private void send(IkeSa sa) {
        ChildOffer own = offer;
        // While the keys were made, the peer may have rekeyed it itself.
        boolean wanted = old == null || (old.phase == Phase.REKEYING && old.peerSuccessor == null);
        if (own == null || !sa.isEstablished() || !wanted) {
            giveUp(sa);
            return;
        }
        List<Payload> payloads = new ArrayList<>();
        if (old != null) {
            payloads.add(new NotifyPayload(
                    ProtocolId.ESP.id(), Octets.ofInt(old.inboundSpi()), NotifyType.REKEY_SA.id(), Octets.EMPTY));
        }
        payloads.add(own.proposals());
        payloads.add(new NoncePayload(Octets.of(nonce)));
        if (exchange != null) {
            payloads.add(new KePayload(exchange.group().id(), Octets.of(exchange.publicValue())));
        }
        payloads.addAll(own.selectors());
        sa.channel.request(ExchangeType.CREATE_CHILD_SA, payloads);
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        ChildOffer own = offer;
        if (own == null) {
            sa.finished();
            return;
        }
        if (response.all(NotifyPayload.class).stream().anyMatch(NotifyPayload::isError)) {
            refused(sa, own, response);
            return;
        }
        List<DhGroup> groups = exchange == null ? List.of() : List.of(exchange.group());
        Optional<ChildOffer.Accepted> accepted = own.judge(response, groups);
        Optional<KePayload> ke = response.first(KePayload.class);
        Optional<NoncePayload> nr = response.first(NoncePayload.class);
        boolean keFits = exchange == null
                || (ke.isPresent() && ke.get().group() == exchange.group().id());
        if (accepted.isEmpty() || nr.isEmpty() || !keFits) {
            unusable(sa, own, response);
            return;
        }
        byte[] peerNonce = nr.get().data().toArray();
        KeyExchange mine = exchange;
        if (mine == null || ke.isEmpty()) {
            made(sa, own, accepted.get(), new byte[0], peerNonce);
            return;
        }
        byte[] peer = ke.get().data().toArray();
        sa.compute(() -> Agreement.conclude(mine, peer), agreement -> {
            switch (agreement) {
                case Agreement.Invalid _ -> unusable(sa, own, response);
                case Agreement.Secret secret -> made(sa, own, accepted.get(), secret.shared(), peerNonce);
            }
        });
    }

    /** The peer has deleted something unknown, which may be what it makes for us: its answer is late. */
    void deletedAlready(int peerSpi) {
        deletedAlready.add(peerSpi);
    }

    private void made(IkeSa sa, ChildOffer own, ChildOffer.Accepted accepted, byte[] shared, byte[] peerNonce) {
        if (deletedAlready.contains(accepted.choice().spi())) {
            giveUp(sa);
            return;
        }
        ChildSa child = sa.children.install(new Children.Agreed(
                tunnel,
                own.spi(),
                accepted.choice(),
                sa.channel.keys().child(accepted.choice().suite(), shared, nonce, peerNonce),
                true,
                accepted.local(),
                accepted.remote(),
                old));
        if (old != null) {
            succeed(sa, old, child, Nonces.lower(nonce, peerNonce));
        }
        sa.finished();
    }

    /** Which of the SAs stay: RFC 7296 section 2.8.1 when the peer has rekeyed the same one meanwhile. */
    private static void succeed(IkeSa sa, ChildSa old, ChildSa child, byte[] lowest) {
        ChildSa theirs = old.peerSuccessor;
        if (theirs != null && Nonces.oursIsRedundant(lowest, old.peerLowest)) {
            // Traffic moves to theirs once the peer, which may be computing its keys yet, sends or deletes the old one.
            sa.children.replaced(old);
            sa.children.replaced(child);
            sa.enqueue(new DeleteChild(child, "redundant after simultaneous rekey"));
            return;
        }
        sa.children.activate(child);
        if (theirs != null) {
            sa.children.replaced(theirs);
        }
        sa.children.replaced(old);
        sa.enqueue(new DeleteChild(old, "rekeyed"));
    }

    private void refused(IkeSa sa, ChildOffer own, Message response) {
        Optional<DhGroup> group =
                response.notify(NotifyType.INVALID_KE_PAYLOAD.id()).flatMap(IkeSaInit::group);
        if (group.isPresent() && tunnel.pfsGroups().contains(group.get()) && ++rounds < MOST_ROUNDS) {
            generate(sa, group.get());
            return;
        }
        boolean later = response.notify(NotifyType.TEMPORARY_FAILURE.id()).isPresent();
        boolean lost = response.notify(NotifyType.CHILD_SA_NOT_FOUND.id()).isPresent();
        if (old == null || !(later || lost)) {
            own.failed(sa, response);
        }
        if (old != null && lost && old.isInUse() && old.peerSuccessor == null) {
            // RFC 7296 section 2.25: forget it, and start afresh when it is still wanted.
            sa.children.remove(old, "the peer does not know it");
            sa.enqueue(fresh(tunnel));
        } else if (old != null && later) {
            old.rekeyAt = sa.now + 2 * SECOND + sa.around.jitter(4 * SECOND);
        }
        giveUp(sa);
    }

    /** The peer has made an SA and we cannot: it must not keep it. */
    private void unusable(IkeSa sa, ChildOffer own, Message response) {
        sa.enqueue(Notice.deleteUnused(own.spi()));
        own.failed(sa, response);
        giveUp(sa);
    }

    /** The old one goes on until it expires, or until its rekey is tried again. */
    private void giveUp(IkeSa sa) {
        if (offer != null) {
            sa.releaseSpi(offer.spi());
        }
        if (old != null && old.phase == Phase.REKEYING) {
            old.phase = Phase.UP;
            if (old.peerSuccessor != null) {
                sa.children.replaced(old);
            }
        }
        sa.finished();
    }

    @Override
    public String toString() {
        return old == null ? "create IPsec SA" : "rekey IPsec SA";
    }
}
