package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
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
import io.portcullis.ipsec.ike.wire.SaPayload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CREATE_CHILD_SA that rekeys the IKE SA, as initiator (RFC 7296 sections 1.3.2 and 2.18). */
final class RekeyIke implements OwnExchange {
    private static final int SPI_OCTETS = 8;
    private static final int MOST_ROUNDS = 3;

    private byte[] nonce = {};
    private long spi;
    private int rounds;
    private @Nullable KeyExchange exchange;

    @Override
    public void begin(IkeSa sa) {
        if (!sa.isEstablished()) {
            sa.finished();
            return;
        }
        nonce = sa.around.nonce();
        spi = sa.around.ikeSpi();
        DhGroup before = sa.channel.choice().group();
        List<DhGroup> groups = sa.definition().dhGroups();
        generate(sa, groups.contains(before) ? before : groups.getFirst());
    }

    private void generate(IkeSa sa, DhGroup group) {
        sa.compute(() -> sa.around.keys().take(group), own -> {
            exchange = own;
            send(sa, own);
        });
    }

    /** HDR, SK {SA, Ni, KEi} --> */
    private void send(IkeSa sa, KeyExchange own) {
        if (!sa.isEstablished()) {
            sa.finished();
            return;
        }
        sa.channel.request(
                ExchangeType.CREATE_CHILD_SA,
                List.of(
                        IkeProposals.offer(
                                sa.definition().ikeSuites(), sa.definition().dhGroups(), Octets.ofLong(spi)),
                        new NoncePayload(Octets.of(nonce)),
                        new KePayload(own.group().id(), Octets.of(own.publicValue()))));
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        KeyExchange own = exchange;
        if (own == null) {
            sa.finished();
            return;
        }
        Optional<IkeProposals.Choice> choice = response.first(SaPayload.class)
                .flatMap(chosen -> IkeProposals.accept(chosen, sa.definition().ikeSuites(), List.of(own.group())))
                .filter(chosen -> chosen.spi().size() == SPI_OCTETS);
        Optional<KePayload> ke = response.first(KePayload.class)
                .filter(it -> it.group() == own.group().id());
        Optional<NoncePayload> nr = response.first(NoncePayload.class);
        if (choice.isEmpty() || ke.isEmpty() || nr.isEmpty()) {
            refused(sa, response);
            return;
        }
        byte[] peer = ke.get().data().toArray();
        byte[] peerNonce = nr.get().data().toArray();
        sa.compute(() -> Agreement.conclude(own, peer), agreement -> {
            switch (agreement) {
                case Agreement.Invalid(String why) -> failed(sa, why);
                case Agreement.Secret secret -> made(sa, choice.get(), secret.shared(), peerNonce);
            }
        });
    }

    private void made(IkeSa sa, IkeProposals.Choice choice, byte[] shared, byte[] peerNonce) {
        long peerSpi = choice.spi().toLong();
        IkeSa successor = sa.succession.make(
                true,
                spi,
                peerSpi,
                choice,
                sa.channel
                        .keys()
                        .rekeyed(
                                choice.suite().prf(),
                                choice.suite().protection(),
                                shared,
                                nonce,
                                peerNonce,
                                spi,
                                peerSpi));
        if (!sa.isEstablished()) {
            // The peer already works with what it made, so ours is the redundant one.
            sa.act(new Action.Succeeded(successor));
            successor.succession.giveWay();
            sa.finished();
            return;
        }
        PeerRekey theirs = sa.succession.inheritorOfPeer().isPresent() ? sa.succession.peerRekey : null;
        if (theirs != null
                && Nonces.oursIsRedundant(
                        Nonces.lower(nonce, peerNonce), theirs.lowestNonce().toArray())) {
            // RFC 7296 section 2.8.2: ours goes, the peer deletes the old one.
            sa.act(new Action.Succeeded(successor));
            successor.succession.giveWay();
            sa.succession.replaceBy(theirs.successor());
            sa.finished();
            return;
        }
        if (theirs != null) {
            theirs.successor().become(new State.Replaced(sa.now + Succession.REPLACED_NANOS));
        }
        sa.act(new Action.Succeeded(successor));
        sa.succession.replaceBy(successor);
        sa.succession.conclude();
    }

    private void refused(IkeSa sa, Message response) {
        Optional<DhGroup> group =
                response.notify(NotifyType.INVALID_KE_PAYLOAD.id()).flatMap(IkeSaInit::group);
        if (group.isPresent() && sa.definition().dhGroups().contains(group.get()) && ++rounds < MOST_ROUNDS) {
            generate(sa, group.get());
            return;
        }
        boolean later = response.all(NotifyPayload.class).stream()
                .anyMatch(notify -> notify.type() == NotifyType.TEMPORARY_FAILURE.id());
        if (later) {
            sa.upkeep.rekeyLater();
            theirsCarriesOn(sa);
        } else {
            failed(sa, ChildOffer.errorName(response));
        }
    }

    /** The SA goes on until it expires; the tunnel is then set up afresh. */
    private static void failed(IkeSa sa, String why) {
        sa.emit(
                IpsecEvents.IKE_SA_FAILED,
                "none",
                "rekey: " + why,
                sa.definition().ikeSuites(),
                "peer: " + why);
        theirsCarriesOn(sa);
    }

    private static void theirsCarriesOn(IkeSa sa) {
        sa.succession.inheritorOfPeer().ifPresent(sa.succession::replaceBy);
        sa.finished();
    }

    @Override
    public String toString() {
        return "rekey IKE SA";
    }
}
