package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import io.portcullis.core.port.PortStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ifstat}: the interfaces, their devices and their counters. */
public final class IfstatCommand implements Command {
    private final Supplier<List<NetworkInterface>> interfaces;
    private final Restart restart;

    /** Takes an interface's device anew. */
    @FunctionalInterface
    public interface Restart {
        /** @throws CommandFailure when that fails, or the interface has no device */
        void restart(String iface) throws CommandFailure;
    }

    /** @param interfaces all of the active configuration, {@code core} among them */
    public IfstatCommand(Supplier<List<NetworkInterface>> interfaces, Restart restart) {
        this.interfaces = interfaces;
        this.restart = restart;
    }

    @Override
    public String name() {
        return "ifstat";
    }

    @Override
    public String help() {
        return "Lists the interfaces with what came in and left by them, or all about one.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument("NAME", false, "One interface.", () -> names(interfaces.get())));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("verbose", "Device, addresses, I/O method and drops of each."),
                Option.flag("restart", "Gives the interface's device back and takes it again."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        List<NetworkInterface> all = interfaces.get();
        Optional<String> wanted = call.argument(0);
        if (wanted.isEmpty()) {
            if (call.has("restart")) {
                throw new CommandFailure(
                        "ifstat -restart needs the name of one interface: " + String.join(", ", names(all)));
            }
            list(call, all, output);
            return;
        }
        NetworkInterface one = all.stream()
                .filter(iface -> iface.name().equals(wanted.get()))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        "there is no interface '" + wanted.get() + "'; there are " + String.join(", ", names(all))));
        if (call.has("restart")) {
            restart.restart(one.name());
            output.out("Interface " + one.name() + " was restarted.\n");
            return;
        }
        output.out(details(one));
    }

    private static void list(Invocation call, List<NetworkInterface> all, Session.Output output) throws CommandFailure {
        Rows<NetworkInterface> rows = Rows.of(call, all);
        StringBuilder text = new StringBuilder();
        if (call.has("verbose")) {
            rows.shown().forEach(iface -> text.append(details(iface)).append('\n'));
        } else {
            TextTable table = new TextTable(
                    "Interface", "Device", "MTU", "Packets In", "Octets In", "Packets Out", "Octets Out", "Dropped");
            for (NetworkInterface iface : rows.shown()) {
                InterfaceCounters counters = iface.counters();
                table.row(
                        iface.name(),
                        device(iface) + unlessUp(iface),
                        iface.mtu(),
                        counters.packetsIn(),
                        counters.octetsIn(),
                        counters.packetsOut(),
                        counters.octetsOut(),
                        drops(counters));
            }
            text.append(table);
        }
        output.out(text + rows.more());
    }

    private static String details(NetworkInterface iface) {
        List<List<String>> rows = new ArrayList<>();
        Port port = port(iface);
        if (port != null) {
            rows.add(List.of("  Device", device(iface) + " (" + state(port) + ")"));
            if (port.capabilities().linkLayer()) {
                rows.add(List.of("  MAC address", port.mac().toString()));
            }
            rows.add(List.of("  I/O method", port.capabilities().reason()));
            rows.add(List.of("  Offload", offload(port.capabilities())));
            PortStatistics lost =
                    iface instanceof EthernetInterface ethernet ? ethernet.statistics() : port.statistics();
            if (!lost.equals(PortStatistics.NONE)) {
                rows.add(List.of(
                        "  Lost on arrival",
                        lost.full() + " for want of room, " + lost.unusable() + " too long or malformed"));
            }
        }
        for (int family : new int[] {4, 6}) {
            IpAddress own = iface.ownAddress(family);
            if (own != null) {
                rows.add(List.of("  IPv" + family + " address", own.toString()));
            }
        }
        InterfaceCounters counters = iface.counters();
        rows.add(List.of("  MTU", iface.mtu() + ""));
        rows.add(List.of("  Received", counters.packetsIn() + " packets, " + counters.octetsIn() + " octets"));
        rows.add(List.of("  Sent", counters.packetsOut() + " packets, " + counters.octetsOut() + " octets"));
        for (DropReason reason : DropReason.values()) {
            if (counters.drops(reason) > 0) {
                rows.add(List.of("  Dropped", counters.drops(reason) + " " + reason.label() + ": " + reason.help()));
            }
        }
        return iface.name() + "\n" + TextTable.plain(rows);
    }

    private static String state(Port port) {
        PortStatus status = port.status();
        String text = status.state().toString();
        if (status.openings() > 1) {
            text += ", taken over " + status.openings() + " times";
        }
        return status.trouble().isEmpty() ? text : text + ", " + status.trouble();
    }

    private static String offload(PortCapabilities can) {
        List<String> out = new ArrayList<>();
        if (can.partialChecksum()) {
            out.add("checksums");
        }
        if (can.segmentation()) {
            out.add("TCP segmentation");
        }
        if (can.udpSegmentation()) {
            out.add("UDP segmentation");
        }
        return out.isEmpty() ? "none" : String.join(", ", out);
    }

    private static String device(NetworkInterface iface) {
        Port port = port(iface);
        if (port == null) {
            return "";
        }
        return iface instanceof EthernetInterface ethernet && ethernet.tagging().isTagged()
                ? port.name() + "." + ethernet.tagging()
                : port.name();
    }

    private static String unlessUp(NetworkInterface iface) {
        Port port = port(iface);
        return port == null || port.status().state() == PortStatus.State.UP
                ? ""
                : " (" + port.status().state() + ")";
    }

    private static @Nullable Port port(NetworkInterface iface) {
        if (iface instanceof EthernetInterface ethernet) {
            return ethernet.port();
        }
        return iface instanceof CoreInterface core ? core.tun() : null;
    }

    private static long drops(InterfaceCounters counters) {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += counters.drops(reason);
        }
        return sum;
    }

    private static List<String> names(List<NetworkInterface> all) {
        return all.stream().map(NetworkInterface::name).toList();
    }
}
