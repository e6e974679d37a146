package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.EspProposals;
import io.portcullis.ipsec.ike.proposal.Selectors;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.TsPayload;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.List;
import java.util.Optional;

/**
 * The child SA that we ask for as initiator.
 *
 * @param spi our inbound SPI, reserved
 */
record ChildOffer(
        TunnelDefinition tunnel,
        int spi,
        EspProposals.Allowed allowed,
        List<TrafficSelector> local,
        List<TrafficSelector> remote) {
    /** What the peer made of it. */
    record Accepted(EspProposals.Choice choice, List<TrafficSelector> local, List<TrafficSelector> remote) {}

    /** The whole tunnel, as IKE_AUTH asks for it. */
    static ChildOffer first(IkeSa sa, TunnelDefinition tunnel) {
        return of(sa, tunnel, List.of(), tunnel.local(), tunnel.remote());
    }

    static ChildOffer of(
            IkeSa sa,
            TunnelDefinition tunnel,
            List<DhGroup> groups,
            List<TrafficSelector> local,
            List<TrafficSelector> remote) {
        return new ChildOffer(
                tunnel,
                sa.reserveSpi(),
                new EspProposals.Allowed(tunnel.espSuites(), groups, tunnel.extendedSequence()),
                local,
                remote);
    }

    SaPayload proposals() {
        return EspProposals.offer(allowed, spi);
    }

    List<Payload> selectors() {
        return List.of(new TsPayload(true, local), new TsPayload(false, remote));
    }

    /**
     * Judges the answer: nothing in it that we did not offer; a peer may narrow the selectors.
     *
     * @param groups the group whose KE payload we sent, or none
     */
    Optional<Accepted> judge(Message response, List<DhGroup> groups) {
        List<TsPayload> ts = response.all(TsPayload.class);
        Optional<EspProposals.Choice> choice = response.first(SaPayload.class)
                .flatMap(sa -> EspProposals.accept(
                        sa, new EspProposals.Allowed(allowed.suites(), groups, allowed.extendedSequence())));
        List<TrafficSelector> ours = selectors(ts, true);
        List<TrafficSelector> theirs = selectors(ts, false);
        if (choice.isEmpty()
                || ours.isEmpty()
                || theirs.isEmpty()
                || !Selectors.within(ours, local)
                || !Selectors.within(theirs, remote)) {
            return Optional.empty();
        }
        return Optional.of(new Accepted(choice.get(), ours, theirs));
    }

    /** Gives the SPI back and says why in one event. */
    void failed(IkeSa sa, Message response) {
        sa.releaseSpi(spi);
        String status = errorName(response);
        String ours = status.equals(NotifyType.NO_PROPOSAL_CHOSEN.wireName())
                ? allowed.suites() + " " + allowed.groups()
                : local + " - " + remote;
        if (status.equals(NotifyType.NO_PROPOSAL_CHOSEN.wireName())) {
            sa.fail(IpsecEvents.NO_PROPOSAL_CHOSEN, status, ours, "peer: " + status);
        } else if (status.equals(NotifyType.TS_UNACCEPTABLE.wireName())) {
            sa.fail(IpsecEvents.TS_UNACCEPTABLE, status, ours, "peer: " + status);
        } else {
            sa.fail(IpsecEvents.IPSEC_SA_FAILED, status, ours, "peer: " + status);
        }
    }

    /** The error that an answer carries. */
    static String errorName(Message response) {
        return response.all(NotifyPayload.class).stream()
                .filter(NotifyPayload::isError)
                .map(notify -> NotifyType.nameOf(notify.type()))
                .findFirst()
                .orElse("the answer is not what we offered");
    }

    static List<TrafficSelector> selectors(List<TsPayload> payloads, boolean initiator) {
        return payloads.stream()
                .filter(ts -> ts.initiator() == initiator)
                .flatMap(ts -> ts.selectors().stream())
                .toList();
    }
}
