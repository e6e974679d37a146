package io.portcullis.test.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Traffic makes no garbage: with little room for new objects, a long transfer causes no collection. */
@Needs({Need.ROOT, Need.NAMESPACES})
class SteadyStateTest {
    private static final long WARM_UP_OCTETS = 300_000_000;
    private static final long OCTETS = 1_000_000_000;
    private static final int HEAP_MEGABYTES = 128;

    /** At one octet of garbage for each of the million packets and more there would be no collection; at 32 there is. */
    private static final int YOUNG_MEGABYTES = 16;

    private static final String KEY = "steady-steady";

    @Test
    void aGigabyteThroughATunnelCausesNoCollection() {
        // Frames of 1500 octets: as many packets as possible.
        try (TwoSites sites = TwoSites.open(false)) {
            List<ObservedFirewall> ends = List.of(
                    ObservedFirewall.start(
                            sites.lab(), sites.peer, GatewayScript.peer(KEY).text(), HEAP_MEGABYTES, YOUNG_MEGABYTES),
                    ObservedFirewall.start(
                            sites.lab(),
                            sites.gateway,
                            GatewayScript.gateway(KEY).text(),
                            HEAP_MEGABYTES,
                            YOUNG_MEGABYTES));
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1));
            Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, WARM_UP_OCTETS);
            List<List<Double>> before =
                    ends.stream().map(ObservedFirewall::pauses).toList();
            Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, OCTETS);
            assertEquals(before, ends.stream().map(ObservedFirewall::pauses).toList());
        }
    }
}
