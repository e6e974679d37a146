package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.proposal.IkeProposals;
import java.util.List;
import java.util.Optional;

/**
 * An IKE SA at one instant, for listings.
 *
 * @param tunnel empty until a responder knows it
 * @param state {@code OPENING}, {@code ESTABLISHED}, {@code REPLACED}, {@code CLOSING} or {@code CLOSED}
 * @param choice algorithms, once agreed
 * @param natHere whether a NAT stands before us
 * @param natThere whether a NAT stands before the peer
 * @param ageSeconds since it was established
 */
public record IkeSaView(
        String tunnel,
        boolean initiator,
        long initiatorSpi,
        long responderSpi,
        Endpoints path,
        String localId,
        String remoteId,
        String state,
        Optional<IkeProposals.Choice> choice,
        boolean natHere,
        boolean natThere,
        long ageSeconds,
        List<ChildSaView> children) {

    static IkeSaView of(IkeSa sa, long now) {
        State state = sa.state();
        long since = state instanceof State.Established(long established) ? established : now;
        return new IkeSaView(
                sa.tunnel == null ? "" : sa.tunnel.name(),
                sa.initiator,
                sa.initiatorSpi,
                sa.responderSpi,
                sa.path,
                sa.localId,
                sa.remoteId,
                name(state),
                sa.channel.isSecure() ? Optional.of(sa.channel.choice()) : Optional.empty(),
                sa.nat.here(),
                sa.nat.there(),
                (now - since) / 1_000_000_000L,
                sa.children.all().stream()
                        .map(child -> ChildSaView.of(child, sa.around.usage().apply(child.inboundSpi()), now))
                        .toList());
    }

    private static String name(State state) {
        return switch (state) {
            case State.Opening _ -> "OPENING";
            case State.Established _ -> "ESTABLISHED";
            case State.Replaced _ -> "REPLACED";
            case State.Closing _ -> "CLOSING";
            case State.Closed _ -> "CLOSED";
        };
    }
}
