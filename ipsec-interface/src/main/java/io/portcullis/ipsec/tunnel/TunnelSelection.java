package io.portcullis.ipsec.tunnel;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.decision.Decision.Stage;
import io.portcullis.ipsec.decision.Decision.Verdict;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.EspProposals;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.proposal.Selectors;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which tunnel a peer that calls us means. The list is looked through from the top in three stages, as more becomes
 * known: endpoints and key exchange, then identities and pre-shared key, then networks and ESP algorithms. A tunnel
 * that a later stage rejects makes way for the next one. Every answer comes with its reasons.
 */
public final class TunnelSelection {
    private TunnelSelection() {}

    /**
     * Stage 1.
     *
     * @param candidates tunnels that the choice suits, in order; empty when {@code choice} is
     * @param choice algorithms of the IKE SA
     */
    public record Initial(
            List<TunnelDefinition> candidates, Optional<IkeProposals.Choice> choice, List<Decision> decisions) {}

    /** What the peer asks for with IKE_AUTH or CREATE_CHILD_SA, seen from our side. */
    public record ChildRequest(SaPayload offered, List<TrafficSelector> local, List<TrafficSelector> remote) {}

    /** A child SA that a tunnel allows. */
    public record Child(
            TunnelDefinition tunnel,
            EspProposals.Choice proposal,
            List<TrafficSelector> local,
            List<TrafficSelector> remote) {}

    /**
     * Stages 2 and 3.
     *
     * @param authenticated the first tunnel whose identities and key are right, empty: AUTHENTICATION_FAILED
     * @param child empty when no such tunnel allows what the peer asks for
     * @param refusal why not
     */
    public record Final(
            Optional<TunnelDefinition> authenticated,
            Optional<Child> child,
            Optional<NotifyType> refusal,
            List<Decision> decisions) {}

    /** Of longer lists, tunnels with other endpoints are named one by one only on demand. */
    static final int NAMED_ALWAYS = 64;

    /**
     * Stage 1: endpoints, then algorithms and key exchange group.
     *
     * @param everyReason names every tunnel that is passed over, which takes as long as the list is. Else those of a
     *     long list whose RemoteEndpoint is another are told in one decision. The choice is the same
     */
    public static Initial initial(
            TunnelList list, IpAddress local, IpAddress remote, SaPayload offered, boolean everyReason) {
        List<Decision> decisions = new ArrayList<>();
        List<TunnelDefinition> looked = list.tunnels();
        if (!everyReason && looked.size() > NAMED_ALWAYS) {
            looked = list.thatMayMean(remote);
            int others = list.tunnels().size() - looked.size();
            if (others > 0) {
                decisions.add(new Decision(
                        Stage.TUNNEL_SELECTION,
                        others + " tunnels",
                        "RemoteEndpoint",
                        "others",
                        remote.toString(),
                        Verdict.PASSED_OVER));
            }
        }
        List<TunnelDefinition> candidates = new ArrayList<>();
        Map<Algorithms, String> rejected = new HashMap<>();
        Optional<IkeProposals.Choice> choice = Optional.empty();
        for (TunnelDefinition tunnel : looked) {
            if (!endpointsFit(tunnel, local, remote, decisions)) {
                continue;
            }
            if (choice.isEmpty()) {
                choice = algorithms(tunnel, offered, rejected, decisions);
            }
            if (choice.isPresent() && allows(tunnel, choice.get(), decisions)) {
                candidates.add(tunnel);
            }
        }
        return new Initial(List.copyOf(candidates), choice, decisions);
    }

    private record Algorithms(List<IkeSuite> suites, List<DhGroup> groups) {}

    /** Many tunnels share one list of algorithms: a list that has failed is not tried again for each of them. */
    private static Optional<IkeProposals.Choice> algorithms(
            TunnelDefinition tunnel, SaPayload offered, Map<Algorithms, String> rejected, List<Decision> decisions) {
        Algorithms own = new Algorithms(tunnel.ikeSuites(), tunnel.dhGroups());
        String before = rejected.get(own);
        if (before != null) {
            decisions.add(new Decision(
                    Stage.IKE_PROPOSAL, tunnel.name(), "algorithms", "those of " + before, "others", Verdict.REJECTED));
            return Optional.empty();
        }
        Optional<IkeProposals.Choice> choice =
                IkeProposals.choose(offered, own.suites(), own.groups(), tunnel.name(), decisions);
        if (choice.isEmpty()) {
            rejected.put(own, tunnel.name());
        }
        return choice;
    }

    /** Whether a tunnel could do with what was chosen for one above it. */
    private static boolean allows(TunnelDefinition tunnel, IkeProposals.Choice choice, List<Decision> decisions) {
        boolean allowed =
                tunnel.ikeSuites().contains(choice.suite()) && tunnel.dhGroups().contains(choice.group());
        if (!allowed) {
            decisions.add(passedOver(
                    tunnel,
                    "algorithms",
                    tunnel.ikeSuites() + " " + tunnel.dhGroups(),
                    IkeProposals.describe(choice.suite(), choice.group())));
        }
        return allowed;
    }

