package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All routing tables of a running configuration. Immutable: a route that comes or goes while running makes a new
 * snapshot.
 */
public final class RoutingTables {
    /** The table that exists by itself. */
    public static final String MAIN = "main";

    /** No route anywhere. */
    public static final RoutingTables EMPTY = new RoutingTables(List.of());

    private final List<RoutingTable> tables;
    private final RoutingTable main;
    private final RoutingRules rules;
    private final TableChoice usual;
    /** By the rule's number. */
    private final TableChoice[] choices;

    private final Map<NetworkInterface, String> members;
    private final NetworkInterface[] memberInterfaces;
    private final TableChoice[] memberChoices;

    /** @param tables with different names; an empty {@code main} is added when there is none */
    public RoutingTables(List<RoutingTable> tables) {
        this(tables, RoutingRules.NONE, Map.of());
    }

    private RoutingTables(List<RoutingTable> tables, RoutingRules rules, Map<NetworkInterface, String> members) {
        this.tables = List.copyOf(tables);
        this.main = find(tables, MAIN).orElseGet(() -> new RoutingTable(MAIN, List.of()));
        this.rules = rules;
        usual = new TableChoice("", main, main, main);
        choices = new TableChoice[rules.size()];
        for (int i = 0; i < choices.length; i++) {
            choices[i] = new TableChoice(
                    rules.name(i),
                    main,
                    table(rules.forwardTable(i)).orElse(main),
                    table(rules.returnTable(i)).orElse(main));
        }
        this.members = Map.copyOf(members);
        memberInterfaces = this.members.keySet().toArray(NetworkInterface[]::new);
        memberChoices = new TableChoice[memberInterfaces.length];
        for (int i = 0; i < memberChoices.length; i++) {
            RoutingTable only =
                    table(members.getOrDefault(memberInterfaces[i], MAIN)).orElse(main);
            memberChoices[i] = new TableChoice("", only, only, only);
        }
    }

    /** The same tables, with rules that choose among them. */
    public RoutingTables withRules(RoutingRules newRules) {
        return new RoutingTables(tables, newRules, members);
    }

    /**
     * The same tables, by one of which alone is routed what comes in by each of these interfaces, unless a rule says.
     */
    public RoutingTables withMembers(Map<NetworkInterface, String> tableOf) {
        return new RoutingTables(tables, rules, tableOf);
    }

    public RoutingTable main() {
        return main;
    }

    public List<RoutingTable> tables() {
        return tables;
    }

    public Optional<RoutingTable> table(String name) {
        return name.equals(MAIN) ? Optional.of(main) : find(tables, name);
    }

    /** The same tables, in which just the routes that were typed as these objects are out of order. */
    public RoutingTables withOutOfOrder(Set<Long> objects) {
        return new RoutingTables(
                tables.stream().map(table -> table.withOutOfOrder(objects)).toList(), rules, members);
    }

    /**
     * The tables for a packet that would open a connection: those of the first routing rule that matches, else the one
     * that the interface is a member of, else main.
     */
    public TableChoice choose(Packet packet, NetworkInterface in) {
        return choices.length == 0
                ? usual(in)
                : choose(
                        in,
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.protocol(),
                        packet.sourcePort(),
                        packet.destinationPort());
    }

    /** As {@link #choose(Packet, NetworkInterface)}, of what is known of a packet. */
    public TableChoice choose(
            NetworkInterface in,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        TableChoice first = usual(in);
        Route route = choices.length == 0 ? null : first.lookup(destinationHigh, destinationLow);
        int rule = route == null
                ? -1
                : rules.first(
                        in,
                        route.iface(),
                        sourceHigh,
                        sourceLow,
                        destinationHigh,
                        destinationLow,
                        protocol,
                        sourcePort,
                        destinationPort);
        return rule < 0 ? first : choices[rule];
    }

    private TableChoice usual(NetworkInterface in) {
        for (int i = 0; i < memberInterfaces.length; i++) {
            if (memberInterfaces[i].equals(in)) {
                return memberChoices[i];
            }
        }
        return usual;
    }

    /** The way that the packet takes, or null. */
    public @Nullable Route lookup(Packet packet) {
        NetworkInterface in = packet.ingress();
        return (in == null ? usual : choose(packet, in)).lookup(packet);
    }

    /** The route of main to this address, or null. */
    public @Nullable Route lookup(long high, long low) {
        return main.lookup(high, low);
    }

    private static Optional<RoutingTable> find(List<RoutingTable> tables, String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}
