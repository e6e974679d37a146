package io.portcullis.core.connection;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.SourceLimit;
import org.jspecify.annotations.Nullable;

/** What of a packet, or of its source, stands against a connection that it would open. Changes nothing. */
final class OpenerChecks {
    private final SourceCounts sources;

    /** @param sources shared by all workers */
    OpenerChecks(SourceCounts sources) {
        this.sources = sources;
    }

    /** NONE when nothing stands against it. */
    DropReason check(Packet packet, @Nullable Policy policy) {
        return mayOpen(packet) ? limit(packet, policy) : DropReason.NO_NEW_CONNECTION;
    }

    /** NONE unless the source has as many connections as the policy allows. */
    DropReason limit(Packet packet, @Nullable Policy policy) {
        SourceLimit limit = policy == null ? null : policy.sourceLimit();
        boolean isReached = limit != null
                && sources.of(limit.policy(), packet.sourceHigh(), packet.sourceLow()) >= limit.connections();
        return isReached ? DropReason.SOURCE_LIMIT : DropReason.NONE;
    }

    private static boolean mayOpen(Packet packet) {
        if (packet.fragmentOffset() != 0) {
            return false;
        }
        return switch (packet.protocol()) {
            case IpProtocol.TCP -> TcpTracker.opens(packet);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
                IcmpQuery.fits(packet) && IcmpQuery.answer(packet.protocol(), packet.destinationPort() >>> 8) >= 0;
            default -> true;
        };
    }
}
