package io.portcullis.hostmon;

import java.time.Duration;
import java.util.List;

/**
 * Hosts that together say whether something works: a route, a tunnel.
 *
 * @param subject what they are asked about, as it identifies itself
 * @param name the subject's name, for people
 * @param hosts at least one
 * @param mostUnreachable hosts without which it still works, as long as no required one is among them
 * @param grace how long after its beginning nothing is concluded yet
 */
public record SessionDefinition(
        Object subject, String name, List<HostCheck> hosts, int mostUnreachable, Duration grace) {
    public SessionDefinition {
        hosts = List.copyOf(hosts);
    }
}
