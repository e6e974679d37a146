package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import org.jspecify.annotations.Nullable;

/**
 * Says how the answers to a new connection will look, and with that how its packets are translated. No two connections
 * of a protocol get the same translated address and port toward the same address and port: their answers could not be
 * told apart.
 */
final class SourceTranslator {
    private final FlowIndex index;
    private final SourcePorts ports;
    private final Steering steering;

    SourceTranslator(FlowIndex index, SourcePorts ports, Steering steering) {
        this.index = index;
        this.ports = ports;
        this.steering = steering;
    }

    /**
     * Fills in the reply flow of a connection whose original flow is known.
     *
     * @return false when no translated port is free, or no address is there to translate to
     */
    boolean answer(Connection connection, @Nullable Policy policy, int ipVersion) {
        Flow original = connection.original();
        SourceTranslation wanted = policy == null ? SourceTranslation.NONE : policy.sourceTranslation();
        if (wanted == SourceTranslation.NONE) {
            return untranslated(connection);
        }
        IpAddress own = original.egress().ownAddress(ipVersion);
        boolean isOwn = own != null && own.high() == original.sourceHigh() && own.low() == original.sourceLow();
        if (wanted == SourceTranslation.AUTO) {
            boolean outward = IpAddress.isPrivate(original.sourceHigh(), original.sourceLow())
                    && isPublic(original.destination());
            if (own == null || !outward || isOwn) {
                return untranslated(connection);
            }
        }
        if (own == null) {
            return false;
        }
        return isOwn ? untranslated(connection) : translated(connection, own);
    }

    private static boolean isPublic(IpAddress address) {
        return !address.isPrivate() && !address.isLinkLocal() && !address.isLoopback() && !address.isMulticast();
    }

    private static boolean untranslated(Connection connection) {
        Flow original = connection.original();
        key(connection, original.sourceHigh(), original.sourceLow(), original.sourcePort());
        return true;
    }

    private boolean translated(Connection connection, IpAddress own) {
        Flow original = connection.original();
        boolean hasPorts = switch (connection.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 -> true;
            default -> false;
        };
        int port = hasPorts ? freePort(connection, own) : original.sourcePort();
        if (port < 0 || (!hasPorts && isTaken(connection, own, port))) {
            return false;
        }
        key(connection, own.high(), own.low(), port);
        connection.mark(Connection.TRANSLATED, true);
        return true;
    }

    private int freePort(Connection connection, IpAddress own) {
        ports.restart();
        int port;
        do {
            port = ports.next();
        } while (port >= 0 && (!isOwned(connection, own, port) || isTaken(connection, own, port)));
        return port;
    }

    /** Whether the answers would come to this worker. */
    private boolean isOwned(Connection connection, IpAddress own, int port) {
        Flow original = connection.original();
        return steering.owns(
                connection.protocol(),
                original.destinationHigh(),
                original.destinationLow(),
                own.high(),
                own.low(),
                answerSourcePort(connection, port),
                answerDestinationPort(connection, port));
    }

    private boolean isTaken(Connection connection, IpAddress own, int port) {
        Flow original = connection.original();
        long rest = FlowIndex.rest(
                original.egressNumber(),
                connection.protocol(),
                answerSourcePort(connection, port),
                answerDestinationPort(connection, port));
        return index.find(original.destinationHigh(), original.destinationLow(), own.high(), own.low(), rest) >= 0;
    }

    /** What answers look like when packets leave with this source. */
    private static void key(Connection connection, long sourceHigh, long sourceLow, int port) {
        Flow original = connection.original();
        connection
                .reply()
                .key(
                        original.egress(),
                        connection.protocol(),
                        original.destinationHigh(),
                        original.destinationLow(),
                        sourceHigh,
                        sourceLow,
                        answerSourcePort(connection, port) << 16 | answerDestinationPort(connection, port));
    }

    private static int answerSourcePort(Connection connection, int port) {
        return IcmpQuery.isIcmp(connection.protocol())
                ? port
                : connection.original().destinationPort();
    }

    private static int answerDestinationPort(Connection connection, int port) {
        int protocol = connection.protocol();
        return IcmpQuery.isIcmp(protocol)
                ? IcmpQuery.answer(protocol, connection.original().destinationPort() >>> 8) << 8
                : port;
    }
}
