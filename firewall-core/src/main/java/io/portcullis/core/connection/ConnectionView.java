package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;

/**
 * A connection as it was at one moment, for people.
 *
 * @param state one word, as {@code TCP_OPEN}
 * @param protocol IP protocol number
 * @param sourceInterface where the opener's packets come in
 * @param source the opener
 * @param sourcePort its port; identifier of ICMP queries
 * @param destinationInterface where they leave
 * @param destination the other end, as the opener names it
 * @param destinationPort its port; ICMP type times 256 plus code
 * @param newSource the opener as the other end sees it
 * @param newSourcePort its port after translation
 * @param newDestination the other end after translation
 * @param newDestinationPort its port after translation
 * @param translated whether the last four differ from what came in
 * @param packetsOut of the opener
 * @param octetsOut of the opener, with IP headers
 * @param packetsBack of the other end
 * @param octetsBack of the other end
 * @param ageSeconds since it was opened
 * @param timeoutSeconds until it ends if nothing comes
 * @param policy name of what allowed it, empty for the firewall's own
 */
public record ConnectionView(
        String state,
        int protocol,
        String sourceInterface,
        IpAddress source,
        int sourcePort,
        String destinationInterface,
        IpAddress destination,
        int destinationPort,
        IpAddress newSource,
        int newSourcePort,
        IpAddress newDestination,
        int newDestinationPort,
        boolean translated,
        long packetsOut,
        long octetsOut,
        long packetsBack,
        long octetsBack,
        long ageSeconds,
        long timeoutSeconds,
        String policy) {
    static ConnectionView of(Connection connection, long timeoutSeconds, long now) {
        Flow original = connection.original();
        Flow reply = connection.reply();
        return new ConnectionView(
                connection.state(),
                connection.protocol(),
                original.ingress().name(),
                original.source(),
                original.sourcePort(),
                original.egress().name(),
                original.destination(),
                original.destinationPort(),
                original.newSource(),
                original.newSourcePort(),
                original.newDestination(),
                original.newDestinationPort(),
                connection.isTranslated(),
                original.packets(),
                original.octets(),
                reply.packets(),
                reply.octets(),
                (now - connection.openedAt()) / IdleTimes.SECOND,
                timeoutSeconds,
                connection.policy() == null ? "" : connection.policy().name());
    }
}
