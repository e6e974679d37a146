package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.AddressPool;
import io.portcullis.core.connection.AnnouncedConnection;
import io.portcullis.core.connection.ConnectionPreview;
import io.portcullis.core.connection.ConnectionView;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.connection.NewEnds;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.TableChoice;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.trace.Trail;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a trace words what the pipeline's steps decide. */
final class TraceText {
    static final String FTP = "FTP: data connections that it announces may be opened, once each";

    private TraceText() {}

    static String headers(DropReason why, List<DropReason> logged) {
        if (why != NONE) {
            return why.help();
        }
        return logged.isEmpty()
                ? "in order"
                : "go on, and are logged: "
                        + logged.stream().map(DropReason::help).distinct().collect(Collectors.joining(" "));
    }

    /** {@code UDP 203.0.113.1:4500 -> 203.0.113.2:4500, 120 octets, must not be fragmented}. */
    static String packet(Packet packet) {
        boolean whole = packet.ipVersion() == 6 || Ipv4.dontFragment(packet.buffer(), packet.networkAt());
        return IpProtocol.name(packet.protocol()) + " " + ends(packet) + ", " + length(packet)
                + (whole ? ", must not be fragmented" : "");
    }

    static String length(Packet packet) {
        return packet.payloadEnd() - packet.networkAt() + " octets";
    }

    static String ends(Packet packet) {
        return end(packet.protocol(), source(packet), packet.sourcePort()) + " -> "
                + end(packet.protocol(), destination(packet), packet.destinationPort());
    }

    private static IpAddress source(Packet packet) {
        return new IpAddress(packet.sourceHigh(), packet.sourceLow());
    }

    private static IpAddress destination(Packet packet) {
        return new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }

    private static String end(int protocol, IpAddress address, int port) {
        return IpProtocol.hasPorts(protocol) ? address.withPort(port) : address.toString();
    }

    /** {@code TCP_OPEN, lan to wan, age 12 s, by policy out: its answers}. */
    static String connection(Flow flow, ConnectionPreview connections, long now) {
        ConnectionView view = connections.view(flow, now);
        return view.state() + ", " + view.sourceInterface() + " to " + view.destinationInterface() + ", "
                + view.ageSeconds() + " s old, "
                + (view.policy().isEmpty() ? "the firewall's own" : "by policy " + view.policy())
                + (flow.isOriginal() ? "" : ": an answer");
    }

    /** {@code comes by dsl, as good as wan where its connection is: it goes on, and answers follow}. */
    static String moved(Flow flow, NetworkInterface from, NetworkInterface to, boolean isReached) {
        return "comes by " + to.name() + ", as good as " + from.name() + " where its connection is: "
                + (isReached
                        ? "it goes on" + (flow.isOriginal() ? ", and answers follow" : "")
                        : "but no route leads back by " + to.name());
    }

    /** Why no connection comes about. */
    static String refusal(DropReason why, @Nullable Policy policy) {
        AddressPool pool = policy == null ? null : policy.addressPool();
        return why.help()
                + (why == DropReason.TRANSLATION_FULL && pool != null ? " The pool is " + pool.name() + "." : "");
    }

