package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a server says: well formed, and nothing more is known of it.
 *
 * @param type OFFER, ACK or NAK
 * @param transaction number of the request that it answers
 * @param yours the address that the client is to have
 * @param server who says it
 * @param mask of the network, 32 bits
 * @param leaseSeconds unsigned; all ones for ever
 * @param renewalSeconds T1
 * @param rebindingSeconds T2
 * @param routes by option 121; in its order
 * @param message for people; printable
 */
record DhcpReply(
        DhcpMessageType type,
        int transaction,
        IpAddress yours,
        Optional<IpAddress> server,
        Optional<IpAddress> mask,
        List<IpAddress> routers,
        List<IpAddress> nameServers,
        Optional<String> domain,
        Optional<IpAddress> broadcast,
        List<IpAddress> timeServers,
        Optional<Long> leaseSeconds,
        Optional<Long> renewalSeconds,
        Optional<Long> rebindingSeconds,
        List<LearnedRoute> routes,
        String message) {}
