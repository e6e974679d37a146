package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatistics;
import io.portcullis.core.port.PortStatus;
import io.portcullis.core.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says what happens to devices, and has the firewall follow: after a device came back its neighbours are learned anew,
 * after its FirewallEvents.DEVICE_MTU changed tunnels reckon theirs again. {@link #look} is called by one thread,
 * often.
 */
final class DeviceWatch {
    private static final Duration TOLD_EVERY = Duration.ofSeconds(10);

    /** What was seen of a port. */
    private record Seen(PortStatus status, int mtu) {
        private static Seen of(Port port) {
            return new Seen(port.status(), port.mtu());
        }

        /** What a port was when it was opened. */
        private static Seen opened(NetworkInterface iface, Port port) {
            // A VLAN may want less than the device has.
            return new Seen(
                    PortStatus.UP,
                    iface instanceof EthernetInterface ethernet
                                    && !ethernet.tagging().isTagged()
                            ? ethernet.wantedMtu()
                            : port.mtu());
        }
    }

    /** What a port had lost when it was told of. */
    private record Losses(long received, long unusable, long sent) {
        private static final Losses NONE = new Losses(0, 0, 0);

        private Losses plusSent(long more) {
            return new Losses(received, unusable, sent + more);
        }
    }

    private final Supplier<Map<NetworkInterface, Port>> devices;
    private final Consumer<WorkerCommand> workers;
    private final Runnable pathsChanged;
    private final EventSink events;
    private final Clock clock;
    private Map<Port, Seen> before = Map.of();
    private Map<Port, Losses> told = Map.of();
    private long toldAt;

    /**
     * @param devices interfaces that run now and have a port
     * @param workers runs a command on each worker
     * @param pathsChanged called when an FirewallEvents.DEVICE_MTU is another
     */
    DeviceWatch(
            Supplier<Map<NetworkInterface, Port>> devices,
            Consumer<WorkerCommand> workers,
            Runnable pathsChanged,
            EventSink events,
            Clock clock) {
        this.devices = devices;
        this.workers = workers;
        this.pathsChanged = pathsChanged;
        this.events = events;
        this.clock = clock;
        this.toldAt = clock.nanos() - TOLD_EVERY.toNanos();
    }

    /** Compares the devices with what they were the last time. */
    void look() {
        Map<NetworkInterface, Port> present = devices.get();
        Map<Port, Seen> last = before;
        before = new HashMap<>();
        present.forEach((iface, port) -> {
            Seen was = last.getOrDefault(port, Seen.opened(iface, port));
            Seen now = before.computeIfAbsent(port, Seen::of);
            if (!now.equals(was)) {
                changed(iface, port, was, now);
            }
        });
        if (clock.nanos() - toldAt >= TOLD_EVERY.toNanos()) {
            tellLosses(present);
        }
    }

    private void changed(NetworkInterface iface, Port port, Seen was, Seen now) {
        if (now.status().openings() != was.status().openings()) {
            events.emit(
                    FirewallEvents.DEVICE_BACK,
                    "none",
                    iface.name(),
                    port.name(),
                    port.capabilities().reason());
        }
        if (now.status().state() != was.status().state()) {
            events.emit(
                    FirewallEvents.DEVICE_CHANGED,
                    "none",
                    iface.name(),
                    port.name(),
                    now.status().state());
        }
        String trouble = now.status().trouble();
        if (!trouble.isEmpty() && !trouble.equals(was.status().trouble())) {
            events.emit(FirewallEvents.DEVICE_REFUSED, "none", iface.name(), port.name(), trouble);
        }
        if (iface instanceof EthernetInterface ethernet
                && now.status().state() == PortStatus.State.UP
                && !now.status().equals(was.status())) {
            workers.accept((on, _) -> ethernet.relearn(on));
        }
        if (now.mtu() != was.mtu()) {
            events.emit(FirewallEvents.DEVICE_MTU, "none", iface.name(), port.name(), now.mtu());
            pathsChanged.run();
        }
    }

    private void tellLosses(Map<NetworkInterface, Port> present) {
        Map<Port, Losses> now = new LinkedHashMap<>();
        present.forEach((iface, port) -> {
            Losses sofar = now.computeIfAbsent(port, _ -> onArrival(iface, port));
            now.put(port, sofar.plusSent(iface.counters().drops(DropReason.PORT_FULL)));
        });
        now.forEach((port, lost) -> {
            Losses was = told.getOrDefault(port, Losses.NONE);
            long received = lost.received() - was.received();
            long unusable = lost.unusable() - was.unusable();
            // An interface that was made anew counts from zero.
            long sent = Math.max(0, lost.sent() - was.sent());
            if (received + unusable + sent > 0) {
                events.emit(FirewallEvents.DEVICE_OVERRUN, "none", port.name(), received, unusable, sent);
                toldAt = clock.nanos();
            }
        });
        told = now;
    }

    private static Losses onArrival(NetworkInterface iface, Port port) {
        PortStatistics lost = iface instanceof EthernetInterface ethernet ? ethernet.statistics() : port.statistics();
        return new Losses(lost.full(), lost.unusable(), 0);
    }
}
