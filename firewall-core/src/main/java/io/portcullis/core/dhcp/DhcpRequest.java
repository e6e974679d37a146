package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/**
 * What a client says (RFC 2131 section 4.4.1, table 5).
 *
 * @param transaction number that the replies repeat
 * @param seconds since the client began, 0..65535
 * @param broadcast whether replies are to go to everybody on the link
 * @param client the address that the client has and uses, else 0.0.0.0
 * @param requested the address that it wants
 * @param server the server that is meant
 * @param leaseSeconds the lease that it would like
 * @param hostName its name, or empty
 */
record DhcpRequest(
        DhcpMessageType type,
        int transaction,
        int seconds,
        boolean broadcast,
        IpAddress client,
        Optional<IpAddress> requested,
        Optional<IpAddress> server,
        Optional<Long> leaseSeconds,
        String hostName) {}
