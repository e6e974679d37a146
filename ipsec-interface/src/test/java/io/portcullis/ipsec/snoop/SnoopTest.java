package io.portcullis.ipsec.snoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnoopTest {
    private static final SnoopEndpoint CORE = new SnoopEndpoint("core", IpAddress.literal("10.1.1.1"), 500);
    private static final SnoopEndpoint PEER = new SnoopEndpoint("WAN", IpAddress.literal("10.1.1.10"), 500);
    private static final SnoopEndpoint OTHER = new SnoopEndpoint("WAN", IpAddress.literal("10.1.1.11"), 500);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Snoop snoop = new Snoop(ZoneOffset.UTC);

    @Test
    void aListenerSeesEachEntryWithItsTime() throws InterruptedException {
        try (SnoopSubscription listener = subscribe(Optional.empty(), false)) {
            snoop.publish(seen(PEER, 1));
            assertEquals(
                    "2026-03-01 12:00:00 IkeSnoop: core:10.1.1.1:500 <- WAN:10.1.1.10:500 INFORMATIONAL request 1 []\n",
                    listener.next(Duration.ZERO).orElseThrow());
            assertEquals(Optional.empty(), listener.next(Duration.ZERO));
        }
    }

    @Test
    void anEndpointNarrowsWhatIsSeen() throws InterruptedException {
        try (SnoopSubscription listener = subscribe(Optional.of(PEER.address()), true)) {
            snoop.publish(seen(OTHER, 1));
            snoop.publish(decided(OTHER));
            snoop.publish(seen(PEER, 2));
            assertTrue(listener.next(Duration.ZERO).orElseThrow().contains("request 2"));
            assertEquals(Optional.empty(), listener.next(Duration.ZERO));
        }
    }

    @Test
    void decisionsAreForThoseWhoAsked() throws InterruptedException {
        try (SnoopSubscription plain = subscribe(Optional.empty(), false);
                SnoopSubscription match = subscribe(Optional.empty(), true)) {
            snoop.publish(decided(PEER));
            assertEquals(Optional.empty(), plain.next(Duration.ZERO));
            assertTrue(match.next(Duration.ZERO).orElseThrow().contains("match tunnel selection: lan_to_lan"));
        }
    }

    @Test
    void whoDoesNotKeepUpIsToldHowMuchIsMissing() throws InterruptedException {
        try (SnoopSubscription listener = subscribe(Optional.empty(), false)) {
            for (int i = 0; i < 300; i++) {
                snoop.publish(seen(PEER, i));
            }
            String first = listener.next(Duration.ZERO).orElseThrow();
            assertTrue(first.startsWith("IkeSnoop: 44 entries lost, they came too fast\n"), first);
            assertTrue(first.endsWith("request 0 []\n"), first);
            assertTrue(listener.next(Duration.ZERO).orElseThrow().startsWith("2026-"));
        }
    }

    @Test
    void nobodyListensAfterTheLastHasClosed() {
        assertFalse(snoop.isListening());
        SnoopSubscription listener = subscribe(Optional.empty(), false);
        assertTrue(snoop.isListening());
        listener.close();
        assertFalse(snoop.isListening());
    }

    @Test
    void listenersAreBounded() {
        List<SnoopSubscription> listeners = IntStream.range(0, 16)
                .mapToObj(i -> subscribe(Optional.empty(), false))
                .toList();
        assertEquals(Optional.empty(), snoop.subscribe(SnoopFilter.ALL));
        listeners.getFirst().close();
        assertTrue(snoop.subscribe(SnoopFilter.ALL).isPresent());
    }

    private SnoopSubscription subscribe(Optional<IpAddress> remote, boolean match) {
        return snoop.subscribe(new SnoopFilter(remote, SnoopLevel.BRIEF, match)).orElseThrow();
    }

    private static SnoopEntry seen(SnoopEndpoint remote, int messageId) {
        Message message = new Message(Header.of(1, 2, 37, true, false, messageId), List.of());
        return new SnoopEntry.Seen(NOON, CORE, remote, false, 0, message);
    }

    private static SnoopEntry decided(SnoopEndpoint remote) {
        Decision decision = new Decision(
                Decision.Stage.TUNNEL_SELECTION,
                "lan_to_lan",
                "RemoteEndpoint",
                "10.0.0.1",
                "10.1.1.10",
                Decision.Verdict.PASSED_OVER);
        return new SnoopEntry.Decided(NOON, remote, decision);
    }
}
