package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pair of IPsec SAs as IKE knows it. Belongs to the {@link Children} of one IKE SA, and moves when that is rekeyed.
 */
final class ChildSa {
    enum Phase {
        /** In use. */
        UP,
        /** Our request to rekey it is under way. */
        REKEYING,
        /** A successor carries the traffic; somebody is about to delete it. */
        REPLACED,
        /** Our request to delete it is under way. */
        DELETING,
        /** Deleted on both sides, and for a moment still received on: packets may be slower than messages. */
        LINGERING,
        /** Removed. */
        GONE
    }

    final SaPair pair;
    final TunnelDefinition tunnel;
    final Optional<DhGroup> group;
    final long since;
    long rekeyAt;
    long expireAt;
    Phase phase = Phase.UP;

    /** Whether outbound traffic goes through it, or may at once. */
    boolean active;

    /** What the peer rekeyed it to. */
    @Nullable
    ChildSa peerSuccessor;

    /** The lower nonce of the exchange that made {@link #peerSuccessor}. */
    byte[] peerLowest = {};

    /** The one that this one rekeys. */
    final @Nullable ChildSa predecessor;

    ChildSa(SaPair pair, TunnelDefinition tunnel, Optional<DhGroup> group, long since, @Nullable ChildSa predecessor) {
        this.pair = pair;
        this.tunnel = tunnel;
        this.group = group;
        this.since = since;
        this.predecessor = predecessor;
        this.active = predecessor == null;
    }

    int inboundSpi() {
        return pair.inboundSpi();
    }

    int outboundSpi() {
        return pair.outboundSpi();
    }

    /** Whether it is neither replaced nor on its way out. */
    boolean isInUse() {
        return phase == Phase.UP || phase == Phase.REKEYING;
    }

    @Override
    public String toString() {
        return "ChildSa[%s %08x_i %08x_o %s]".formatted(pair.tunnel(), inboundSpi(), outboundSpi(), phase);
    }
}
