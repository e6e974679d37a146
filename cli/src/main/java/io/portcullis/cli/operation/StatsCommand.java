package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.pipeline.WorkerUse;
import io.portcullis.core.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** {@code stats}: how the firewall is doing, and what it dropped for which reason. */
public final class StatsCommand implements Command {
    private static final long MEGA = 1 << 20;

    private final Clock clock;
    private final long started;
    private final Supplier<List<NetworkInterface>> interfaces;
    private final ToLongFunction<DropReason> drops;
    private final Supplier<DataPlaneUse> dataPlane;
    private final Supplier<List<WorkerUse>> workers;
    private final Supplier<ProcessUse> process;

    /**
     * @param started the clock's nanoseconds when the firewall started
     * @param interfaces all of the active configuration
     * @param drops packets that died for a reason, all workers together
     * @param workers what each has done, in their order
     */
    public StatsCommand(
            Clock clock,
            long started,
            Supplier<List<NetworkInterface>> interfaces,
            ToLongFunction<DropReason> drops,
            Supplier<DataPlaneUse> dataPlane,
            Supplier<List<WorkerUse>> workers,
            Supplier<ProcessUse> process) {
        this.clock = clock;
        this.started = started;
        this.interfaces = interfaces;
        this.drops = drops;
        this.dataPlane = dataPlane;
        this.workers = workers;
        this.process = process;
        // The system tells the load since it was last asked: the first one to ask would get none.
        ProcessUse _ = process.get();
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public String help() {
        return "Shows uptime, load, how full the tables are, and what was dropped for which reason.";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.flag("workers", "What each worker has received, handed to others and got from them."));
    }

    @Override
    public void run(Invocation call, Session.Output output) {
        if (call.has("workers")) {
            output.out(byWorker());
            return;
        }
        DataPlaneUse use = dataPlane.get();
        ProcessUse machine = process.get();
        String text = TextTable.plain(List.of(
                List.of("Uptime", Elapsed.between(started, clock.nanos())),
                List.of("CPU", cpu(machine)),
                List.of("Memory", machine.heapUsed() / MEGA + " of " + machine.heapMax() / MEGA + " MB"),
                List.of("Connections", use.connections() + " of " + use.connectionLimit()),
                List.of("Packet buffers", use.buffers() - use.buffersFree() + " of " + use.buffers() + " in use"),
                List.of(
                        "Packets in",
                        sum(InterfaceCounters::packetsIn) + ", " + sum(InterfaceCounters::octetsIn) + " octets"),
                List.of(
                        "Packets out",
                        sum(InterfaceCounters::packetsOut) + ", " + sum(InterfaceCounters::octetsOut) + " octets")));
        output.out(text + "\n" + dropped());
    }

    private String byWorker() {
        List<WorkerUse> all = workers.get();
        if (all.isEmpty()) {
            return "No worker runs: there is no interface.\n";
        }
        TextTable table =
                new TextTable("Worker", "Bursts", "Packets", "Per burst", "Handed in", "Handed out", "Refused", "Busy");
        for (WorkerUse use : all) {
            long time = Math.max(1, use.busyNanos() + use.idleNanos());
            table.row(
                    use.worker(),
                    use.bursts(),
                    use.packets(),
                    String.format(Locale.ROOT, "%.1f", (double) use.packets() / Math.max(1, use.bursts())),
                    use.handedIn(),
                    use.handedOut(),
                    use.refused(),
                    String.format(Locale.ROOT, "%.1f %%", 100.0 * use.busyNanos() / time));
        }
        return table.toString();
    }

    private String dropped() {
        List<DropReason> reasons = Arrays.stream(DropReason.values())
                .filter(reason -> drops.applyAsLong(reason) > 0)
                .sorted(Comparator.comparingLong(drops).reversed())
                .toList();
        if (reasons.isEmpty()) {
            return "No packet was dropped.\n";
        }
        TextTable table = new TextTable("Dropped", "Reason", "Meaning");
        reasons.forEach(reason -> table.row(drops.applyAsLong(reason), reason.label(), reason.help()));
        return table.toString();
    }

    private static String cpu(ProcessUse machine) {
        String processors = machine.processors() + (machine.processors() == 1 ? " processor" : " processors");
        return machine.cpuLoad() < 0
                ? "not known, " + processors
                : String.format(Locale.ROOT, "%.0f %% of %s", 100 * machine.cpuLoad(), processors);
    }

    private long sum(ToLongFunction<InterfaceCounters> counter) {
        Stream<InterfaceCounters> counters = interfaces.get().stream().map(NetworkInterface::counters);
        return counters.mapToLong(counter).sum();
    }
}
