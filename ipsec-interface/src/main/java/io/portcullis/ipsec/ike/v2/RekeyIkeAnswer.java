package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.SaPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CREATE_CHILD_SA that rekeys the IKE SA, as responder (RFC 7296 sections 1.3.2, 2.18 and 2.25.2). */
final class RekeyIkeAnswer {
    private static final int SPI_OCTETS = 8;

    private RekeyIkeAnswer() {}

    static void answer(IkeSa sa, Message request) {
        sa.succession.inherit();
        boolean childUnderWay = sa.active() instanceof CreateChild || sa.active() instanceof DeleteChild;
        if (!sa.isEstablished() || childUnderWay || sa.succession.peerRekey != null) {
            sa.channel.respond(request, NotifyType.TEMPORARY_FAILURE);
            return;
        }
        List<Decision> decisions = new ArrayList<>();
        Optional<IkeProposals.Choice> choice = IkeProposals.choose(
                        request.one(SaPayload.class),
                        sa.definition().ikeSuites(),
                        sa.definition().dhGroups(),
                        sa.definition().name(),
                        decisions)
                .filter(chosen ->
                        chosen.spi().size() == SPI_OCTETS && chosen.spi().toLong() != 0);
        sa.decide(decisions);
        Optional<KePayload> ke = request.first(KePayload.class);
        if (choice.isEmpty()) {
            sa.channel.respond(request, NotifyType.NO_PROPOSAL_CHOSEN);
            sa.emit(
                    IpsecEvents.NO_PROPOSAL_CHOSEN,
                    "none",
                    "rekey",
                    sa.definition().ikeSuites(),
                    request.one(SaPayload.class));
            sa.act(new Action.Concluded(NotifyType.NO_PROPOSAL_CHOSEN.wireName()));
            return;
        }
        if (ke.isEmpty() || ke.get().group() != choice.get().group().id()) {
            sa.channel.respond(
                    request, List.of(CreateChildAnswer.invalidKe(choice.get().group())));
            return;
        }
        byte[] peer = ke.get().data().toArray();
        sa.compute(() -> Agreement.answer(choice.get().group(), peer, sa.around.keys()), agreement -> {
            switch (agreement) {
                case Agreement.Invalid _ -> sa.channel.respond(request, NotifyType.INVALID_SYNTAX);
                case Agreement.Secret secret -> make(sa, request, choice.get(), secret);
            }
        });
    }

    /** <-- HDR, SK {SA, Nr, KEr} */
    private static void make(IkeSa sa, Message request, IkeProposals.Choice choice, Agreement.Secret secret) {
        if (!sa.isEstablished()) {
            // While the keys were made, our own rekey was answered, and the peer decides by our answer.
            sa.channel.respond(request, NotifyType.TEMPORARY_FAILURE);
            return;
        }
        byte[] ni = request.one(NoncePayload.class).data().toArray();
        byte[] nr = sa.around.nonce();
        long peerSpi = choice.spi().toLong();
        long spi = sa.around.ikeSpi();
        IkeSa successor = sa.succession.make(
                false,
                peerSpi,
                spi,
                choice,
                sa.channel
                        .keys()
                        .rekeyed(
                                choice.suite().prf(),
                                choice.suite().protection(),
                                secret.shared(),
                                ni,
                                nr,
                                peerSpi,
                                spi));
        sa.channel.respond(
                request,
                List.of(
                        choice.answer(Octets.ofLong(spi)),
                        new NoncePayload(Octets.of(nr)),
                        new KePayload(choice.group().id(), Octets.of(secret.publicValue()))));
        sa.act(new Action.Concluded(""));
        sa.act(new Action.Succeeded(successor));
        sa.succession.peerRekey = new PeerRekey(successor, Octets.of(Nonces.lower(ni, nr)));
        // While our own rekey is under way the nonces decide who inherits, once it is answered.
        if (sa.active() instanceof RekeyIke) {
            successor.succession.predecessor = sa;
        } else {
            sa.succession.replaceBy(successor);
        }
    }
}
