package io.portcullis.core.dhcp;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/**
 * What one client is to do, all names resolved.
 *
 * @param name of the interface
 * @param device of the interface: a lease belongs to the link behind it
 * @param hostName that it calls itself, or empty
 * @param preferred address to ask for
 * @param preferredSeconds lease to ask for, 0 for none
 * @param servers whose leases are taken
 * @param allowed addresses that a lease may be of
 * @param takesRoutes whether it takes routes to other networks than all-nets
 * @param others networks of the other interfaces and of their routes, which a lease must not touch
 */
public record DhcpDefinition(
        String name,
        String device,
        String hostName,
        Optional<IpAddress> preferred,
        int preferredSeconds,
        AddressSet servers,
        AddressSet allowed,
        boolean takesRoutes,
        AddressSet others,
        DhcpSettings settings) {}
