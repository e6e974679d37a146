package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;

/**
 * A route that a server hands out (RFC 3442).
 *
 * @param router the next hop; 0.0.0.0 when the network is on the link
 */
public record LearnedRoute(IpNetwork network, IpAddress router) {}
