package io.portcullis.test.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.ShortConnections;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Four TCP streams and a thousand short connections a second through a tunnel between two firewalls that rekey it again
 * and again: two minutes, with {@code -Dportcullis.nightly=true} thirty. The streams are paced, so that no queue has a
 * reason to overflow and whatever is dropped is a fault.
 *
 * <p>Collections are judged once half a minute has passed: the first ones copy what the start has made
 * (docs/decisions/0012-start.md). Memory is judged over the second half: the compiler goes on making code of what runs
 * seldom, less and less, which was most of what grew in the first.
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.IPERF})
class SoakTest {
    private static final Duration LENGTH = Duration.ofMinutes(Boolean.getBoolean("portcullis.nightly") ? 30 : 2);
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** Longer than a connection or a packet stays behind when traffic has ended. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(30);

    private static final int CONNECTIONS_PER_SECOND = 1_000;
    private static final int STREAMS = 4;
    private static final int MEGABITS_OF_EACH = 100;
    /** Of what was asked for: else the machine was too busy to show anything. */
    private static final double LEAST_PACE = 0.95;

    private static final int CHILD_SECONDS = 40;
    private static final int IKE_SECONDS = 70;
    private static final double LONGEST_PAUSE_MILLIS = 5;
    private static final long MOST_GROWTH_KILOBYTES = 4_096;
    private static final String KEY = "soak-soak-soak";
    private static final String LIFETIMES =
            "IPsecLifeTimeSeconds=" + CHILD_SECONDS + " IKELifeTimeSeconds=" + IKE_SECONDS;

    @Test
    void nothingIsLostNothingGrowsAndNothingPausesWhileATunnelIsRekeyed() {
        try (TwoSites sites = TwoSites.open(true)) {
            ObservedFirewall peer = ObservedFirewall.start(
                    sites.lab(),
                    sites.peer,
                    GatewayScript.peer(KEY).tunnel(LIFETIMES).text());
            ObservedFirewall gateway = ObservedFirewall.start(
                    sites.lab(),
                    sites.gateway,
                    GatewayScript.gateway(KEY).tunnel(LIFETIMES).text());
            List<ObservedFirewall> ends = List.of(peer, gateway);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), gateway::complaints);
            List<Integer> buffers =
                    ends.stream().map(ObservedFirewall::buffersInUse).toList();
            List<Integer> connectionsBefore =
                    ends.stream().map(ObservedFirewall::connections).toList();
            Set<String> spis = new TreeSet<>();
            Set<String> ikeSpis = new TreeSet<>();
            PacedStreams streams = PacedStreams.start(sites, STREAMS, MEGABITS_OF_EACH, LENGTH);
            try (ShortConnections connections = ShortConnections.start(
                    sites.host,
                    sites.branch,
                    TwoSites.BRANCH,
                    CONNECTIONS_PER_SECOND,
                    (int) LENGTH.toSeconds() * CONNECTIONS_PER_SECOND)) {
                watch(SETTLED, gateway, spis, ikeSpis);
                List<Integer> collections =
                        ends.stream().map(end -> end.pauses().size()).toList();
                Duration half = LENGTH.dividedBy(2);
                watch(half.minus(SETTLED), gateway, spis, ikeSpis);
                List<Long> resident =
                        ends.stream().map(ObservedFirewall::residentKilobytes).toList();
                watch(LENGTH.minus(half), gateway, spis, ikeSpis);
                Duration took = connections.awaitEnd();
                assertTrue(took.toMillis() * LEAST_PACE <= LENGTH.toMillis(), () -> "the connections took " + took);
                double megabits = streams.awaitEnd();
                assertTrue(megabits >= LEAST_PACE * STREAMS * MEGABITS_OF_EACH, () -> megabits + " Mbit/s");
                for (int i = 0; i < ends.size(); i++) {
                    judge(ends.get(i), resident.get(i), collections.get(i));
                }
            }
            assertRekeyed(spis, CHILD_SECONDS);
            assertRekeyed(ikeSpis, IKE_SECONDS);
            for (int i = 0; i < ends.size(); i++) {
                ObservedFirewall end = ends.get(i);
                int before = buffers.get(i);
                // The ping's and that of the ends' own negotiation.
                int open = connectionsBefore.get(i);
                assertTrue(
                        Await.within(AFTERWARDS, () -> end.buffersInUse() <= before && end.connections() <= open),
                        () -> end.buffersInUse() + " packet buffers in use, before it was " + before + "; "
                                + end.connections() + " connections, before it was " + open);
            }
        }
    }

    private static void watch(Duration length, ObservedFirewall end, Set<String> spis, Set<String> ikeSpis) {
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - until < 0) {
            spis.addAll(end.spis());
            ikeSpis.addAll(end.ikeSpis());
            Await.within(BETWEEN, () -> System.nanoTime() - until >= 0);
        }
    }

    private static void judge(ObservedFirewall end, long residentHalfWay, int collectionsWhenSettled) {
        long growth = end.residentKilobytes() - residentHalfWay;
        List<Double> pauses = end.pauses();
        List<Double> since = pauses.subList(collectionsWhenSettled, pauses.size());
        System.out.printf(
                "%s: %d kB, %d more than half way; collections %s, before it had settled %s ms%n",
                end.name(), residentHalfWay + growth, growth, since, pauses.subList(0, collectionsWhenSettled));
        assertEquals("", end.losses(), end::complaints);
        assertTrue(growth < MOST_GROWTH_KILOBYTES, () -> growth + " kB more than half way");
        assertTrue(since.stream().allMatch(pause -> pause <= LONGEST_PAUSE_MILLIS), () -> "collections, ms: " + since);
    }

    /** Two SPIs at first and two more for each time that a lifetime would have been over. */
    private static void assertRekeyed(Set<String> spis, int lifeSeconds) {
        assertTrue(spis.size() >= 2 * (1 + LENGTH.toSeconds() / lifeSeconds), () -> "only these SPIs: " + spis);
    }
}
