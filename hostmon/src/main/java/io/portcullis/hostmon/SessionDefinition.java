package io.portcullis.hostmon;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What together says whether something works: a route, a tunnel.
 *
 * @param subject what it is about, as it identifies itself
 * @param name the subject's name, for people
 * @param link without which it does not work; null when it is not looked at
 * @param gateway without which it does not work; null when it is not asked
 * @param hosts that are asked
 * @param mostUnreachable hosts without which it still works, as long as no required one is among them
 * @param grace how long after its beginning nothing is concluded yet
 */
public record SessionDefinition(
        Object subject,
        String name,
        @Nullable LinkCheck link,
        @Nullable HostCheck gateway,
        List<HostCheck> hosts,
        int mostUnreachable,
        Duration grace) {
    public SessionDefinition {
        hosts = List.copyOf(hosts);
    }
}
