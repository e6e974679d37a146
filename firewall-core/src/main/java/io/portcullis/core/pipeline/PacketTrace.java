package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.ConnectionPreview;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.connection.NewEnds;
import io.portcullis.core.dhcp.DhcpInbox;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.Shaper;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.core.trace.Trail;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the running firewall would do with one packet. Led along the way of {@link Pipeline}, in its order, and what
 * decides there is asked here: header checks, connections, judgement, interfaces. Each is asked on the worker that it
 * belongs to, between two bursts. Nothing is sent, opened, counted or logged; the only thing that changes is the
 * packet.
 */
public final class PacketTrace {
    private final List<Worker> workers;
    private Packet packet;
    private final Trail trail = new Trail();
    private final CompletableFuture<TraceReport> result = new CompletableFuture<>();
    private String refusedBy = "";

    /** A stretch of the way, on one worker. Null when another goes on with it, NONE when it ends here, alive. */
    @FunctionalInterface
    private interface Stretch {
        @Nullable
        DropReason take(Pipeline on, long now);
    }

    private PacketTrace(List<Worker> workers, Packet packet) {
        this.workers = workers;
        this.packet = packet;
    }

    /**
     * Asks. The answer comes when the workers have come to it, soon.
     *
     * @param workers all of them, in their order; one at least
     * @param packet an IP packet of the caller's own, from no pool; it is changed
     * @param in where it would come in: a tunnel for what that has decrypted, {@code core} for the firewall's own
     */
    public static CompletableFuture<TraceReport> of(List<Worker> workers, Packet packet, NetworkInterface in) {
        PacketTrace trace = new PacketTrace(List.copyOf(workers), packet);
        packet.ingress(in);
        trace.order(in.sender(0), trace::arrive);
        return trace.result;
    }

    /** Goes on at this worker: at once where that is here. */
    private @Nullable DropReason goOn(int worker, Pipeline here, long now, Stretch next) {
        if (worker == here.index()) {
            return next.take(here, now);
        }
        order(worker, next);
        return null;
    }

    private void order(int worker, Stretch next) {
        Worker owner = workers.get(worker);
        boolean taken = owner.execute((_, now) -> {
            try {
                settle(next.take(owner.pipeline(), now));
            } catch (RuntimeException defect) {
                result.completeExceptionally(defect);
            }
        });
        if (!taken) {
            result.completeExceptionally(new IllegalStateException("the mailbox of worker " + worker + " is full"));
        }
    }

    private void settle(@Nullable DropReason why) {
        if (why != null) {
            result.complete(why == NONE ? trail.alive() : trail.dropped(why, refusedBy));
        }
    }

    private @Nullable DropReason arrive(Pipeline on, long now) {
        DropReason why = ingress().traceArrival(packet, trail);
        return why == NONE ? process(on, now) : why;
    }

