package io.portcullis.ipsec.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.ManualClock;
import io.portcullis.ipsec.decision.Attempt;
import io.portcullis.ipsec.decision.AttemptRing;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.snoop.Snoop;
import io.portcullis.ipsec.snoop.SnoopFilter;
import io.portcullis.ipsec.snoop.SnoopLevel;
import io.portcullis.ipsec.snoop.SnoopSubscription;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NegotiationWatchTest {
    private static final Endpoints PATH =
            new Endpoints(IpAddress.literal("192.0.2.1"), 500, IpAddress.literal("192.0.2.9"), 500);
    private static final Decision PASSED_OVER = new Decision(
            Decision.Stage.TUNNEL_SELECTION,
            "hq",
            "RemoteEndpoint",
            "192.0.2.7",
            "192.0.2.9",
            Decision.Verdict.PASSED_OVER);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final Snoop snoop = new Snoop(ZoneOffset.UTC);
    private final AttemptRing ring = new AttemptRing(4);
    private final NegotiationWatch watch = new NegotiationWatch(clock, snoop, ring, _ -> "wan");

    @Test
    void aRefusalIsRecordedWithItsReasons() {
        watch.decided("", PATH, List.of(PASSED_OVER));
        watch.concluded("", PATH, "no tunnel matches");

        Attempt attempt = ring.of("").getFirst();
        assertEquals(
                new Attempt.Decided(clock.wall(), PASSED_OVER), attempt.steps().getFirst());
        assertEquals(
                "no tunnel matches",
                assertInstanceOf(Attempt.Failed.class, attempt.outcome()).reason());
    }

    @Test
    void theNextNegotiationIsAnotherAttempt() {
        watch.decided("hq", PATH, List.of(PASSED_OVER));
        watch.concluded("hq", PATH, "");
        watch.concluded("hq", PATH, "an SA that stood for long is deleted");
        watch.decided("hq", PATH, List.of(PASSED_OVER));

        List<Attempt> attempts = ring.of("hq");
        assertEquals(2, attempts.size());
        assertInstanceOf(Attempt.Established.class, attempts.getFirst().outcome());
        assertInstanceOf(Attempt.Pending.class, attempts.getLast().outcome());
    }

    @Test
    void theSnoopHearsDecisionsWhenItAsksForThem() throws InterruptedException {
        try (SnoopSubscription subscription = snoop.subscribe(
                        new SnoopFilter(Optional.empty(), SnoopLevel.VERBOSE, true))
                .orElseThrow()) {
            watch.decided("", PATH, List.of(PASSED_OVER));

            String text = subscription.next(Duration.ZERO).orElseThrow();
            assertTrue(text.contains("RemoteEndpoint") && text.contains("wan:192.0.2.9:500"), text);
        }
    }

    @Test
    void aFloodOfBeginningsKeepsTheMemoryBounded() {
        for (int i = 0; i < 5_000; i++) {
            Endpoints path = new Endpoints(PATH.local(), 500, IpAddress.v4(0x0a00_0000 + i), 500);
            watch.decided("", path, List.of(PASSED_OVER));
        }
        // The first is no longer open, so that its end concerns nobody; the last still is.
        watch.concluded("", new Endpoints(PATH.local(), 500, IpAddress.v4(0x0a00_0000), 500), "late");
        assertEquals(4, ring.of("").size());
        assertTrue(ring.of("").stream().allMatch(attempt -> attempt.outcome() instanceof Attempt.Pending));
    }
}
