package io.portcullis.cli.firewall;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.dhcp.DhcpClients;
import io.portcullis.core.dhcp.DhcpDefinition;
import io.portcullis.core.dhcp.DhcpView;
import io.portcullis.core.dhcp.LeasedConfiguration;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.slaac.SlaacDefinition;
import io.portcullis.core.slaac.SlaacHosts;
import io.portcullis.core.time.Clock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What gives interfaces addresses while they run, DHCP servers and routers, on a thread of its own; when something was
 * learned, what runs is compiled anew.
 */
final class Leases implements AutoCloseable {
    private final DhcpClients clients;
    private final SlaacHosts hosts;
    private final Clock clock;
    private final ControlThread thread;

    /** @param learned has what runs follow the leases */
    Leases(WorkerMailbox workers, Runnable learned, EventSink events, Clock clock, SecureRandom random) {
        this.clock = clock;
        clients = new DhcpClients(workers, random, events);
        hosts = new SlaacHosts(workers, random, events);
        thread = new ControlThread(
                "dhcp",
                new ControlThread.Work() {
                    @Override
                    public void step(long now) {
                        boolean leased = clients.step(now);
                        boolean advertised = hosts.step(now);
                        if (leased || advertised) {
                            learned.run();
                        }
                    }

                    @Override
                    public long nextDeadline() {
                        return Math.min(clients.nextDeadline(), hosts.nextDeadline());
                    }
                },
                FirewallEvents.DHCP_INTERNAL_ERROR,
                clock,
                events);
        clients.wakeWith(thread::wake);
        hosts.wakeWith(thread::wake);
    }

    void start() {
        thread.start();
    }

    /** The configuration as it is to be compiled now. */
    LeasedConfiguration in(Configuration stored) {
        return new LeasedConfiguration(stored, clients.learned(), hosts.learned());
    }

    /** Gives back the leases of interfaces that will not be clients any more; while they still run. */
    void retain(List<DhcpDefinition> definitions) {
        clients.retain(definitions);
    }

    /** Runs just these clients from now on, on the interfaces that run. */
    void apply(List<DhcpDefinition> definitions, Function<String, Optional<EthernetInterface>> interfaces) {
        clients.apply(definitions, interfaces, clock.nanos());
    }

    /** Listens to routers on just these interfaces from now on. */
    void listen(List<SlaacDefinition> definitions, Function<String, Optional<EthernetInterface>> interfaces) {
        hosts.apply(definitions, interfaces);
    }

    List<DhcpView> view() {
        return clients.view(clock.nanos());
    }

    /** Has a client ask for more time, or for an address; false when the interface is none. */
    boolean renew(String iface) {
        return clients.renew(iface, clock.nanos());
    }

    /** Has a client give its lease back; false when the interface is none. */
    boolean release(String iface) {
        return clients.release(iface);
    }

    @Override
    public void close() {
        thread.close();
    }
}
