package io.portcullis.core.capture;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.packet.Packet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which packets of the interfaces are wanted. What is not given does not matter; with anything given, what is no IP
 * packet is not wanted.
 *
 * @param either addresses of which source or destination must be one
 * @param source addresses of which the source must be one
 * @param destination addresses of which the destination must be one
 * @param eitherPort that source or destination port must be
 * @param protocol IP protocol number
 */
public record CaptureFilter(
        Optional<AddressSet> either,
        Optional<AddressSet> source,
        Optional<AddressSet> destination,
        OptionalInt eitherPort,
        OptionalInt sourcePort,
        OptionalInt destinationPort,
        OptionalInt protocol) {
    /** Takes everything. */
    public static final CaptureFilter ALL = new CaptureFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    /** Whether a packet whose headers are parsed is wanted. */
    boolean takes(Packet packet) {
        return (either.isEmpty() || isFrom(either.get(), packet) || isTo(either.get(), packet))
                && (source.isEmpty() || isFrom(source.get(), packet))
                && (destination.isEmpty() || isTo(destination.get(), packet))
                && (eitherPort.isEmpty()
                        || packet.sourcePort() == eitherPort.getAsInt()
                        || packet.destinationPort() == eitherPort.getAsInt())
                && (sourcePort.isEmpty() || packet.sourcePort() == sourcePort.getAsInt())
                && (destinationPort.isEmpty() || packet.destinationPort() == destinationPort.getAsInt())
                && (protocol.isEmpty() || packet.protocol() == protocol.getAsInt());
    }

    private static boolean isFrom(AddressSet set, Packet packet) {
        return set.contains(packet.sourceHigh(), packet.sourceLow());
    }

    private static boolean isTo(AddressSet set, Packet packet) {
        return set.contains(packet.destinationHigh(), packet.destinationLow());
    }
}
