package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.List;

/**
 * What a tunnel's configuration says about its packets.
 *
 * @param local selectors that the tunnel may negotiate for our side
 * @param remote selectors that it may negotiate for the peer's side
 * @param dsField DS field of outer packets, below 0 to copy the inner one's
 * @param plaintextMtu longest inner packet, 0 to compute it from path and algorithm
 * @param unknownMtu longest inner packet while no SA says what the overhead is
 * @param originators own addresses inside the local networks, at most one of a family: what the firewall itself, and
 *     connections that are translated, speak with through the tunnel
 */
public record TunnelSettings(
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        int dsField,
        int plaintextMtu,
        int unknownMtu,
        List<IpAddress> originators) {}
