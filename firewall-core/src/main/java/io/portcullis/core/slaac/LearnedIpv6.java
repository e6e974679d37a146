package io.portcullis.core.slaac;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.Optional;

/**
 * What an interface learned of routers: while it is equal, nothing is compiled anew.
 *
 * @param router link-local address of the one that leads everywhere else
 * @param mtu of the link, octets, where a router says so
 */
public record LearnedIpv6(IpAddress address, IpNetwork network, Optional<IpAddress> router, Optional<Integer> mtu) {}