    /**
     * Stages 2 and 3.
     *
     * @param candidates of stage 1
     * @param own address that the peer called
     * @param peer IDi
     * @param asked IDr, if the peer named whom it wants
     * @param authentic whether AUTH is right with this key
     */
    public static Final authenticated(
            List<TunnelDefinition> candidates,
            IpAddress own,
            IdPayload peer,
            Optional<IdPayload> asked,
            Predicate<PreSharedKey> authentic,
            ChildRequest request) {
        List<Decision> decisions = new ArrayList<>();
        Optional<TunnelDefinition> authenticated = Optional.empty();
        Optional<NotifyType> refusal = Optional.empty();
        for (TunnelDefinition tunnel : candidates) {
            if (!identitiesFit(tunnel, own, peer, asked, decisions) || !keyFits(tunnel, authentic, decisions)) {
                continue;
            }
            Optional<Child> child = child(tunnel, request, false, decisions);
            if (child.isPresent()) {
                return new Final(Optional.of(tunnel), child, Optional.empty(), decisions);
            }
            if (authenticated.isEmpty()) {
                authenticated = Optional.of(tunnel);
                refusal = Optional.of(refusal(decisions));
            }
        }
        return new Final(
                authenticated,
                Optional.empty(),
                refusal.or(() -> Optional.of(NotifyType.AUTHENTICATION_FAILED)),
                decisions);
    }

    /**
     * Stage 3 for one tunnel: selectors, then algorithms.
     *
     * @param withGroups whether the exchange can carry a key exchange of its own (CREATE_CHILD_SA)
     */
    public static Optional<Child> child(
            TunnelDefinition tunnel, ChildRequest request, boolean withGroups, List<Decision> decisions) {
        List<TrafficSelector> local = Selectors.narrow(request.local(), tunnel.local());
        List<TrafficSelector> remote = Selectors.narrow(request.remote(), tunnel.remote());
        note(decisions, tunnel, "LocalNetwork", tunnel.local(), request.local(), !local.isEmpty());
        note(decisions, tunnel, "RemoteNetwork", tunnel.remote(), request.remote(), !remote.isEmpty());
        if (local.isEmpty() || remote.isEmpty()) {
            return Optional.empty();
        }
        EspProposals.Allowed allowed =
                new EspProposals.Allowed(tunnel.espSuites(), tunnel.pfsGroups(), tunnel.extendedSequence());
        return EspProposals.choose(
                        request.offered(), withGroups ? allowed : allowed.withoutGroups(), tunnel.name(), decisions)
                .map(choice -> new Child(tunnel, choice, local, remote));
    }

    /** The notification that the last rejection calls for. */
    public static NotifyType refusal(List<Decision> decisions) {
        return decisions.getLast().stage() == Stage.IPSEC_PROPOSAL
                ? NotifyType.NO_PROPOSAL_CHOSEN
                : NotifyType.TS_UNACCEPTABLE;
    }

    private static boolean endpointsFit(
            TunnelDefinition tunnel, IpAddress local, IpAddress remote, List<Decision> decisions) {
        boolean localFits =
                tunnel.localEndpoint().isEmpty() || tunnel.localEndpoint().get().equals(local);
        if (!localFits) {
            decisions.add(passedOver(
                    tunnel, "LocalEndpoint", tunnel.localEndpoint().get().toString(), local.toString()));
            return false;
        }
        boolean remoteFits =
                tunnel.remoteEndpoints().isEmpty() || tunnel.remoteEndpoints().contains(remote);
        if (!remoteFits) {
            decisions.add(passedOver(
                    tunnel, "RemoteEndpoint", tunnel.remoteEndpoints().toString(), remote.toString()));
        }
        return remoteFits;
    }

    private static boolean identitiesFit(
            TunnelDefinition tunnel,
            IpAddress own,
            IdPayload peer,
            Optional<IdPayload> asked,
            List<Decision> decisions) {
        boolean remoteFits = tunnel.remoteIds().isEmpty() || IdentityPayload.isOneOf(peer, tunnel.remoteIds());
        decisions.add(new Decision(
                Stage.IDENTITY,
                tunnel.name(),
                "RemoteID",
                tunnel.remoteIds().isEmpty() ? "any" : tunnel.remoteIds().toString(),
                IdentityPayload.describe(peer),
                remoteFits ? Verdict.ACCEPTED : Verdict.REJECTED));
        Identity local = IdentityPayload.local(tunnel, own);
        boolean localFits = asked.isEmpty() || IdentityPayload.isOneOf(asked.get(), List.of(local));
        if (!localFits) {
            decisions.add(new Decision(
                    Stage.IDENTITY,
                    tunnel.name(),
                    "LocalID",
                    local.toString(),
                    IdentityPayload.describe(asked.get()),
                    Verdict.REJECTED));
        }
        return remoteFits && localFits;
    }

    private static boolean keyFits(
            TunnelDefinition tunnel, Predicate<PreSharedKey> authentic, List<Decision> decisions) {
        boolean fits = authentic.test(tunnel.psk());
        decisions.add(new Decision(
                Stage.AUTHENTICATION,
                tunnel.name(),
                "PSK",
                "AUTH made with this tunnel's key",
                fits ? "the same" : "another",
                fits ? Verdict.ACCEPTED : Verdict.REJECTED));
        return fits;
    }

    private static void note(
            List<Decision> decisions,
            TunnelDefinition tunnel,
            String criterion,
            List<TrafficSelector> ours,
            List<TrafficSelector> came,
            boolean fits) {
        decisions.add(new Decision(
                Stage.TRAFFIC_SELECTOR,
                tunnel.name(),
                criterion,
                ours.toString(),
                came.toString(),
                fits ? Verdict.ACCEPTED : Verdict.REJECTED));
    }

    private static Decision passedOver(TunnelDefinition tunnel, String criterion, String expected, String came) {
        return new Decision(Stage.TUNNEL_SELECTION, tunnel.name(), criterion, expected, came, Verdict.PASSED_OVER);
    }
}
