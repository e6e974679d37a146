package io.portcullis.core.pipeline;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What access rules and policies say of a packet that belongs to no connection yet, or to one that was made under
 * another configuration; and who hears of a refusal.
 */
final class Admission {
    private final ConnectionTable connections;
    private final Obituary obituary;
    private final Judgement judgement;
    private final Revalidation revalidation = new Revalidation();
    private @Nullable String refusedBy;

    Admission(ConnectionTable connections, IpsecGate gate, Obituary obituary) {
        this.connections = connections;
        this.obituary = obituary;
        this.judgement = new Judgement(gate, connections);
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
        if (flow == null) {
            flow = moved(packet, config, now);
        }
        if (flow != null && stillAllows(packet, flow, config, now)) {
            return flow;
        }
        return own ? connections.findTranslated(packet, config.routes()) : null;
    }

    /**
     * The flow that the packet belongs to though it came in by another interface, an equivalent one by which its source
     * is reached too. Where the opener has moved, answers follow him.
     */
    private @Nullable Flow moved(Packet packet, ActiveConfiguration config, long now) {
        NetworkInterface in = packet.ingress();
        List<NetworkInterface> others =
                in == null ? List.of() : config.equivalents().others(in);
        for (int i = 0; i < others.size(); i++) {
            Flow flow = connections.find(packet, others.get(i), now);
            if (flow != null && in != null) {
                Route back = wayBack(packet, in, config);
                if (back != null && flow.isOriginal()) {
                    flow.connection().reply().route(in, back.gateway());
                }
                return back == null ? null : flow;
            }
        }
        return null;
    }

    /** The route to the source of a packet by the interface that it came in by, null when there is none. */
    static @Nullable Route wayBack(Packet packet, NetworkInterface in, ActiveConfiguration config) {
        return config.routes().choose(packet, in).reverse(packet.sourceHigh(), packet.sourceLow(), in);
    }

    /**
     * Whether a known connection would be made today, with the same routes and the same verdict; else it is closed.
     * Those made under this configuration were asked when they were.
     */
    private boolean stillAllows(Packet packet, Flow flow, ActiveConfiguration config, long now) {
        if (flow.connection().generation() == config.generation()) {
            return true;
        }
        CloseReason why = revalidation.judge(packet, flow, config);
        if (why == null) {
            revalidation.apply(flow, config);
        } else {
            connections.close(flow.connection(), why, now);
        }
        return why == null;
    }

    /**
     * Steps 6 to 9 for a packet that belongs to no connection, with all that people and its sender hear of them. With
     * NONE it may go on as {@link #judgement} says, which the next packet changes.
     */
    DropReason admit(Packet packet, NetworkInterface in, PacketWorker worker, ActiveConfiguration config, long now) {
        DropReason why = judgement.judge(packet, in, config, now);
        Policy policy = judgement.policy();
        if (policy != null) {
            policy.hit(now);
        }
        switch (why) {
            case ACCESS_DENIED -> refuse(packet, Objects.requireNonNull(judgement.access()), now);
            case NO_ROUTE -> obituary.noRoute(packet, now);
            case LINK_LOCAL -> obituary.malformed(packet, why, now);
            case NO_POLICY, POLICY_DENIED -> deny(packet, Objects.requireNonNull(policy), worker, config, now);
            default -> {}
        }
        return why;
    }

    private void refuse(Packet packet, AccessControl.Verdict verdict, long now) {
        if (verdict.logs()) {
            obituary.refused(packet, verdict.rule(), now);
        }
        refusedBy = verdict.rule();
    }

    /** An answer to the sender is a packet too, and is judged before this returns. */
    private void deny(Packet packet, Policy policy, PacketWorker worker, ActiveConfiguration config, long now) {
        if (policy.action() == Policy.Action.REJECT) {
            obituary.reject(packet, worker, config, now);
        }
        if (policy.logs()) {
            obituary.refused(packet, policy.name(), now);
        }
        refusedBy = policy.name();
    }

    /** What was decided of the last packet that {@link #admit} was asked about. */
    Judgement judgement() {
        return judgement;
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
