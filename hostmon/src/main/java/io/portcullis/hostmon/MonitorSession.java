package io.portcullis.hostmon;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The link, the gateway and the hosts of one definition, and what they say together. Owned by {@link HostMonitors}. */
final class MonitorSession implements AutoCloseable {
    private final SessionDefinition definition;
    private final @Nullable HostMonitor gateway;
    private final List<HostMonitor> hosts = new ArrayList<>();
    private final EventSink events;
    private final long graceEnd;
    private long nextLook;
    private boolean hasLink = true;
    private @Nullable Cause failure;

    MonitorSession(
            SessionDefinition definition,
            Prober prober,
            IntSupplier numbers,
            EventSink events,
            Runnable wake,
            long now) {
        this.definition = definition;
        this.events = events;
        this.nextLook = now;
        this.graceEnd = now + definition.grace().toNanos();
        HostCheck next = definition.gateway();
        gateway = next == null ? null : new HostMonitor(next, prober, numbers.getAsInt(), wake, now);
        for (HostCheck check : definition.hosts()) {
            hosts.add(new HostMonitor(check, prober, numbers.getAsInt(), wake, now));
        }
    }

    SessionDefinition definition() {
        return definition;
    }

    /** Why the subject does not work, as far as is known; null while it does. */
    @Nullable
    Cause failure() {
        return failure;
    }

    /** @return when to call again */
    long step(long now) {
        long deadline = now - graceEnd < 0 ? graceEnd : Long.MAX_VALUE;
        LinkCheck link = definition.link();
        if (link != null) {
            if (now - nextLook >= 0) {
                hasLink = link.isUp();
                nextLook = now + link.interval().toNanos();
            }
            deadline = Math.min(deadline, nextLook);
        }
        for (HostMonitor monitor : monitors()) {
            HostMonitor.State before = monitor.state();
            deadline = Math.min(deadline, monitor.step(now));
            if (monitor.state() != before) {
                tell(monitor);
            }
        }
        if (now - graceEnd >= 0) {
            failure = judge();
        }
        return deadline;
    }

    private List<HostMonitor> monitors() {
        List<HostMonitor> all = new ArrayList<>(hosts);
        if (gateway != null) {
            all.addFirst(gateway);
        }
        return all;
    }

    private @Nullable Cause judge() {
        if (!hasLink) {
            return Cause.LINK;
        }
        if (gateway != null && gateway.state() == HostMonitor.State.UNREACHABLE) {
            return Cause.GATEWAY;
        }
        int unreachable = 0;
        for (HostMonitor host : hosts) {
            if (host.state() == HostMonitor.State.UNREACHABLE) {
                if (host.check().isRequired()) {
                    return Cause.HOSTS;
                }
                unreachable++;
            }
        }
        return unreachable > definition.mostUnreachable() ? Cause.HOSTS : null;
    }

    private void tell(HostMonitor host) {
        IpAddress address = host.check().host();
        if (host.state() == HostMonitor.State.REACHABLE) {
            events.emit(HostmonEvents.REACHABLE, "none", address, host.check().protocol(), definition.name());
        } else {
            events.emit(
                    HostmonEvents.UNREACHABLE,
                    "none",
                    address,
                    host.check().protocol(),
                    definition.name(),
                    host.lost(),
                    host.latency() / SessionView.MILLISECOND);
        }
    }

    SessionView view() {
        return new SessionView(
                definition.name(),
                failure,
                monitors().stream()
                        .map(host -> new SessionView.Host(
                                host.check(),
                                host.state() == HostMonitor.State.REACHABLE,
                                host.lost(),
                                host.latency() / SessionView.MILLISECOND))
                        .toList());
    }

    @Override
    public void close() {
        monitors().forEach(HostMonitor::close);
    }
}
