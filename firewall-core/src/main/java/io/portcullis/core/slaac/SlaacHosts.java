package io.portcullis.core.slaac;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.WorkerMailbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All interfaces that listen to routers. One of the same name and device before and after a change goes on with what it
 * knows. {@link #step} is called by one thread; the rest by any. Nothing blocks.
 */
public final class SlaacHosts {
    /** Between two changes that others follow: who can advertise could have all compiled again and again. */
    private static final long CALM = 1_000_000_000L;

    private final WorkerMailbox workers;
    private final RandomGenerator random;
    private final EventSink events;
    private Runnable wake = () -> {};
    private final Map<String, Running> hosts = new LinkedHashMap<>();
    private Map<String, LearnedIpv6> said = Map.of();
    private boolean hasSaid;
    private long saidAt;
    private volatile long deadline = Long.MAX_VALUE;

    private record Running(SlaacHost host, RouterInbox inbox, SlaacLink link) {}

    /** @param workers of the interfaces */
    public SlaacHosts(WorkerMailbox workers, RandomGenerator random, EventSink events) {
        this.workers = workers;
        this.random = random;
        this.events = events;
    }

    /** How the stepping thread is woken; does not block. */
    public synchronized void wakeWith(Runnable waking) {
        wake = waking;
    }

    /** What others are to follow, by name of the interface: as the last {@link #step} found it. */
    public synchronized Map<String, LearnedIpv6> learned() {
        return said;
    }

    /**
     * Listens on just these from now on.
     *
     * @param interfaces those that run, by name
     */
    public synchronized void apply(
            List<SlaacDefinition> definitions, Function<String, Optional<EthernetInterface>> interfaces) {
        hosts.values().removeIf(running -> {
            SlaacDefinition own = running.host().definition();
            boolean stays = definitions.stream()
                    .anyMatch(
                            one -> one.name().equals(own.name()) && one.device().equals(own.device()));
            if (!stays) {
                running.link().close();
            }
            return !stays;
        });
        for (SlaacDefinition definition : definitions) {
            interfaces.apply(definition.name()).ifPresent(iface -> run(definition, iface));
        }
        wake.run();
    }

    private void run(SlaacDefinition definition, EthernetInterface iface) {
        Running before = hosts.get(definition.name());
        RouterInbox inbox = before == null ? new RouterInbox(() -> wake.run()) : before.inbox();
        SlaacLink link = new EthernetSlaacLink(iface, workers, inbox);
        SlaacHost host;
        if (before == null) {
            host = new SlaacHost(definition, link, random, events, () -> wake.run());
        } else {
            host = before.host();
            host.reconfigure(definition, link);
        }
        hosts.put(definition.name(), new Running(host, inbox, link));
    }

    /**
     * Takes what was heard, and does what is due.
     *
     * @return whether {@link #learned} has changed
     */
    public synchronized boolean step(long now) {
        long next = Long.MAX_VALUE;
        Map<String, LearnedIpv6> known = new LinkedHashMap<>();
        for (Map.Entry<String, Running> entry : hosts.entrySet()) {
            Running running = entry.getValue();
            for (RouterInbox.Heard heard = running.inbox().poll();
                    heard != null;
                    heard = running.inbox().poll()) {
                RouterAdvertisement.read(heard.message(), heard.router())
                        .ifPresent(advertisement -> running.host().received(advertisement, now));
            }
            next = Math.min(next, running.host().step(now));
            running.host().learned(now).ifPresent(learned -> known.put(entry.getKey(), learned));
        }
        deadline = next;
        if (known.equals(said)) {
            return false;
        }
        if (hasSaid && now - saidAt < CALM) {
            deadline = Math.min(next, saidAt + CALM);
            return false;
        }
        tell(known);
        said = Map.copyOf(known);
        hasSaid = true;
        saidAt = now;
        return true;
    }

    private void tell(Map<String, LearnedIpv6> known) {
        said.forEach((name, before) -> {
            LearnedIpv6 after = known.get(name);
            if (after == null || !after.address().equals(before.address())) {
                events.emit(SlaacEvents.ADDRESS_LOST, "none", name, before.address());
            }
        });
        known.forEach((name, after) -> {
            LearnedIpv6 before = said.get(name);
            if (before == null || !before.address().equals(after.address())) {
                events.emit(
                        SlaacEvents.ADDRESS_LEARNED,
                        "none",
                        name,
                        after.address(),
                        after.network(),
                        after.router().map(Object::toString).orElse(""));
            }
        });
    }

    /** When to step again; {@link Long#MAX_VALUE} when nothing is to be done. */
    public long nextDeadline() {
        return deadline;
    }
}
