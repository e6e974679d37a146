package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.List;
import java.util.Optional;

/**
 * What an interface was told of addresses: while it is equal, nothing is compiled anew.
 *
 * @param router that leads everywhere else
 */
public record LearnedAddresses(
        IpAddress address,
        IpNetwork network,
        Optional<IpAddress> router,
        List<IpAddress> nameServers,
        List<LearnedRoute> routes) {
    public LearnedAddresses {
        nameServers = List.copyOf(nameServers);
        routes = List.copyOf(routes);
    }

    /** {@code 192.0.2.5/24, gateway 192.0.2.1, DNS 192.0.2.2}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(address + "/" + network.prefixLength());
        router.ifPresent(known -> text.append(", gateway ").append(known));
        nameServers.forEach(known -> text.append(", DNS ").append(known));
        routes.forEach(known ->
                text.append(", ").append(known.network()).append(" by ").append(known.router()));
        return text.toString();
    }
}
