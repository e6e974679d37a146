package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelSelection;
import java.util.ArrayList;
import java.util.List;

/** IKE_SA_INIT as responder, once the request has been found worth a state of our own (RFC 7296 section 1.2). */
public final class IkeSaInitAnswer {
    private IkeSaInitAnswer() {}

    /**
     * A half-open SA; its first actions come from {@link IkeSa#start}.
     *
     * @param selected a choice whose group is that of the request's KE payload
     * @param octets the whole request, which AUTH covers
     */
    public static IkeSa open(
            Surroundings around,
            TunnelSelection.Initial selected,
            Message request,
            byte[] octets,
            Endpoints path,
            long now) {
        IkeProposals.Choice choice = selected.choice().orElseThrow();
        TunnelDefinition first = selected.candidates().getFirst();
        IkeSa sa = new IkeSa(around, false, path, now);
        sa.initiatorSpi = request.header().initiatorSpi();
        sa.responderSpi = around.ikeSpi();
        sa.nat = NatDetection.judge(request, path, first.natTraversal());
        sa.channel.window.answering();
        sa.act(new Action.Observed(path, request, false));
        sa.decide(selected.decisions());
        byte[] peer = request.one(KePayload.class).data().toArray();
        byte[] ni = request.one(NoncePayload.class).data().toArray();
        sa.compute(() -> Agreement.answer(choice.group(), peer, around.keys()), agreement -> {
            switch (agreement) {
                case Agreement.Invalid(String why) -> {
                    sa.emit(IpsecEvents.IKE_SA_FAILED, "drop", "invalid key exchange value", "", why);
                    sa.close(why);
                }
                case Agreement.Secret secret -> answer(sa, selected, choice, secret, ni, octets);
            }
        });
        return sa;
    }

    /** <-- HDR, SAr1, KEr, Nr, N(NAT_DETECTION_*) */
    private static void answer(
            IkeSa sa,
            TunnelSelection.Initial selected,
            IkeProposals.Choice choice,
            Agreement.Secret secret,
            byte[] ni,
            byte[] request) {
        byte[] nr = sa.around.nonce();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(choice.answer(Octets.EMPTY));
        payloads.add(new KePayload(choice.group().id(), Octets.of(secret.publicValue())));
        payloads.add(new NoncePayload(Octets.of(nr)));
        payloads.addAll(NatDetection.payloads(
                sa.initiatorSpi,
                sa.responderSpi,
                sa.path,
                selected.candidates().getFirst().natTraversal(),
                sa.around.random()));
        byte[] octets = sa.channel.sendPlain(sa.channel.header(ExchangeType.IKE_SA_INIT.id(), true, 0), payloads);
        sa.channel.secure(
                choice,
                IkeKeys.first(
                        choice.suite().prf(),
                        choice.suite().protection(),
                        secret.shared(),
                        ni,
                        nr,
                        sa.initiatorSpi,
                        sa.responderSpi));
        sa.handshake = new Handshake(
                Octets.of(request), Octets.of(octets), Octets.of(ni), Octets.of(nr), selected.candidates());
    }
}
