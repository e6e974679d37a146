package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.connection.Connection;
import io.portcullis.core.connection.ConnectionFilter;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.pipeline.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What connections can be chosen by: for each an option, with help and completion, and what its value asks for. */
public final class ConnectionCriteria {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_PORT = 65_535;

    private final Names names;
    private final List<Criterion> all = new ArrayList<>();

    /**
     * What a value may name.
     *
     * @param interfaces all that run
     * @param policies of all rule sets
     * @param addresses address objects
     * @param resolve the addresses of an expression; may throw {@link ConfigError}
     */
    public record Names(
            Command.Words interfaces,
            Command.Words policies,
            Command.Words addresses,
            Function<Addresses, AddressSet> resolve) {}

    private record Criterion(Option option, Reading reading) {}

    @FunctionalInterface
    private interface Reading {
        ConnectionFilter read(Invocation call, String option, String value) throws CommandFailure;
    }

    /** Whether an address, as in a packet, is one of a set. */
    @FunctionalInterface
    private interface Ends {
        boolean isIn(AddressSet set, Connection connection);
    }

    @FunctionalInterface
    private interface Port {
        int of(Connection connection);
    }

    ConnectionCriteria(Names names) {
        this.names = names;
        addresses(
                "srcip",
                "opened from these addresses",
                (set, connection) -> set.contains(
                        connection.original().sourceHigh(),
                        connection.original().sourceLow()));
        addresses(
                "destip",
                "addressed to these",
                (set, connection) -> set.contains(
                        connection.original().destinationHigh(),
                        connection.original().destinationLow()));
        addresses(
                "newsrcip",
                "whose other end sees these addresses as source",
                (set, connection) -> set.contains(
                        connection.original().newSourceHigh(),
                        connection.original().newSourceLow()));
        addresses(
                "newdestip",
                "that go to these addresses in the end",
                (set, connection) -> set.contains(
                        connection.original().newDestinationHigh(),
                        connection.original().newDestinationLow()));
        iface("srciface", "whose opener is behind this interface", false);
        iface("destiface", "that leave by this interface", true);
        ports(
                "srcport",
                "from these ports, or with this ICMP identifier",
                connection -> connection.original().sourcePort());
        ports("destport", "to these ports", connection -> connection.original().destinationPort());
        ports(
                "newsrcport",
                "whose other end sees these ports as source",
                connection -> connection.original().newSourcePort());
        ports(
                "newdestport",
                "that go to these ports in the end",
                connection -> connection.original().newDestinationPort());
        add(
                Option.value("ipproto", "NAME|N", "Only those of this IP protocol.")
                        .offering(() -> List.of("TCP", "UDP", "ICMP", "ICMPV6", "ESP")),
                (call, option, _) -> {
                    int wanted = call.protocol(option);
                    return (connection, _) -> connection.protocol() == wanted;
                });
        add(Option.value("state", "STATE", "Only those in this state.").offering(Connection::states), (_, _, value) -> {
            String wanted = state(value);
            return (connection, _) -> connection.state().equals(wanted);
        });
        add(
                Option.value("policy", "NAME", "Only those that this policy allowed.")
                        .offering(names.policies()),
                (_, _, value) -> (connection, _) -> {
                    Policy policy = connection.policy();
                    return policy != null && policy.name().equals(value);
                });
        add(
                Option.flag("translated", "Only those of which an address or port is translated."),
                (_, _, _) -> (connection, _) -> connection.isTranslated());
        add(Option.value("minage", "SECONDS", "Only those that are this old at least."), (call, option, _) -> {
            long least = call.number(option, 0, 0, Integer.MAX_VALUE) * SECOND;
            return (connection, now) -> now - connection.openedAt() >= least;
        });
        add(
                Option.value("minoctets", "N", "Only those that carried so many at least, both ways."),
                (call, option, _) -> {
                    long least = call.number(option, 0, 0, Long.MAX_VALUE);
                    return (connection, _) ->
                            connection.original().octets() + connection.reply().octets() >= least;
                });
    }

    private void add(Option option, Reading reading) {
        all.add(new Criterion(option, reading));
    }

    private void addresses(String option, String help, Ends ends) {
        add(
                Option.value(
                                option,
                                "IP[/N]|NAME",
                                "Only those " + help + ": networks and ranges too, several by commas.")
                        .offering(names.addresses()),
                (_, _, value) -> {
                    AddressSet wanted = set(option, value);
                    return (connection, _) -> ends.isIn(wanted, connection);
                });
    }

    private void iface(String option, String help, boolean leaves) {
        add(Option.value(option, "NAME", "Only those " + help + ".").offering(names.interfaces()), (_, _, value) -> {
            List<String> known = names.interfaces().now();
            if (!known.contains(value)) {
                throw new CommandFailure(
                        "there is no interface '" + value + "'; there are " + String.join(", ", known));
            }
            return (connection, _) -> (leaves
                            ? connection.original().egress()
                            : connection.original().ingress())
                    .name()
                    .equals(value);
        });
    }

    private void ports(String option, String help, Port port) {
        add(Option.value(option, "PORT[-PORT]", "Only those " + help + "."), (_, _, value) -> {
            int dash = value.indexOf('-');
            int first = number(option, value, dash < 0 ? value : value.substring(0, dash));
            int last = dash < 0 ? first : number(option, value, value.substring(dash + 1));
            if (last < first) {
                throw notPorts(option, value);
            }
            return (connection, _) -> {
                int its = port.of(connection);
                return first <= its && its <= last;
            };
        });
    }

    /** The options. */
    List<Option> options() {
        return all.stream().map(Criterion::option).toList();
    }

    /** Whether the call chooses at all. */
    boolean choose(Invocation call) {
        return all.stream().anyMatch(criterion -> call.has(criterion.option().name()));
    }

    /** The connections that meet all criteria of the call. */
    ConnectionFilter filter(Invocation call) throws CommandFailure {
        ConnectionFilter filter = ConnectionFilter.ALL;
        for (Criterion criterion : all) {
            String option = criterion.option().name();
            if (call.has(option)) {
                filter = filter.and(criterion
                        .reading()
                        .read(call, option, call.value(option).orElse("")));
            }
        }
        return filter;
    }

    private AddressSet set(String option, String value) throws CommandFailure {
        try {
            AddressSet set = names.resolve().apply(new Addresses(List.of(value.split(",", -1))));
            if (!set.isEmpty()) {
                return set;
            }
        } catch (ConfigError error) {
            throw new CommandFailure("-" + option + ": " + error.getMessage());
        }
        throw new CommandFailure("-" + option + ": '" + value + "' stands for no address");
    }

    private static int number(String option, String value, String text) throws CommandFailure {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= MOST_PORT) {
            return Integer.parseInt(text);
        }
        throw notPorts(option, value);
    }

    private static CommandFailure notPorts(String option, String value) {
        return new CommandFailure("-" + option + ": '" + value + "' is not a port from 0 to " + MOST_PORT
                + ", nor a range such as 1024-2047");
    }

    private static String state(String text) throws CommandFailure {
        return Connection.states().stream()
                .filter(text::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        "-state: '" + text + "' is none of " + String.join(", ", Connection.states())));
    }
}