    /** Step 3, and whose it is. */
    private @Nullable DropReason process(Pipeline on, long now) {
        NetworkInterface in = ingress();
        List<DropReason> logged = new ArrayList<>();
        HeaderChecks checks = new HeaderChecks((_, found, _) -> logged.add(found));
        DropReason why = checks.check(packet, on.configuration().settings(), now);
        trail.step("Headers", TraceText.headers(why, logged));
        if (why != NONE) {
            return why;
        }
        if (HeaderChecks.isDiscovery(packet)) {
            trail.end("heard by neighbour discovery on " + in.name());
            return in instanceof EthernetInterface ? NONE : DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        if (HeaderChecks.isLinkScope(packet)) {
            return DropReason.NO_SERVICE;
        }
        DhcpInbox client = in instanceof EthernetInterface ethernet ? ethernet.clientFor(packet) : null;
        if (client != null) {
            trail.end("heard by the DHCP client of " + in.name());
            return client.judge(packet);
        }
        int owner = workers.size() == 1 ? on.index() : on.owner(packet);
        if (workers.size() > 1) {
            trail.step("Worker", owner + " of " + workers.size());
        }
        return goOn(owner, on, now, this::goOn);
    }

    /** Steps 4 to 12. */
    private @Nullable DropReason goOn(Pipeline on, long now) {
        if (packet.isFragment()) {
            trail.step(
                    "Fragments", "octet " + packet.fragmentOffset() + " on of a datagram, which is judged as a whole");
            DropReason why = on.fragments().check(packet, now);
            return why == NONE ? reassemble(on, now) : why;
        }
        return forward(on, now);
    }

    private @Nullable DropReason reassemble(Pipeline on, long now) {
        Packet whole = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        if (!on.fragments().preview(packet, whole, now)) {
            trail.end("kept until its datagram is whole");
            return NONE;
        }
        packet = whole;
        trail.step("Fragments", "the last one missing: the datagram is whole, " + packet.length() + " octets");
        return process(on, now);
    }

    /** What a tunnel made of the packet goes its way as the firewall's own; it stays with the tunnel's worker. */
    private @Nullable DropReason outer(Pipeline on, long now) {
        packet.ingress(on.configuration().core());
        packet.link(0, false);
        packet.assembledFrom(0, 0);
        DropReason why = Headers.parse(packet);
        if (why != NONE) {
            return why;
        }
        trail.step("Packet", TraceText.packet(packet));
        return forward(on, now);
    }

    /** Steps 5 to 12. */
    private @Nullable DropReason forward(Pipeline on, long now) {
        if (packet.depth() > Pipeline.MOST_DEPTH) {
            return DropReason.TUNNEL_LOOP;
        }
        ConnectionPreview connections = new ConnectionPreview(on.connections());
        ActiveConfiguration config = on.configuration();
        boolean own = ingress().equals(config.core());
        Flow flow = known(connections, config, now);
        Revalidation revalidation = new Revalidation();
        if (flow != null && flow.connection().generation() != config.generation()) {
            CloseReason why = revalidation.judge(packet, flow, config);
            if (why != null) {
                trail.step(
                        "Connection",
                        TraceText.connection(flow, connections, now) + ": would be closed, " + why.label());
                flow = null;
            }
        }
        if (flow == null && own) {
            flow = connections.findTranslated(packet, config.routes());
        }
        return flow == null
                ? open(on, connections, now)
                : follow(on, connections, flow, revalidation.gateway(flow), now);
    }

    /** Step 5: the flow that the packet belongs to, by its own interface or by one that is as good. */
    private @Nullable Flow known(ConnectionPreview connections, ActiveConfiguration config, long now) {
        NetworkInterface in = ingress();
        Flow flow = connections.find(packet, in);
        if (flow != null && connections.startsAnew(packet, flow)) {
            trail.step(
                    "Connection", TraceText.connection(flow, connections, now) + ": over, a new one takes its place");
            flow = null;
        }
        for (NetworkInterface other : flow == null ? config.equivalents().others(in) : List.<NetworkInterface>of()) {
            flow = connections.find(packet, other);
            if (flow != null && !connections.startsAnew(packet, flow)) {
                boolean isReached = Admission.wayBack(packet, in, config) != null;
                trail.step("Connection", TraceText.moved(flow, other, in, isReached));
                return isReached ? flow : null;
            }
            flow = null;
        }
        return flow;
    }

    private @Nullable DropReason follow(
            Pipeline on, ConnectionPreview connections, Flow flow, @Nullable IpAddress gateway, long now) {
        trail.step("Connection", TraceText.connection(flow, connections, now));
        NetworkInterface out = flow.egress();
        DropReason why = Egress.check(packet, ingress(), out, on.configuration().core());
        if (why == NONE) {
            why = connections.accept(flow, packet);
        }
        if (why != NONE) {
            return why;
        }
        flow.mark(packet.passage());
        if (flow.connection().isFollowed()) {
            trail.step("Application", TraceText.FTP);
        }
        if (flow.isTranslated()) {
            String before = TraceText.ends(packet);
            connections.translate(flow, packet);
            trail.step("Translation", before + " leaves as " + TraceText.ends(packet));
        }
        trail.step(
                "Route", "by " + out.name() + (gateway == null ? "" : ", gateway " + gateway) + ", of the connection");
        return leave(on, out, gateway, flow.pipes(), now);
    }

    /** Steps 6 to 11 for a packet that belongs to no connection. */
    private @Nullable DropReason open(Pipeline on, ConnectionPreview connections, long now) {
        NetworkInterface in = ingress();
        ActiveConfiguration config = on.configuration();
        boolean own = in.equals(config.core());
        Judgement judged = new Judgement(on.gate(), on.connections());
        DropReason why = judged.judge(packet, in, config, now);
        refusedBy = TraceText.judgement(trail, packet, in, judged, why, config);
        if (why != NONE) {
            return why;
        }
        if (judged.goesToGate()) {
            trail.step("IPsec", "IPsecBeforeRules: taken before the policies are asked");
            return on.gate().trace(packet, trail, on.index());
        }
        Route way = judged.way();
        why = connections.open(packet, way.iface(), judged.policy(), now);
        if (connections.isRelayed()) {
            trail.step("Connection", "none until the opener has acknowledged a SYN cookie");
            trail.end("answered by a SYN cookie in the server's place");
            return NONE;
        }
        boolean opens = why == NONE;
        trail.step(
                "Connection",
                opens
                        ? "none yet, this packet opens one"
                        : own ? "none, and none is needed" : "none: " + TraceText.refusal(why, judged.policy()));
        if (!opens && !own) {
            refusedBy = TraceText.name(judged.policy());
            return why;
        }
        why = Egress.check(packet, in, way.iface(), config.core());
        if (why != NONE) {
            return why;
        }
        if (opens) {
            TraceText.application(trail, packet, judged.policy());
            translate(connections.newEnds(), judged.policy());
        }
        ConnectionPipes pipes = opens ? judged.pipes() : null;
        return leave(on, way.iface(), way.gateway(), pipes == null ? null : pipes.forward(), now);
    }

    /** What a tunnel's selectors and the way out look at; the octets are nobody's business any more. */
    private void translate(NewEnds ends, @Nullable Policy policy) {
        packet.passage()
                .ends(
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.sourcePort(),
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.destinationPort());
        trail.step("Translation", TraceText.translation(packet, ends, policy));
        packet.addresses(
                ends.source().high(),
                ends.source().low(),
                ends.destination().high(),
                ends.destination().low());
        packet.ports(ends.sourcePort(), ends.destinationPort());
    }

    /** Steps 11 and 12: through pipes, on the worker that they belong to. */
    private @Nullable DropReason leave(
            Pipeline on, NetworkInterface out, @Nullable IpAddress gateway, @Nullable PipeChain pipes, long now) {
        Egress.prepare(packet, ingress(), out, on.configuration().core());
        if (pipes == null) {
            return send(on, out, gateway, now);
        }
        trail.step("Pipes", TraceText.pipes(pipes, packet));
        return goOn(pipes.owner(), on, now, (there, when) -> {
            Pipe full = Shaper.full(packet, pipes, when);
            if (full == null) {
                return send(there, out, gateway, when);
            }
            trail.step("Pipes", full.name() + " is full, and what waits there is not less important");
            refusedBy = full.name();
            return DropReason.PIPE_FULL;
        });
    }

    private @Nullable DropReason send(Pipeline on, NetworkInterface out, @Nullable IpAddress gateway, long now) {
        int mtu = out.mtu();
        if (EthernetInterface.exceeds(packet, mtu)) {
            trail.step("MTU", TraceText.length(packet) + " exceed the " + mtu + " of " + out.name());
            if (!Pieces.mayCut(packet, mtu)) {
                return DropReason.TOO_BIG;
            }
            Pieces.keepFirst(packet, mtu);
            trail.step("Fragments", "leaves in several; the first has " + TraceText.length(packet));
        } else {
            trail.step("MTU", TraceText.length(packet) + " of the " + mtu + " of " + out.name());
        }
        return goOn(out.sender(on.index()), on, now, (there, when) -> {
            DropReason why = out.trace(packet, gateway, trail, there.index(), when);
            if (why == NONE && trail.takeEntering()) {
                return arrive(there, when);
            }
            return why == NONE && trail.takeWrapped() ? outer(there, when) : why;
        });
    }

    private NetworkInterface ingress() {
        return Objects.requireNonNull(packet.ingress());
    }
}
