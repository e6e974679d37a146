package io.portcullis.hostmon;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one host, and what makes it unreachable.
 *
 * @param protocol how it is asked
 * @param host who
 * @param port for TCP and HTTP; else 0
 * @param source own address that asks, of the host's family
 * @param by the way that questions take, whatever the routing tables say; null for what they say
 * @param page what HTTP asks for; unused otherwise
 * @param interval between questions, 100 ms at least
 * @param samples how many of the latest questions count, at least 1
 * @param mostLost among the samples; one more makes the host unreachable
 * @param mostLostToReturn among the samples, for a host that was unreachable to be reachable again
 * @param mostLatency on average of the samples that were answered; more makes the host unreachable
 * @param isRequired whether nothing works without this host
 */
public record HostCheck(
        Protocol protocol,
        IpAddress host,
        int port,
        IpAddress source,
        @Nullable Route by,
        HttpPage page,
        Duration interval,
        int samples,
        int mostLost,
        int mostLostToReturn,
        Duration mostLatency,
        boolean isRequired) {
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

    /** How long an answer is waited for: twice the latency that may be on average, a second at least. */
    Duration patience() {
        Duration twice = mostLatency.multipliedBy(2);
        return twice.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : twice;
    }
}