    /**
     * Tells steps 6 to 9.
     *
     * @return the object that refuses the packet, empty when none does
     */
    static String judgement(
            Trail trail,
            Packet packet,
            NetworkInterface in,
            Judgement judged,
            DropReason why,
            ActiveConfiguration config) {
        boolean own = in.equals(config.core());
        TableChoice tables = judged.tables();
        if (!own) {
            trail.step("Access", access(packet, in, judged, config));
            if (why == DropReason.ACCESS_DENIED) {
                return Objects.requireNonNull(judged.access()).rule();
            }
        }
        if (judged.goesToGate()) {
            return "";
        }
        if (!tables.rule().isEmpty()) {
            trail.step(
                    "Routing",
                    "rule " + tables.rule() + ": table " + tables.forwardTable() + " there, " + tables.returnTable()
                            + " back");
        }
        Route route = judged.route();
        if (route == null) {
            trail.step("Route", "none to " + destination(packet) + " in table " + tables.forwardTable());
            return "";
        }
        trail.step("Route", route(route, destination(packet), tables));
        Policy policy = judged.policy();
        if (policy == null) {
            return "";
        }
        if (policy instanceof AnnouncedConnection announced) {
            trail.step("Policy", announced.toString());
        } else {
            config.rules().trace(packet, in, route.iface(), text -> trail.step("Policy", text));
        }
        if (policy.action() != Policy.Action.ALLOW) {
            return name(policy);
        }
        Redirection redirection = policy.redirection();
        if (redirection == null) {
            return "";
        }
        IpAddress target = new IpAddress(
                redirection.high(packet.destinationHigh(), packet.destinationLow()),
                redirection.low(packet.destinationLow()));
        if (why == NONE) {
            trail.step("Route", route(judged.way(), target, tables));
        } else if (why == DropReason.NO_ROUTE) {
            trail.step("Route", "none to " + target + ", where the policy sends it");
        }
        return "";
    }

    private static String access(Packet packet, NetworkInterface in, Judgement judged, ActiveConfiguration config) {
        AccessControl.Verdict verdict = judged.access();
        if (Judgement.isNobody(packet, in, config)) {
            return source(packet) + " is an address of the firewall, or a broadcast: nobody may send from it";
        }
        Route back = judged.back();
        if (verdict == null && back != null) {
            return "no access rule matches; the source is routed by " + in.name() + ": "
                    + route(back, source(packet), judged.tables());
        }
        if (verdict == null || verdict.equals(AccessControl.Verdict.DEFAULT)) {
            return "no access rule matches, and no route leads back to " + source(packet) + " by " + in.name();
        }
        return "rule " + verdict.rule() + (verdict.accept() ? " accepts the source" : " refuses the source");
    }

    private static String route(Route route, IpAddress address, TableChoice tables) {
        return route.network() + " by " + route.iface().name()
                + (route.gateway() == null ? "" : ", gateway " + route.gateway()) + ", metric " + route.metric()
                + ", table " + tables.tableOf(route, address.high(), address.low());
    }

    /** Tells what the connection that the packet opens speaks, where that is followed. */
    static void application(Trail trail, Packet packet, @Nullable Policy policy) {
        if (policy != null
                && policy.application(packet.protocol(), packet.sourcePort(), packet.destinationPort())
                        == Policy.Application.FTP) {
            trail.step("Application", FTP);
        }
    }

    /** {@code internet, voip; precedence 4}. */
    static String pipes(PipeChain chain, Packet packet) {
        return chain.pipes().stream().map(Pipe::name).collect(Collectors.joining(", ")) + "; precedence "
                + chain.precedence(packet);
    }

    static String name(@Nullable Policy policy) {
        return policy == null ? "" : policy.name();
    }

    static String translation(Packet packet, NewEnds ends, @Nullable Policy policy) {
        String wanted = policy == null ? "the firewall's own" : "SourceTranslation " + policy.sourceTranslation();
        boolean redirected = policy != null && policy.redirection() != null;
        if (!ends.hides() && !redirected) {
            return "none (" + wanted + ")";
        }
        int protocol = packet.protocol();
        boolean isStatic = policy != null && policy.newSources() != null;
        String hidden = isStatic ? "SAT of the source" : "NAT";
        return (ends.hides() ? hidden : "")
                + (ends.hides() && redirected ? " and " : "")
                + (redirected ? "SAT" : "") + " (" + wanted + "): leaves as "
                + (ends.hides() && !isStatic && IpProtocol.hasPorts(protocol)
                        ? ends.source() + " port, for example, " + ends.sourcePort()
                        : end(protocol, ends.source(), ends.sourcePort()))
                + " -> " + end(protocol, ends.destination(), ends.destinationPort());
    }
}
