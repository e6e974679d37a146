package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import io.portcullis.core.pipeline.Redirection;
import org.jspecify.annotations.Nullable;

/**
 * Says how the answers to a new connection will look, and with that how its packets are translated. No two translated
 * connections of a protocol get the same source address and port toward the same address and port, since their answers
 * could not be told apart; and the answers of each come to the worker that has it. Where only the destination is
 * translated, the source keeps its port if it can.
 */
final class Translator {
    private final FlowIndex index;
    private final SourcePorts ports;
    private final Steering steering;

    // How the packets of the connection in hand leave; the source port is what is looked for.
    private long fromHigh;
    private long fromLow;
    private long targetHigh;
    private long targetLow;
    private int targetPort;

    Translator(FlowIndex index, SourcePorts ports, Steering steering) {
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
        fromHigh = original.sourceHigh();
        fromLow = original.sourceLow();
        Redirection redirection = policy == null ? null : policy.redirection();
        redirect(connection, redirection);
        SourceTranslation wanted = policy == null ? SourceTranslation.NONE : policy.sourceTranslation();
        IpAddress own =
                wanted == SourceTranslation.NONE ? null : original.egress().ownAddress(ipVersion);
        if (wanted == SourceTranslation.NAT && own == null) {
            return false;
        }
        boolean hides = false;
        if (own != null && !isSource(own) && (wanted == SourceTranslation.NAT || isOutward())) {
            hides = true;
            fromHigh = own.high();
            fromLow = own.low();
        }
        int port = original.sourcePort();
        if (hides || redirection != null) {
            port = translatedPort(connection, hides);
            if (port < 0) {
                return false;
            }
            connection.mark(Connection.TRANSLATED, true);
        }
        connection
                .reply()
                .key(
                        original.egress(),
                        connection.protocol(),
                        targetHigh,
                        targetLow,
                        fromHigh,
                        fromLow,
                        answerSourcePort(connection, port) << 16 | answerDestinationPort(connection, port));
        return true;
    }

    private void redirect(Connection connection, @Nullable Redirection redirection) {
        Flow original = connection.original();
        targetPort = original.destinationPort();
        if (redirection == null) {
            targetHigh = original.destinationHigh();
            targetLow = original.destinationLow();
            return;
        }
        targetHigh = redirection.address().high();
        targetLow = redirection.address().low();
        int protocol = connection.protocol();
        if (redirection.port() != 0 && (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP)) {
            targetPort = redirection.port();
        }
    }

    private boolean isSource(IpAddress address) {
        return address.high() == fromHigh && address.low() == fromLow;
    }

    /** From a private address to a public one. */
    private boolean isOutward() {
        return IpAddress.isPrivate(fromHigh, fromLow) && IpAddress.isPublic(targetHigh, targetLow);
    }

    /** The source port that packets leave with, -1 when none is free. */
    private int translatedPort(Connection connection, boolean hides) {
        int before = connection.original().sourcePort();
        boolean hasPorts = switch (connection.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 -> true;
            default -> false;
        };
        if (!hasPorts) {
            // Hosts that are hidden behind one address can not be told apart; one that came anew can take its own back.
            return hides && isTaken(connection, before) ? -1 : before;
        }
        if (!hides && isFree(connection, before)) {
            return before;
        }
        ports.restart();
        int port;
        do {
            port = ports.next();
        } while (port >= 0 && !isFree(connection, port));
        return port;
    }

    /** Whether answers to this port would come to this worker, and to no other connection. */
    private boolean isFree(Connection connection, int port) {
        return steering.owns(
                        connection.protocol(),
                        targetHigh,
                        targetLow,
                        fromHigh,
                        fromLow,
                        answerSourcePort(connection, port),
                        answerDestinationPort(connection, port))
                && !isTaken(connection, port);
    }

    private boolean isTaken(Connection connection, int port) {
        long rest = FlowIndex.rest(
                connection.original().egressNumber(),
                connection.protocol(),
                answerSourcePort(connection, port),
                answerDestinationPort(connection, port));
        return index.find(targetHigh, targetLow, fromHigh, fromLow, rest) >= 0;
    }

    private int answerSourcePort(Connection connection, int port) {
        return IcmpQuery.isIcmp(connection.protocol()) ? port : targetPort;
    }

    private static int answerDestinationPort(Connection connection, int port) {
        int protocol = connection.protocol();
        return IcmpQuery.isIcmp(protocol)
                ? IcmpQuery.answer(protocol, connection.original().destinationPort() >>> 8) << 8
                : port;
    }
}
