package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * What access rules and policies say of a packet that belongs to no connection yet, or to one that was made under another
 * configuration; and who hears of a refusal.
 */
final class Admission {
    private final ConnectionTable connections;
    private final Obituary obituary;
    private @Nullable String refusedBy;

    Admission(ConnectionTable connections, Obituary obituary) {
        this.connections = connections;
        this.obituary = obituary;
    }

    /**
     * Step 5: the flow that the packet belongs to; for an ICMP error of the firewall's own about a packet that was
     * translated already, the one that undoes that. Null when there is none, or when it would not be made today.
     *
     * @param own whether the firewall made the packet
     */
    @Nullable
    Flow known(Packet packet, boolean own, ActiveConfiguration config, long now) {
        Flow flow = connections.find(packet, now);
        if (flow != null && stillAllows(packet, flow, config, now)) {
            return flow;
        }
        return own ? connections.findTranslated(packet, config.routes()) : null;
    }

    /**
     * Whether a known connection would be made today, with the same routes and the same verdict; else it is closed.
     * Those made under this configuration were asked when they were.
     */
    private boolean stillAllows(Packet packet, Flow flow, ActiveConfiguration config, long now) {
        if (flow.connection().generation() == config.generation()) {
            return true;
        }
        CloseReason why = Revalidation.judge(packet, flow, config);
        if (why != null) {
            connections.close(flow.connection(), why, now);
        }
        return why == null;
    }

    /**
     * Step 6: the access rules, and where none matches the reverse route. What no rule can allow is a source that is the
     * firewall's own address or a network's broadcast.
     *
     * @param back route to the source by {@code in}, null when there is none
     */
    DropReason access(Packet packet, NetworkInterface in, @Nullable Route back, ActiveConfiguration config, long now) {
        boolean isNobody = config.isOwn(packet.sourceHigh(), packet.sourceLow())
                || in.isBroadcast(packet.sourceHigh(), packet.sourceLow());
        AccessControl.Verdict verdict =
                isNobody ? AccessControl.Verdict.DEFAULT : config.access().check(packet, in);
        if (verdict == null) {
            verdict = back == null ? AccessControl.Verdict.DEFAULT : null;
        }
        if (verdict == null || verdict.accept()) {
            return NONE;
        }
        if (verdict.logs()) {
            obituary.refused(packet, verdict.rule(), now);
        }
        refusedBy = verdict.rule();
        return DropReason.ACCESS_DENIED;
    }

    /**
     * Step 8: a link-local address is known on its own link only, so nothing from or to one is forwarded (RFC 3927 section
     * 2.7, RFC 4291 section 2.5.6).
     *
     * @param out where the packet would go
     */
    DropReason scope(Packet packet, NetworkInterface out, ActiveConfiguration config, long now) {
        boolean staysHere = out.equals(config.core())
                || !(IpAddress.isLinkLocal(packet.sourceHigh(), packet.sourceLow())
                        || IpAddress.isLinkLocal(packet.destinationHigh(), packet.destinationLow()));
        if (staysHere) {
            return NONE;
        }
        obituary.malformed(packet, DropReason.LINK_LOCAL, now);
        return DropReason.LINK_LOCAL;
    }

    /** Step 9: what the policy says. */
    DropReason verdict(Packet packet, Policy policy, PacketWorker worker, ActiveConfiguration config, long now) {
        switch (policy.action()) {
            case ALLOW -> {
                policy.hit(now);
                return NONE;
            }
            case REJECT -> obituary.reject(packet, worker, config, now);
            case DROP -> {}
        }
        policy.hit(now);
        if (policy.logs()) {
            obituary.refused(packet, policy.name(), now);
        }
        refusedBy = policy.name();
        return policy.isDefault() ? DropReason.NO_POLICY : DropReason.POLICY_DENIED;
    }

    /** The rule or policy that refused a packet that dies of this reason now; null when none did. */
    @Nullable
    String refusedBy(DropReason why) {
        return switch (why) {
            case ACCESS_DENIED, NO_POLICY, POLICY_DENIED -> refusedBy;
            default -> null;
        };
    }
}
