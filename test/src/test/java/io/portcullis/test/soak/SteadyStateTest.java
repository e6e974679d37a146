package io.portcullis.test.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Traffic makes no garbage: workers make next to no objects while a gigabyte passes. */
@Needs({Need.ROOT, Need.NAMESPACES})
class SteadyStateTest {
    private static final long WARM_UP_OCTETS = 300_000_000;
    /** A million packets, acknowledgements included. */
    private static final long OCTETS = 1_000_000_000;

    /** Timers and events; the smallest object for each packet would be 16 MB, one for each burst about 1 MB. */
    private static final long MOST_ALLOCATED = 500_000;

    private static final String KEY = "steady-steady";

    @Test
    void aGigabyteThroughATunnelMakesNoGarbage() {
        // Frames of 1500 octets: as many packets as possible.
        try (TwoSites sites = TwoSites.open(false)) {
            List<ObservedFirewall> ends = List.of(
                    ObservedFirewall.start(
                            sites.lab(), sites.peer, GatewayScript.peer(KEY).text()),
                    ObservedFirewall.start(
                            sites.lab(),
                            sites.gateway,
                            GatewayScript.gateway(KEY).text()));
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1));
            Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, WARM_UP_OCTETS);
            List<Long> before =
                    ends.stream().map(ObservedFirewall::allocatedByWorkers).toList();
            Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, OCTETS);
            for (int i = 0; i < ends.size(); i++) {
                long allocated = ends.get(i).allocatedByWorkers() - before.get(i);
                System.out.println(ends.get(i).name() + ": " + allocated + " octets of objects made");
                assertTrue(allocated < MOST_ALLOCATED, ends.get(i).name() + ": " + allocated + " octets of objects");
            }
        }
    }
}
