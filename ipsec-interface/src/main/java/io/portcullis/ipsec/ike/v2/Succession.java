package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an IKE SA hands over to the one that a rekey made, also when both peers rekey at once (RFC 7296 section 2.8.2).
 */
final class Succession {
    /** How long the peer may take to delete what it has replaced. */
    static final long REPLACED_NANOS = 60_000_000_000L;

    private final IkeSa sa;
    private boolean replaced;

    /** What the peer made of this SA by rekeying it. */
    @Nullable
    PeerRekey peerRekey;

    /** The SA that the peer rekeyed to this one while we were rekeying it, too. */
    @Nullable
    IkeSa predecessor;

    Succession(IkeSa sa) {
        this.sa = sa;
    }

    /** The SA that takes over after a rekey; its SPIs are those of the rekey's initiator and responder. */
    IkeSa make(boolean byUs, long spiI, long spiR, IkeProposals.Choice chosen, IkeKeys made) {
        IkeSa successor = new IkeSa(sa.around, byUs, sa.path, sa.now);
        successor.initiatorSpi = spiI;
        successor.responderSpi = spiR;
        successor.tunnel = sa.tunnel;
        successor.localId = sa.localId;
        successor.remoteId = sa.remoteId;
        successor.nat = sa.nat;
        successor.channel.secure(chosen, made);
        successor.become(new State.Established(sa.now));
        return successor;
    }

    /** Hands everything to the successor and waits to be deleted, by us or by the peer. The first successor counts. */
    void replaceBy(IkeSa successor) {
        if (replaced) {
            return;
        }
        sa.act(new Action.ChildrenMoved(successor, sa.children.spis()));
        sa.children.moveTo(successor);
        sa.moveQueueTo(successor);
        replaced = true;
        sa.become(new State.Replaced(sa.now + REPLACED_NANOS));
        sa.emit(
                IpsecEvents.IKE_SA_REKEYED,
                "none",
                successor.initiator ? "local" : "remote",
                successor.channel.algorithms());
    }

    boolean isReplaced() {
        return replaced;
    }

    /** What the peer made of this SA by rekeying it, unless it has deleted that again as redundant. */
    Optional<IkeSa> inheritorOfPeer() {
        return Optional.ofNullable(peerRekey).map(PeerRekey::successor).filter(IkeSa::isEstablished);
    }

    /**
     * The peer does something with child SAs under this SA, which its rekey made, or rekeys it again: it has inherited
     * them, whatever has become of our own rekey of the old one.
     */
    void inherit() {
        IkeSa old = predecessor;
        predecessor = null;
        if (old != null && old.isEstablished()) {
            old.now = sa.now;
            old.succession.replaceBy(sa);
            old.drain().forEach(sa::act);
        }
    }

    /** Our rekey has been answered: the old SA goes. */
    void conclude() {
        sa.closeAfter(CloseIke.delete("rekeyed"));
    }

    /** Lost a simultaneous rekey: goes as soon as it is started. */
    void giveWay() {
        sa.enqueue(CloseIke.delete("redundant after simultaneous rekey"));
        sa.become(new State.Closing());
    }
}
