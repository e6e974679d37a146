package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.List;
import java.util.Optional;

/**
 * What a server lets the firewall have for a time; it was checked.
 *
 * @param address own address on the link
 * @param network around it
 * @param broadcast of the network
 * @param router that leads everywhere else
 * @param nameServers usable ones, in order
 * @param routes to other networks, by routers on the link
 * @param server who gave it
 * @param station link address that the server, or its relay, was heard from; 48 bits
 * @param seconds how long it lasts from the request on
 * @param renewalSeconds after which the server is asked again (T1)
 * @param rebindingSeconds after which any server is asked (T2)
 */
public record Lease(
        IpAddress address,
        IpNetwork network,
        IpAddress broadcast,
        Optional<IpAddress> router,
        List<IpAddress> nameServers,
        Optional<String> domain,
        List<IpAddress> timeServers,
        List<LearnedRoute> routes,
        IpAddress server,
        long station,
        long seconds,
        long renewalSeconds,
        long rebindingSeconds) {
    /** What of it the configuration knows. */
    public LearnedAddresses learned() {
        return new LearnedAddresses(address, network, router, nameServers, routes);
    }
}
