package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.TableChoice;
import io.portcullis.core.shaping.ConnectionPipes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Steps 6 to 9 for a packet that belongs to no connection: whether its source may be there, where it goes, what the
 * policy says and where that sends it. Decides and remembers, until the next packet; what is counted, logged and
 * answered is {@link Admission}'s, so that who only wants to know may ask too. Owned by one worker.
 */
final class Judgement {
    private final IpsecGate gate;
    private final ConnectionTable connections;
    private @Nullable TableChoice tables;
    private @Nullable Route back;
    private AccessControl.@Nullable Verdict access;
    private boolean goesToGate;
    private @Nullable Route route;
    private @Nullable Policy policy;
    private @Nullable Route way;
    private @Nullable ConnectionPipes pipes;

    /**
     * @param gate takes IKE and ESP
     * @param connections know which others they have announced
     */
    Judgement(IpsecGate gate, ConnectionTable connections) {
        this.gate = gate;
        this.connections = connections;
    }

    /** Whether the packet is IKE or ESP for the firewall itself. */
    boolean isForGate(Packet packet, ActiveConfiguration config) {
        return gate.claims(packet) && config.isOwn(packet.destinationHigh(), packet.destinationLow());
    }

    /** NONE when the packet may go on, to the gate or by {@link #way}; else why not. */
    DropReason judge(Packet packet, NetworkInterface in, ActiveConfiguration config, long now) {
        boolean own = in.equals(config.core());
        access = null;
        goesToGate = false;
        route = null;
        policy = null;
        way = null;
        pipes = null;
        TableChoice choice = config.routes().choose(packet, in);
        tables = choice;
        back = choice.reverse(packet.sourceHigh(), packet.sourceLow(), in);
        if (!own && !mayComeFrom(packet, in, config)) {
            return DropReason.ACCESS_DENIED;
        }
        goesToGate = config.settings().ipsecBeforeRules() && !own && isForGate(packet, config);
        if (goesToGate) {
            return NONE;
        }
        Route addressed = choice.lookup(packet);
        route = addressed;
        if (addressed == null) {
            return DropReason.NO_ROUTE;
        }
        if (own) {
            way = addressed;
            return NONE;
        }
        return leavesLink(packet, addressed, config)
                ? DropReason.LINK_LOCAL
                : decide(packet, in, addressed, config, now);
    }

    /**
     * The access rules, and where none matches the reverse route. What no rule can allow is a source that nobody is.
     */
    private boolean mayComeFrom(Packet packet, NetworkInterface in, ActiveConfiguration config) {
        if (isNobody(packet, in, config)) {
            access = AccessControl.Verdict.DEFAULT;
            return false;
        }
        AccessControl.Verdict verdict = config.access().check(packet, in);
        if (verdict == null && back == null) {
            verdict = AccessControl.Verdict.DEFAULT;
        }
        access = verdict;
        return verdict == null || verdict.accept();
    }

    /** Whether the source is the firewall's own address or a network's broadcast. */
    static boolean isNobody(Packet packet, NetworkInterface in, ActiveConfiguration config) {
        return (!in.isWithin() && config.isOwn(packet.sourceHigh(), packet.sourceLow()))
                || in.isBroadcast(packet.sourceHigh(), packet.sourceLow());
    }

    private DropReason decide(
            Packet packet, NetworkInterface in, Route addressed, ActiveConfiguration config, long now) {
        Policy announced = connections.announced(packet, in, now);
        Policy decided = announced == null ? config.rules().lookup(packet, in, addressed.iface()) : announced;
        policy = decided;
        if (decided.action() != Policy.Action.ALLOW) {
            return decided.isDefault() ? DropReason.NO_POLICY : DropReason.POLICY_DENIED;
        }
        Route there = Redirection.way(decided, packet.destinationHigh(), packet.destinationLow(), addressed, tables());
        way = there;
        if (there == null) {
            return DropReason.NO_ROUTE;
        }
        pipes = config.pipes().lookup(packet, in, addressed.iface(), there.iface());
        return leavesLink(packet, there, config) ? DropReason.LINK_LOCAL : NONE;
    }

    /**
     * A link-local address is known on its own link only, so nothing from or to one is forwarded (RFC 3927 section 2.7,
     * RFC 4291 section 2.5.6).
     */
    private static boolean leavesLink(Packet packet, Route out, ActiveConfiguration config) {
        return !out.iface().equals(config.core())
                && (IpAddress.isLinkLocal(packet.sourceHigh(), packet.sourceLow())
                        || IpAddress.isLinkLocal(packet.destinationHigh(), packet.destinationLow()));
    }

    /** Opens the connection of the packet, which may go on; null as {@link ConnectionTable#open} says. */
    @Nullable
    Flow open(Packet packet, NetworkInterface in, ActiveConfiguration config, long now) {
        Route there = way();
        return connections.open(
                packet,
                there.iface(),
                there.gateway(),
                in,
                back == null ? null : back.gateway(),
                policy,
                config.generation(),
                now);
    }

    /** The tables that it is routed by. */
    TableChoice tables() {
        return Objects.requireNonNull(tables);
    }

    /** The route to the source by the interface that the packet came in by, null when there is none. */
    @Nullable
    Route back() {
        return back;
    }

    /** What the access rule said; null when none matched and the reverse route was there. */
    AccessControl.@Nullable Verdict access() {
        return access;
    }

    /** Whether it goes to the gate, and nothing else was asked. */
    boolean goesToGate() {
        return goesToGate;
    }

    /** The route to where it is addressed to, null when there is none or it was not looked for. */
    @Nullable
    Route route() {
        return route;
    }

    /** The policy, null when none was asked: the firewall's own packets need none. */
    @Nullable
    Policy policy() {
        return policy;
    }

    /** The pipes that packets of its connection go through; null for none, as for the firewall's own. */
    @Nullable
    ConnectionPipes pipes() {
        return pipes;
    }

    /** The route to where it goes, of a packet that may. */
    Route way() {
        return Objects.requireNonNull(way);
    }
}
