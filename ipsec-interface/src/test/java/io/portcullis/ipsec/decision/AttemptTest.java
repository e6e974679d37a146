package io.portcullis.ipsec.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private static final IpAddress US = IpAddress.literal("192.0.2.2");
    private static final IpAddress PEER = IpAddress.literal("192.0.2.1");
    private static final Decision REJECTED = new Decision(
            Decision.Stage.IKE_PROPOSAL,
            "proposal 1",
            "ENCR",
            "ENCR_AES_CBC-256",
            "ENCR_3DES",
            Decision.Verdict.REJECTED);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void aFailedAttemptReadsFromTopToBottom() {
        AttemptRecorder recorder = new AttemptRecorder(clock, 17, "", false, US, PEER);
        recorder.exchanged(false, "IKE_SA_INIT request 0 [SA, KE, Ni]");
        recorder.tunnel("lan_to_lan");
        recorder.decided(REJECTED);
        recorder.exchanged(true, "IKE_SA_INIT response 0 [N(NO_PROPOSAL_CHOSEN)]");
        recorder.failed("no proposal of the peer is allowed");
        assertEquals(
                "Attempt 17, 2026-03-01 12:00:00, tunnel lan_to_lan: 192.0.2.2 responds to 192.0.2.1\n"
                        + "  12:00:00.000 <- IKE_SA_INIT request 0 [SA, KE, Ni]\n"
                        + "  12:00:00.000    IKE proposal: proposal 1, ENCR: expected ENCR_AES_CBC-256,"
                        + " came ENCR_3DES: rejected\n"
                        + "  12:00:00.000 -> IKE_SA_INIT response 0 [N(NO_PROPOSAL_CHOSEN)]\n"
                        + "  12:00:00.000 failed: no proposal of the peer is allowed\n",
                AttemptRenderer.render("lan_to_lan", List.of(recorder.snapshot()), ZoneOffset.UTC));
    }

    @Test
    void everyStepHasItsTime() {
        AttemptRecorder recorder = new AttemptRecorder(clock, 1, "t", true, US, PEER);
        recorder.exchanged(true, "first");
        clock.advance(Duration.ofMillis(1_500));
        recorder.established();
        Attempt attempt = recorder.snapshot();
        Attempt.Established end = assertInstanceOf(Attempt.Established.class, attempt.outcome());
        assertEquals(Duration.ofMillis(1_500), Duration.between(attempt.began(), end.at()));
        assertEquals(attempt.began(), attempt.steps().getFirst().at());
    }

    @Test
    void aSnapshotDoesNotChange() {
        AttemptRecorder recorder = new AttemptRecorder(clock, 1, "t", true, US, PEER);
        Attempt before = recorder.snapshot();
        recorder.exchanged(true, "first");
        assertEquals(List.of(), before.steps());
        assertInstanceOf(Attempt.Pending.class, before.outcome());
        assertTrue(AttemptRenderer.render(before, ZoneOffset.UTC).endsWith("  still under way\n"));
    }

    @Test
    void stepsAreBounded() {
        AttemptRecorder recorder = new AttemptRecorder(clock, 1, "t", true, US, PEER);
        for (int i = 0; i < 300; i++) {
            recorder.exchanged(true, "message " + i);
        }
        Attempt attempt = recorder.snapshot();
        assertEquals(256, attempt.steps().size());
        assertEquals(44, attempt.omitted());
        assertTrue(AttemptRenderer.render(attempt, ZoneOffset.UTC).contains("\n  44 more steps were not kept\n"));
    }

    @Test
    void theRingKeepsTheLatestOfEachTunnel() {
        AttemptRing ring = new AttemptRing(3);
        for (int number = 1; number <= 5; number++) {
            ring.put(attempt(number, "a"));
        }
        ring.put(attempt(6, "b"));
        assertEquals(List.of(3L, 4L, 5L), numbers(ring, "a"));
        assertEquals(List.of(6L), numbers(ring, "b"));
        assertEquals(List.of(), numbers(ring, "c"));
    }

    @Test
    void anAttemptTakesThePlaceOfItsEarlierSelf() {
        AttemptRing ring = new AttemptRing(3);
        AttemptRecorder recorder = new AttemptRecorder(clock, 1, "", false, US, PEER);
        ring.put(recorder.snapshot());
        ring.put(attempt(2, ""));
        assertEquals(List.of(1L, 2L), numbers(ring, ""));
        recorder.tunnel("a");
        ring.put(recorder.snapshot());
        ring.put(attempt(3, "a"));
        recorder.established();
        ring.put(recorder.snapshot());
        assertEquals(List.of(2L), numbers(ring, ""));
        assertEquals(List.of(1L, 3L), numbers(ring, "a"));
        assertInstanceOf(Attempt.Established.class, ring.of("a").getFirst().outcome());
    }

    @Test
    void removedTunnelsAreForgotten() {
        AttemptRing ring = new AttemptRing(3);
        ring.put(attempt(1, "a"));
        ring.put(attempt(2, "b"));
        ring.put(attempt(3, ""));
        ring.retain(Set.of("b"));
        assertEquals(List.of(), ring.of("a"));
        assertEquals(List.of(2L), numbers(ring, "b"));
        assertEquals(List.of(3L), numbers(ring, ""));
    }

    @Test
    void withoutAttemptsThereIsASentence() {
        assertEquals(
                "No negotiation of tunnel a has been attempted since the start.\n",
                AttemptRenderer.render("a", List.of(), ZoneOffset.UTC));
    }

    @Test
    void thePeersTextStaysOnItsLine() {
        Decision decision = new Decision(
                Decision.Stage.IDENTITY, "lan_to_lan", "RemoteID", "gwA", "x\n\u001b[2Jy", Decision.Verdict.REJECTED);
        assertEquals("identity: lan_to_lan, RemoteID: expected gwA, came x..[2Jy: rejected", decision.line());
    }

    private Attempt attempt(long number, String tunnel) {
        return new AttemptRecorder(clock, number, tunnel, true, US, PEER).snapshot();
    }

    private static List<Long> numbers(AttemptRing ring, String tunnel) {
        return ring.of(tunnel).stream().map(Attempt::number).toList();
    }
}
