package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.EventType;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.time.Clock;
import io.portcullis.hostmon.Cause;
import io.portcullis.hostmon.HostMonitors;
import io.portcullis.hostmon.PipelineProber;
import io.portcullis.hostmon.SessionDefinition;
import io.portcullis.hostmon.SessionView;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Monitors routes on a thread of its own, and has those that do not work taken out until they do again. */
final class RouteFailover implements AutoCloseable {
    private final HostMonitors monitors;
    private final Supplier<RoutingTables> routes;
    private final Runnable reroute;
    private final EventSink events;
    private final Clock clock;
    private final ControlThread thread;

    /**
     * @param routes of the running configuration
     * @param reroute has it run with the routes that {@link #outOfOrder} now says
     */
    RouteFailover(
            PipelineProber prober,
            Supplier<RoutingTables> routes,
            Runnable reroute,
            EventSink events,
            Clock clock,
            SecureRandom random) {
        this.routes = routes;
        this.reroute = reroute;
        this.events = events;
        this.clock = clock;
        monitors = new HostMonitors(prober, random::nextInt, events, this::concluded);
        thread = new ControlThread(
                "monitors",
                new ControlThread.Work() {
                    @Override
                    public void step(long now) {
                        monitors.step(now);
                    }

                    @Override
                    public long nextDeadline() {
                        return monitors.nextDeadline();
                    }
                },
                FirewallEvents.MONITOR_INTERNAL_ERROR,
                clock,
                events);
        monitors.wakeWith(thread::wake);
    }

    void start() {
        thread.start();
    }

    /** Monitors just these from now on. */
    void apply(List<SessionDefinition> sessions) {
        monitors.apply(sessions, clock.nanos());
    }

    /** The objects whose routes do not work now, of those that are monitored as these definitions say. */
    Set<Long> outOfOrder(List<SessionDefinition> sessions) {
        Set<Long> objects = new HashSet<>();
        monitors.unavailable().stream()
                .filter(sessions::contains)
                .forEach(session -> objects.add((Long) session.subject()));
        return objects;
    }

    List<SessionView> view() {
        return monitors.view();
    }

    private void concluded(SessionDefinition session, boolean works, Cause cause) {
        EventType type = switch (cause) {
            case LINK -> works ? FirewallEvents.HAS_LINK : FirewallEvents.NO_LINK;
            case GATEWAY -> works ? FirewallEvents.HAS_ARP : FirewallEvents.NO_ARP;
            case HOSTS -> works ? FirewallEvents.HOSTS_REACHABLE : FirewallEvents.HOSTS_UNREACHABLE;
        };
        for (RoutingTable table : routes.get().tables()) {
            for (Route route : table.routes()) {
                if (session.subject().equals(route.object())) {
                    events.emit(
                            type,
                            works ? "route_enabled" : "route_disabled",
                            route.iface().name(),
                            table.name(),
                            route.network(),
                            route.gateway() == null ? "" : route.gateway());
                }
            }
        }
        reroute.run();
    }

    @Override
    public void close() {
        thread.close();
        monitors.close();
    }
}
