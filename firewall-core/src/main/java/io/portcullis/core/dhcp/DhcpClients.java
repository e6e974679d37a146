package io.portcullis.core.dhcp;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.WorkerMailbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All DHCP clients. A client whose interface has the same name and device before and after a change goes on with what
 * it has. {@link #step} is called by one thread; the rest by any. Nothing blocks.
 */
public final class DhcpClients {
    private final WorkerMailbox workers;
    private final RandomGenerator random;
    private final EventSink events;
    private Runnable wake = () -> {};
    private final Map<String, Running> clients = new LinkedHashMap<>();
    private Map<String, LearnedAddresses> said = Map.of();
    private volatile long deadline = Long.MAX_VALUE;

    private record Running(DhcpClient client, DhcpInbox inbox, DhcpLink link) {}

    /** @param workers of the interfaces */
    public DhcpClients(WorkerMailbox workers, RandomGenerator random, EventSink events) {
        this.workers = workers;
        this.random = random;
        this.events = events;
    }

    /** How the stepping thread is woken; does not block. */
    public synchronized void wakeWith(Runnable waking) {
        wake = waking;
    }

    /** What interfaces learned so far, by name. */
    public synchronized Map<String, LearnedAddresses> learned() {
        Map<String, LearnedAddresses> all = new LinkedHashMap<>();
        clients.forEach((name, running) -> running.client().lease().ifPresent(lease -> all.put(name, lease.learned())));
        return all;
    }

    /** Gives back the leases of interfaces that will be none of these any more, while they still run. */
    public synchronized void retain(List<DhcpDefinition> definitions) {
        clients.values().removeIf(running -> {
            DhcpDefinition own = running.client().definition();
            boolean stays = definitions.stream()
                    .anyMatch(
                            one -> one.name().equals(own.name()) && one.device().equals(own.device()));
            if (!stays) {
                running.client().release();
                running.link().close();
            }
            return !stays;
        });
    }

    /**
     * Runs just these from now on.
     *
     * @param interfaces those that run, by name; a client without one waits for the next call
     */
    public synchronized void apply(
            List<DhcpDefinition> definitions, Function<String, Optional<EthernetInterface>> interfaces, long now) {
        retain(definitions);
        for (DhcpDefinition definition : definitions) {
            interfaces.apply(definition.name()).ifPresent(iface -> run(definition, iface, now));
        }
        wake.run();
    }

    private void run(DhcpDefinition definition, EthernetInterface iface, long now) {
        Running before = clients.get(definition.name());
        DhcpInbox inbox = before == null ? new DhcpInbox(iface.port().mac(), () -> wake.run()) : before.inbox();
        DhcpLink link = new EthernetDhcpLink(iface, workers, inbox);
        if (before == null) {
            DhcpClient client = new DhcpClient(definition, link, random, events, () -> wake.run(), now);
            clients.put(definition.name(), new Running(client, inbox, link));
        } else {
            before.client().reconfigure(definition, link, now);
            clients.put(definition.name(), new Running(before.client(), inbox, link));
        }
    }

    /**
     * Takes what was heard, and does what is due.
     *
     * @return whether {@link #learned} is not what it was after the last step
     */
    public synchronized boolean step(long now) {
        long next = Long.MAX_VALUE;
        for (Running running : clients.values()) {
            for (DhcpInbox.Heard heard = running.inbox().poll();
                    heard != null;
                    heard = running.inbox().poll()) {
                take(running.client(), heard, now);
            }
            running.client().step(now);
            next = Math.min(next, running.client().deadline());
        }
        deadline = next;
        Map<String, LearnedAddresses> known = learned();
        boolean changed = !known.equals(said);
        said = known;
        return changed;
    }

    private void take(DhcpClient client, DhcpInbox.Heard heard, long now) {
        try {
            client.received(DhcpCodec.read(heard.octets()), heard.station(), now);
        } catch (MalformedDhcp malformed) {
            client.malformed(malformed, now);
        }
    }

    /** When to step again; {@link Long#MAX_VALUE} when nothing is asked or held. */
    public long nextDeadline() {
        return deadline;
    }

    /** How the clients are, in the order of the configuration. */
    public synchronized List<DhcpView> view(long now) {
        List<DhcpView> views = new ArrayList<>();
        clients.values().forEach(running -> views.add(running.client().view(now)));
        return views;
    }

    /** Has the client of an interface ask for more time, or for an address; false when there is none. */
    public synchronized boolean renew(String name, long now) {
        Running running = clients.get(name);
        if (running != null) {
            running.client().renew(now);
            wake.run();
        }
        return running != null;
    }

    /** Has the client of an interface give its lease back, and ask for none; false when there is none. */
    public synchronized boolean release(String name) {
        Running running = clients.get(name);
        if (running != null) {
            running.client().release();
            wake.run();
        }
        return running != null;
    }
}
