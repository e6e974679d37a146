package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The life of a tunnel with one kind of peer, in each {@link Scenario}: up, ping, TCP, UDP, four rekeys under traffic,
 * deleted from either side. The wires and the peer are shared; the firewall is started anew for each scenario.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerMatrix {
    private static final long TRANSFER = 20_000_000;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int PER_SECOND = 200;

    private final int datagram;
    private TwoSites sites;
    private Swan peer;

    /** @param datagram octets of UDP payload that the peer carries without trouble */
    PeerMatrix(int datagram) {
        this.datagram = datagram;
    }

    abstract Swan start(TwoSites sites);

    @BeforeAll
    void open() {
        sites = TwoSites.open();
        peer = start(sites);
    }

    @AfterAll
    void close() {
        if (sites != null) {
            sites.close();
        }
    }

    static java.util.stream.Stream<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void aTunnelLivesAndEnds(Scenario scenario) {
        sites.translate(scenario.translation());
        peer.load(scenario.peer());
        try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, scenario.script())) {
            bringUp(scenario);
            assertTrue(peer.listing().contains(scenario.suite().listed), peer.listing());
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3));
            assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 3));
            Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, TRANSFER);
            Traffic.tcp(sites.branch, sites.host, TwoSites.HOST, TRANSFER / 4);
            carriesDatagrams();
            rekeysUnderTraffic(firewall);

            peer.terminate();
            assertTrue(Await.within(SOON, () -> listing(firewall).contains("None.")), () -> listing(firewall));
            bringUp(scenario);
            firewall.command("ike -delete=branch").orThrow();
            assertTrue(Await.within(SOON, () -> peer.listing().isBlank()), () -> peer.listing());
            assertTrue(Await.within(SOON, () -> listing(firewall).contains("None.")), () -> listing(firewall));
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    private void bringUp(Scenario scenario) {
        if (scenario.initiator() == Scenario.Initiator.WE) {
            // The first packet that is routed into the tunnel starts it, and waits for it.
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), peer::log);
        } else {
            peer.initiate().orThrow();
        }
        assertTrue(Await.within(SOON, () -> peer.ikeSas() == 1 && peer.childSas() == 1), peer::listing);
    }

    private void carriesDatagrams() {
        // The first large ones may teach a host the path's MTU.
        DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, datagram, PER_SECOND, 20);
        DatagramStream.Report report =
                DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, datagram, 500, 1000);
        assertTrue(report.complete(), report::toString);
    }

    private void rekeysUnderTraffic(Firewall firewall) {
        try (DatagramStream stream =
                DatagramStream.start(sites.host, sites.branch, TwoSites.BRANCH, datagram, PER_SECOND)) {
            peer.rekeyed(
                    "child, by us",
                    () -> firewall.command("ike -rekey=branch -ipsec").orThrow());
            peer.rekeyed("child, by it", peer::rekeyChild);
            peer.rekeyed(
                    "IKE, by us", () -> firewall.command("ike -rekey=branch").orThrow());
            peer.rekeyed("IKE, by it", peer::rekeyIke);
            DatagramStream.Report report = stream.stop();
            assertTrue(report.complete(), report::toString);
        }
    }

    private static String listing(Firewall firewall) {
        return firewall.command("ike").orThrow().output();
    }
}
