package io.portcullis.cli.firewall;

import io.portcullis.cli.Main;
import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.completion.Completer;
import io.portcullis.cli.console.ConsoleServer;
import io.portcullis.cli.console.Session;
import io.portcullis.cli.language.LanguageSession;
import io.portcullis.cli.warmup.WarmUp;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationStore;
import io.portcullis.core.config.DataFolder;
import io.portcullis.core.config.DelayedTasks;
import io.portcullis.core.config.Finding;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Transactions;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.receiver.LogReceivers;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.keylog.KeyLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A firewall, put together and running. It serves its console in the data folder; what it does with packets is its
 * configuration's business.
 */
public final class Firewall implements AutoCloseable {
    private static final int EVENTS_KEPT = 4096;
    private static final int VERSIONS_KEPT = 100;
    private static final long LOG_MILLIS = 100;
    private static final long DEVICES_MILLIS = 250;
    private static final long SCHEDULE_MILLIS = 1000;

    private final DataFolder folder;
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("timer-", 0).daemon(true).factory());
    private final EventLog events;
    private final DataPlane dataPlane;
    private final Ipsec ipsec;
    private final Interfaces interfaces;
    private final LogReceivers receivers;
    private final Activation activation;
    private final Captures captures;
    private final Transactions transactions;
    private final CommandTable commands;
    private final Completer completer;
    private final ConsoleServer console;
    private final ObjectTypes types = ObjectCatalogue.types();
    private final Clock clock;
    private final SecureRandom random;

    private Firewall(Machine machine, DataFolder folder, Clock clock, SecureRandom random) throws IOException {
        this.folder = folder;
        this.clock = clock;
        this.random = random;
        events = new EventLog(clock, EVENTS_KEPT);
        ipsec = new Ipsec(mailbox(), this::route, events, clock, random);
        Optional<Machine.SocketDevice> sockets = machine.sockets();
        dataPlane = new DataPlane(machine, ipsec.gate(), sockets, events, clock, random);
        dataPlane.every(ipsec.database()::tick);
        interfaces = new Interfaces(machine, ipsec.database(), events, dataPlane.core(), dataPlane);
        Configuration initial = ObjectCatalogue.initial(types);
        receivers =
                new LogReceivers(events, folder.path().resolve("log"), UdpSyslog::new, clock, ZoneId.systemDefault());
        activation = new Activation(
                dataPlane,
                ipsec,
                interfaces,
                sockets,
                new HostNames(),
                new KeyLog(folder.path().resolve("keys"), events),
                receivers,
                events,
                clock,
                random);
        transactions = new Transactions(
                new ConfigurationStore(folder.files("configuration"), types, clock, VERSIONS_KEPT),
                initial,
                activation,
                clock,
                delayedTasks(timers),
                events);
        captures = new Captures(
                dataPlane, folder.path().resolve("captures"), timers, events, clock, "Portcullis " + Main.VERSION);
        commands = new CommandTable(Operations.all(
                events, dataPlane, ipsec, interfaces, activation, transactions, captures, clock, random));
        completer = new Completer(commands);
        ipsec.start();
        activation.failover().start();
        activation.leases().start();
        every(LOG_MILLIS, events::dispatch);
        DeviceWatch devices =
                new DeviceWatch(interfaces::devices, dataPlane::tell, ipsec.database()::refreshPaths, events, clock);
        every(DEVICES_MILLIS, devices::look);
        every(SCHEDULE_MILLIS, activation::reschedule);

        console = ConsoleServer.start(folder.path(), sessions());
    }

    /** The data plane's mailbox for IPsec, which is made before it. */
    private WorkerMailbox mailbox() {
        return new WorkerMailbox() {
            @Override
            public int workers() {
                return dataPlane.workers();
            }

            @Override
            public boolean execute(WorkerCommand command) {
                return dataPlane.execute(command);
            }

            @Override
            public boolean execute(int worker, WorkerCommand command) {
                return dataPlane.execute(worker, command);
            }
        };
    }

    /** The route that a packet of the firewall's own would take. */
    private Optional<Route> route(IpAddress to) {
        return Optional.ofNullable(dataPlane.active().routes().lookup(to.high(), to.low()));
    }

    /**
     * Starts a firewall with nothing configured yet.
     *
     * @param path data folder; one process at a time
     * @throws IOException with a sentence for the administrator
     */
    public static Firewall start(Machine machine, Path path, Clock clock, SecureRandom random) throws IOException {
        DataFolder folder = DataFolder.open(path, ProcessHandle.current().pid());
        try {
            return new Firewall(machine, folder, clock, random);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * Puts the configuration in force that was committed last, or the initial one.
     *
     * @return what is to be known about it; after an error nothing is in force
     */
    public List<Finding> restore() throws IOException {
        return transactions.start();
    }

    /**
     * Makes a script the configuration: begins with the initial one, runs the script, activates and commits.
     *
     * @param output takes what the commands print, and what is wrong
     * @return whether it is in force now; if not, the initial one is
     * @throws IOException when the data folder cannot be read
     */
    public boolean load(String script, Session.Output output) throws IOException {
        String user = "script";
        try (Session session = new LanguageSession(transactions, commands, completer, user)) {
            transactions.startAnew();
            if (session.execute(script, output) != 0) {
                transactions.reject(user, false);
                return false;
            }
            if (!transactions.changes().isEmpty()) {
                Transactions.Outcome outcome = transactions.activate(user);
                outcome.findings().forEach(finding -> output.err(finding + "\n"));
                if (!outcome.activated()) {
                    transactions.reject(user, false);
                    return false;
                }
            }
            if (transactions.secondsLeft().isPresent()) {
                transactions.commit(user);
            }
            return true;
        } catch (ConfigError error) {
            output.err(error.getMessage() + "\n");
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Has the machine code of the data plane made, a fraction of a second at most, then the rest of cryptography tested
     * and measured in the background. Packets flow meanwhile; to be called when the configuration is in force.
     */
    public void warmUp() {
        try (WarmUp warmUp = WarmUp.begin(types, ipsec.crypto(), clock, random)) {
            warmUp.run();
        } catch (RuntimeException defect) {
            events.emit(FirewallEvents.INTERNAL_ERROR, "none", defect);
        }
        // What start and warm-up have left is sorted out now, and not copied by each collection under traffic.
        System.gc();
        ipsec.prepareCrypto();
    }

    /** Opens sessions with this firewall. */
    public Session.Factory sessions() {
        return origin -> new LanguageSession(transactions, commands, completer, origin);
    }

    /** A task that fails once is tried again the next time: a timer that is gone would be missed by nobody. */
    private void every(long millis, Runnable task) {
        ScheduledFuture<?> _ = timers.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException defect) {
                        events.emit(FirewallEvents.INTERNAL_ERROR, "none", defect);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private static DelayedTasks delayedTasks(ScheduledExecutorService timers) {
        return (delay, task) -> {
            ScheduledFuture<?> future = timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        };
    }

    /** Takes SAs down at the peers, gives devices back as they were, lets the folder go. */
    @Override
    public void close() throws IOException {
        console.close();
        activation.failover().close();
        activation.leases().close();
        ipsec.close();
        captures.close();
        timers.shutdownNow();
        dataPlane.stop();
        interfaces.close();
        dataPlane.close();
        receivers.close();
        folder.close();
    }
}
