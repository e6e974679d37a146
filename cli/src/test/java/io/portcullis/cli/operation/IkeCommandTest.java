package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.time.ManualClock;
import io.portcullis.ipsec.decision.AttemptRecorder;
import io.portcullis.ipsec.decision.AttemptRing;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.v2.ChildSaView;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.snoop.Snoop;
import io.portcullis.ipsec.snoop.SnoopEndpoint;
import io.portcullis.ipsec.snoop.SnoopEntry;
import io.portcullis.ipsec.snoop.SnoopFilter;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class IkeCommandTest {
    private static final IpAddress HERE = IpAddress.literal("198.51.100.2");
    private static final IpAddress THERE = IpAddress.literal("203.0.113.1");
    private static final EspSuite GCM = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    private static final Decision MISMATCH = new Decision(
            Decision.Stage.IKE_PROPOSAL,
            "proposal 1",
            "ENCR",
            "ENCR_AES_GCM_16-256",
            "ENCR_3DES",
            Decision.Verdict.REJECTED);

    private final List<String> orders = new ArrayList<>();
    private final Snoop snoop = new Snoop(ZoneOffset.UTC);
    private final AttemptRing attempts = new AttemptRing(8);

    private IkeCommand ike(List<IkeSaView> views) {
        return new IkeCommand(
                new IkeControl() {
                    @Override
                    public CompletableFuture<List<IkeSaView>> list() {
                        return CompletableFuture.completedFuture(views);
                    }

                    @Override
                    public void connect(String tunnel) {
                        orders.add("connect " + tunnel);
                    }

                    @Override
                    public void delete(String tunnel) {
                        orders.add("delete " + tunnel);
                    }

                    @Override
                    public void delete(IpAddress peer) {
                        orders.add("delete peer " + peer);
                    }

                    @Override
                    public void deleteAll() {
                        orders.add("delete all");
                    }

                    @Override
                    public void rekeyIke(String tunnel) {
                        orders.add("rekey IKE " + tunnel);
                    }

                    @Override
                    public void rekeyChildren(String tunnel) {
                        orders.add("rekey IPsec " + tunnel);
                    }

                    @Override
                    public int allowedTunnels() {
                        return 5_000;
                    }

                    @Override
                    public long ignored() {
                        return 3;
                    }
                },
                snoop,
                attempts,
                () -> List.of("branch", "dc"),
                ZoneOffset.UTC);
    }

    private static IkeSaView established(String tunnel, int port) {
        ChildSaView child = new ChildSaView(
                tunnel,
                0x11,
                0x22,
                GCM,
                Optional.of(DhGroup.ECP_256),
                true,
                List.of(TrafficSelector.of(IpNetwork.literal("172.16.1.0/24"))),
                List.of(TrafficSelector.of(IpNetwork.literal("192.168.11.0/24"))),
                new SaPair.Path(HERE, port, THERE, port, false),
                "UP",
                30,
                3_000,
                3_570,
                Optional.empty());
        return new IkeSaView(
                tunnel,
                true,
                0x1234,
                0xabcdL,
                new Endpoints(HERE, port, THERE, port),
                "198.51.100.2",
                "gw.example",
                "ESTABLISHED",
                Optional.of(new IkeProposals.Choice(
                        1, Octets.of(), new TunnelDefinition.IkeSuite(GCM, Prf.HMAC_SHA2_256), DhGroup.CURVE25519)),
                port == 4500,
                false,
                75,
                List.of(child));
    }

    private static IkeSaView halfOpen() {
        return new IkeSaView(
                "",
                false,
                1,
                2,
                new Endpoints(HERE, 500, THERE, 500),
                "",
                "",
                "OPENING",
                Optional.empty(),
                false,
                false,
                0,
                List.of());
    }

    @Test
    void eachIkeSaIsALine() {
        String text = Typed.run(ike(List.of(established("branch", 4500), halfOpen())), "ike");
        assertEquals(
                "branch established initiator 198.51.100.2:4500 203.0.113.1:4500 1m 15s 1", Typed.line(text, "branch"));
        assertEquals(
                "(not known yet) opening responder 198.51.100.2:500 203.0.113.1:500 0s 0",
                Typed.line(text, "not known"));
        assertEquals("--- IKE SAs:\nNone.\n", Typed.run(ike(List.of()), "ike -show"));
    }

    @Test
    void verboseTellsWhatWasAgreed() {
        String text = Typed.run(ike(List.of(established("branch", 4500), halfOpen())), "ike -show -verbose");
        assertEquals("NAT before this side", Typed.line(text, "before this side"));
        assertEquals("Initiator cookie 0x0000000000001234", Typed.line(text, "Initiator cookie"));
        assertEquals("Remote ID gw.example", Typed.line(text, "gw.example"));
        assertTrue(Typed.line(text, "Algorithms").contains("aes-gcm-128, " + Prf.HMAC_SHA2_256.wireName()), text);
        String child = Typed.line(text, "IPsec SA ");
        assertTrue(child.contains("172.16.1.0/24 <-> 192.168.11.0/24, aes-gcm-128, PFS ECP_256, up, 30s"), child);
        assertTrue(text.contains("not agreed yet"), text);
    }

    @Test
    void thousandsAreListedInPartAndCounted() {
        List<IkeSaView> many = IntStream.range(0, 3_000)
                .mapToObj(i -> established("t" + i, 500))
                .toList();
        String text = Typed.run(ike(many), "ike");
        assertTrue(text.contains("t19 ") && !text.contains("t20 "), text);
        assertTrue(text.endsWith("(2980 more: -num=all shows all)\n"), text);
        String stat = Typed.run(ike(many), "ike -stat");
        assertEquals("Tunnels open 3000 of 5000 allowed", Typed.line(stat, "Tunnels open"));
        assertEquals("IKE SAs 3000 (established 3000)", Typed.line(stat, "IKE SAs"));
        assertEquals("IPsec SA pairs 3000 (up 3000)", Typed.line(stat, "IPsec SA pairs"));
        assertEquals("Inputs that changed nothing 3", Typed.line(stat, "changed nothing"));
    }

    @Test
    void tunnelsGoUpAndDown() {
        IkeCommand ike = ike(List.of());
        assertTrue(Typed.run(ike, "ike -connect=branch").contains("ike -why=branch"));
        Typed.run(ike, "ike -delete=dc");
        Typed.run(ike, "ike -delete 203.0.113.1");
        Typed.run(ike, "ike -delete=-all");
        Typed.run(ike, "ike -delete -all");
        assertEquals(
                List.of("connect branch", "delete dc", "delete peer 203.0.113.1", "delete all", "delete all"), orders);
        assertEquals("there is no tunnel 'bra'; there are branch, dc", Typed.failure(ike, "ike -connect=bra"));
        assertEquals("there is no tunnel 'bra'; there are branch, dc", Typed.failure(ike, "ike -delete=bra"));
        assertTrue(Typed.failure(ike, "ike -delete").contains("needs a tunnel"));
        assertEquals(5, orders.size());
    }

    @Test
    void keysAreRenewedOnCommand() {
        IkeCommand ike = ike(List.of());
        Typed.run(ike, "ike -rekey=branch");
        Typed.run(ike, "ike -rekey=dc -ipsec");
        assertEquals("there is no tunnel 'x'; there are branch, dc", Typed.failure(ike, "ike -rekey=x"));
        assertEquals(List.of("rekey IKE branch", "rekey IPsec dc"), orders);
    }

    @Test
    void whyTellsTheAttemptsAndWhereTheStraysAre() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        AttemptRecorder failed = new AttemptRecorder(clock, 1, "branch", true, HERE, THERE);
        failed.decided(MISMATCH);
        failed.failed("the peer answered NO_PROPOSAL_CHOSEN");
        attempts.put(failed.snapshot());
        attempts.put(new AttemptRecorder(clock, 2, "", false, HERE, IpAddress.literal("192.0.2.7")).snapshot());
        IkeCommand ike = ike(List.of());
        String why = Typed.run(ike, "ike -why=branch");
        assertTrue(why.contains("expected ENCR_AES_GCM_16-256, came ENCR_3DES"), why);
        assertTrue(why.contains("failed: the peer answered NO_PROPOSAL_CHOSEN"), why);
        assertTrue(why.endsWith("(1 attempt of peers fitted no tunnel: 'ike -why' shows why)\n"), why);
        assertTrue(Typed.run(ike, "ike -why").contains("192.0.2.7"));
        assertTrue(Typed.run(ike, "ike -why=dc").contains("No negotiation of tunnel dc"));
        assertTrue(Typed.failure(ike, "ike -why=x").contains("there is no tunnel 'x'"));
    }

    /** Runs {@code ike -snoop} on a thread of its own, as a console does. */
    private static final class Watching {
        private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        private final Thread thread;

        Watching(IkeCommand ike, String line) {
            thread = Thread.ofVirtual().start(() -> Typed.until(ike, line, shown::add));
        }

        String next() throws InterruptedException {
            return shown.take();
        }

        /** What it printed last. */
        String last() throws InterruptedException {
            thread.join();
            return List.copyOf(shown).getLast();
        }
    }

    private static SnoopEntry decided(IpAddress peer) {
        return new SnoopEntry.Decided(Instant.EPOCH, new SnoopEndpoint("wan", peer, 500), MISMATCH);
    }

    @Test
    @Timeout(10)
    void aSnoopShowsOnePeerUntilAnotherSessionEndsIt() throws InterruptedException {
        IkeCommand ike = ike(List.of());
        Watching watching = new Watching(ike, "ike -snoop 203.0.113.1 -match -brief");
        assertTrue(watching.next().startsWith("Snooping on negotiations with 203.0.113.1. Ctrl-C ends it"));
        snoop.publish(decided(IpAddress.literal("192.0.2.7")));
        snoop.publish(decided(THERE));
        assertTrue(watching.next().contains("wan:203.0.113.1:500 match IKE proposal: proposal 1, ENCR"));
        assertTrue(Typed.run(ike, "ike -snoop -off").contains("sessions that snooped: 1"));
        assertEquals("Snooping was turned off.\n", watching.last());
        assertEquals("No session snoops.\n", Typed.run(ike, "ike -snoop -off"));
    }

    @Test
    @Timeout(10)
    void anInterruptEndsASnoopAndNothingIsLeft() throws InterruptedException {
        Watching watching = new Watching(ike(List.of()), "ike -snoop");
        watching.next();
        watching.thread.interrupt();
        assertEquals("(interrupted)", watching.last());
        assertFalse(snoop.isListening());
    }

    @Test
    void snoopsThatCanNotBeAreRefused() {
        IkeCommand ike = ike(List.of());
        assertTrue(Typed.failure(ike, "ike -snoop -brief -verbose").contains("not both"));
        assertTrue(Typed.failure(ike, "ike -snoop branch").contains("'branch' is not an IP address"));
        while (snoop.subscribe(SnoopFilter.ALL).isPresent()) {
            // until there is no room
        }
        assertTrue(Typed.failure(ike, "ike -snoop").contains("'ike -snoop -off' ends them"));
    }
}
