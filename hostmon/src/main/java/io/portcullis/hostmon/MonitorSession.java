package io.portcullis.hostmon;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** The hosts of one definition, and what they say together. Owned by {@link HostMonitors}. */
final class MonitorSession implements AutoCloseable {
    private final SessionDefinition definition;
    private final List<HostMonitor> hosts = new ArrayList<>();
    private final EventSink events;
    private final long graceEnd;
    private boolean available = true;

    MonitorSession(
            SessionDefinition definition,
            Prober prober,
            IntSupplier numbers,
            EventSink events,
            Runnable wake,
            long now) {
        this.definition = definition;
        this.events = events;
        this.graceEnd = now + definition.grace().toNanos();
        for (HostCheck check : definition.hosts()) {
            hosts.add(new HostMonitor(check, prober, numbers.getAsInt(), wake, now));
        }
    }

    SessionDefinition definition() {
        return definition;
    }

    /** Whether the subject works, as far as the hosts know. */
    boolean isAvailable() {
        return available;
    }

    /** @return when to call again */
    long step(long now) {
        long deadline = now - graceEnd < 0 ? graceEnd : Long.MAX_VALUE;
        for (HostMonitor host : hosts) {
            HostMonitor.State before = host.state();
            deadline = Math.min(deadline, host.step(now));
            if (host.state() != before) {
                tell(host);
            }
        }
        if (now - graceEnd >= 0) {
            available = works();
        }
        return deadline;
    }

    private boolean works() {
        int unreachable = 0;
        for (HostMonitor host : hosts) {
            if (host.state() == HostMonitor.State.UNREACHABLE) {
                if (host.check().isRequired()) {
                    return false;
                }
                unreachable++;
            }
        }
        return unreachable <= definition.mostUnreachable();
    }

    private void tell(HostMonitor host) {
        IpAddress address = host.check().host();
        if (host.state() == HostMonitor.State.REACHABLE) {
            events.emit(HostmonEvents.REACHABLE, "none", address, host.check().method(), definition.name());
        } else {
            events.emit(
                    HostmonEvents.UNREACHABLE,
                    "none",
                    address,
                    host.check().method(),
                    definition.name(),
                    host.lost(),
                    host.latency() / SessionView.MILLISECOND);
        }
    }

    SessionView view() {
        return new SessionView(
                definition.name(),
                available,
                hosts.stream()
                        .map(host -> new SessionView.Host(
                                host.check(),
                                host.state() == HostMonitor.State.REACHABLE,
                                host.lost(),
                                host.latency() / SessionView.MILLISECOND))
                        .toList());
    }

    @Override
    public void close() {
        hosts.forEach(HostMonitor::close);
    }
}
