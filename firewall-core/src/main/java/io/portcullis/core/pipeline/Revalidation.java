package io.portcullis.core.pipeline;

import io.portcullis.core.connection.AnnouncedConnection;
import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.Connection;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.TableChoice;
import io.portcullis.core.shaping.ConnectionPipes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges a connection that was made under another configuration: it goes on when it would be made today, with the same
 * interfaces, or equivalent ones, and the same translation. A next hop that changed is followed. Judging changes
 * nothing. Owned by one worker.
 */
final class Revalidation {
    private @Nullable Route there;
    private @Nullable Route back;
    private @Nullable Policy policy;
    private @Nullable ConnectionPipes pipes;

    /** @return null when the connection goes on, and {@link #apply} is to be called; else why it ends */
    @Nullable
    CloseReason judge(Packet packet, Flow flow, ActiveConfiguration config) {
        there = null;
        back = null;
        policy = null;
        pipes = null;
        Connection connection = flow.connection();
        Flow original = connection.original();
        NetworkInterface in = original.ingress();
        NetworkInterface out = original.egress();
        if (!config.interfaces().contains(in) || !config.interfaces().contains(out)) {
            return CloseReason.INTERFACE;
        }
        if (!flow.isOriginal() && in.equals(config.core())) {
            // An answer to the firewall itself, which may have asked by a way of its own choice: it says when it goes
            // on.
            return null;
        }
        TableChoice tables = choose(original, config);
        Route addressed = in.equals(config.core())
                ? tables.lookup(packet)
                : tables.lookup(original.destinationHigh(), original.destinationLow());
        if (addressed == null) {
            return CloseReason.ROUTE;
        }
        back = wayBack(packet, flow, tables, config);
        if (!in.equals(config.core())) {
            AccessControl.Verdict access = flow.isOriginal() ? config.access().check(packet, in) : null;
            if (access == null ? back == null && flow.isOriginal() : !access.accept()) {
                return CloseReason.POLICY;
            }
            Policy then = connection.policy();
            Policy today = then instanceof AnnouncedConnection announced
                    ? (isAnnouncedToday(announced, config) ? announced : null)
                    : today(connection, addressed.iface(), config);
            policy = today;
            if (today == null || !isSame(today, then)) {
                return CloseReason.POLICY;
            }
        }
        Route way = Redirection.way(policy, original.destinationHigh(), original.destinationLow(), addressed, tables);
        there = way;
        if (way == null || !config.equivalents().are(way.iface(), out)) {
            return CloseReason.ROUTE;
        }
        if (hasOtherAddress(connection, way.iface())) {
            return CloseReason.ADDRESS;
        }
        pipes = policy == null ? null : config.pipes().lookup(original, addressed.iface(), way.iface());
        return null;
    }

    /** Whether the control connection would be allowed, and followed, today. */
    private static boolean isAnnouncedToday(AnnouncedConnection announced, ActiveConfiguration config) {
        AnnouncedConnection.Control control = announced.control();
        IpAddress source = control.source();
        IpAddress destination = control.destination();
        Route route = config.routes()
                .choose(
                        control.ingress(),
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        IpProtocol.TCP,
                        control.sourcePort(),
                        control.destinationPort())
                .lookup(destination);
        if (route == null) {
            return false;
        }
        Policy policy = config.rules()
                .lookup(
                        control.ingress(),
                        route.iface(),
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        IpProtocol.TCP,
                        control.sourcePort(),
                        control.destinationPort(),
                        /* extensions= */ 0);
        return policy.action() == Policy.Action.ALLOW
                && policy.application(IpProtocol.TCP, control.sourcePort(), control.destinationPort())
                        == Policy.Application.FTP;
    }

    /** Whether the opener hides behind an address that the interface has no more. */
    private boolean hasOtherAddress(Connection connection, NetworkInterface out) {
        Policy today = policy;
        boolean byInterface = today != null
                && today.addressPool() == null
                && (today.sourceTranslation() == Policy.SourceTranslation.NAT
                        || today.sourceTranslation() == Policy.SourceTranslation.AUTO);
        if (!byInterface) {
            return false;
        }
        Flow original = connection.original();
        boolean hides =
                original.newSourceHigh() != original.sourceHigh() || original.newSourceLow() != original.sourceLow();
        IpAddress own =
                hides ? out.ownAddress(IpAddress.isV4(original.sourceHigh(), original.sourceLow()) ? 4 : 6) : null;
        return hides && (own == null || own.high() != original.newSourceHigh() || own.low() != original.newSourceLow());
    }

    /** The route to the opener, by the interface that he is at now or, when that one fails, by an equivalent one. */
    private static @Nullable Route wayBack(Packet packet, Flow flow, TableChoice tables, ActiveConfiguration config) {
        Flow original = flow.connection().original();
        NetworkInterface now = packet.ingress();
        NetworkInterface at = flow.isOriginal() && now != null
                ? now
                : flow.connection().reply().egress();
        Route found = tables.reverse(original.sourceHigh(), original.sourceLow(), at);
        List<NetworkInterface> others =
                flow.isOriginal() ? List.of() : config.equivalents().others(at);
        for (int i = 0; found == null && i < others.size(); i++) {
            found = tables.reverse(original.sourceHigh(), original.sourceLow(), others.get(i));
        }
        return found;
    }

    /** What the rule set says today; of a connection that has moved, what it says for an interface that is as good. */
    private static Policy today(Connection connection, NetworkInterface out, ActiveConfiguration config) {
        Flow original = connection.original();
        Policy first = config.rules().lookup(original, out);
        Policy found = first;
        List<NetworkInterface> others = config.equivalents().others(out);
        for (int i = 0; !isSame(found, connection.policy()) && i < others.size(); i++) {
            found = config.rules().lookup(original, others.get(i));
        }
        return isSame(found, connection.policy()) ? found : first;
    }

    /** The connection that was just judged goes on, by the ways that were found. */
    void apply(Flow flow, ActiveConfiguration config) {
        Route way = there;
        if (way == null) {
            return;
        }
        Connection connection = flow.connection();
        Flow original = connection.original();
        NetworkInterface in = original.ingress();
        original.route(way.iface(), way.gateway());
        connection.pipes(pipes);
        if (back != null) {
            connection.reply().route(back.iface(), back.gateway());
        }
        // A reply can not tell what the access rules say of the opener: until he speaks it is asked again.
        if (flow.isOriginal() || in.equals(config.core())) {
            connection.confirm(policy, config.generation());
        }
    }

    /** The next hop of the packets of a connection that was just judged, once it goes on; else the one it has. */
    @Nullable
    IpAddress gateway(Flow flow) {
        Route way = flow.isOriginal() ? there : back;
        return way == null ? flow.gateway() : way.gateway();
    }

    private static TableChoice choose(Flow original, ActiveConfiguration config) {
        return config.routes()
                .choose(
                        original.ingress(),
                        original.sourceHigh(),
                        original.sourceLow(),
                        original.destinationHigh(),
                        original.destinationLow(),
                        original.connection().protocol(),
                        original.sourcePort(),
                        original.destinationPort());
    }

    private static boolean isSame(Policy today, @Nullable Policy then) {
        return today.action() == Policy.Action.ALLOW
                && then != null
                && today.sourceTranslation() == then.sourceTranslation()
                && Objects.equals(today.addressPool(), then.addressPool())
                && Objects.equals(today.newSources(), then.newSources())
                && Objects.equals(today.redirection(), then.redirection());
    }
}
