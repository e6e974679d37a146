package io.portcullis.core.connection;

import io.portcullis.core.net.AddressSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which connections are asked for; what is empty matches everything. Seen from the opener.
 *
 * @param source addresses of the opener
 * @param destination addresses of the other end
 * @param sourceInterface name of the interface where the opener's packets come in
 * @param destinationInterface name of the interface where they leave
 * @param protocol IP protocol number
 * @param sourcePort port of the opener
 * @param destinationPort port of the other end
 */
public record ConnectionFilter(
        Optional<AddressSet> source,
        Optional<AddressSet> destination,
        Optional<String> sourceInterface,
        Optional<String> destinationInterface,
        OptionalInt protocol,
        OptionalInt sourcePort,
        OptionalInt destinationPort) {
    /** Every connection. */
    public static final ConnectionFilter ALL = new ConnectionFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    boolean matches(Connection connection) {
        Flow flow = connection.original();
        return contains(source, flow.sourceHigh(), flow.sourceLow())
                && contains(destination, flow.destinationHigh(), flow.destinationLow())
                && isIn(sourceInterface, flow.ingress().name())
                && isIn(destinationInterface, flow.egress().name())
                && is(protocol, connection.protocol())
                && is(sourcePort, flow.sourcePort())
                && is(destinationPort, flow.destinationPort());
    }

    private static boolean contains(Optional<AddressSet> set, long high, long low) {
        return set.isEmpty() || set.get().contains(high, low);
    }

    private static boolean isIn(Optional<String> wanted, String name) {
        return wanted.isEmpty() || wanted.get().equals(name);
    }

    private static boolean is(OptionalInt wanted, int value) {
        return wanted.isEmpty() || wanted.getAsInt() == value;
    }
}
