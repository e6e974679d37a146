package io.portcullis.test.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The laboratory itself, without a firewall in it: what it reports can be believed. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.USER_MODE_LINUX})
class LabTest {
    private static final SwanConnection FAR =
            SwanConnection.ofPeer("aes128-sha256-ecp256", "aes128gcm16-ecp256", "lab");

    @Test
    void strongSwanOnBothEndsCarriesTrafficAndLossIsSeen() {
        try (TwoSites sites = TwoSites.open()) {
            Charon far = Charon.asPeer(sites);
            Charon near = Charon.asGateway(sites);
            far.load(FAR);
            near.load(SwanConnection.ofGateway("aes128-sha256-ecp256", "aes128gcm16-ecp256", "lab"));
            near.initiate().orThrow();
            assertEquals(1, far.ikeSas());
            assertEquals(1, far.childSas());
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3));
            assertEquals(
                    2_000_000,
                    Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, 2_000_000)
                            .octets());
            assertTrue(DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, 1300, 500, 100)
                    .complete());

            far.terminate();
            DatagramStream.Report lost =
                    DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, 1300, 500, 50);
            assertEquals(new DatagramStream.Report(50, 0, 0, 0, 0), lost);
            assertEquals("", far.listing());
        }
    }

    @Test
    void aGuestBootsLoadsItsConnectionAndStartsANegotiation() {
        try (TwoSites sites = TwoSites.open()) {
            Guest guest = Guest.asPeer(sites);
            guest.load(FAR);
            sites.gateway.ip(
                    "addr add " + TwoSites.GATEWAY + "/24 dev wan\nroute add default via " + TwoSites.ROUTER_NEAR);
            assertTrue(Traffic.ping(sites.gateway, TwoSites.PEER, 1));
            Command.Result result = guest.swanctl("--initiate --child net --timeout 1");
            assertFalse(result.succeeded());
            assertTrue(result.output().contains("IKE_SA_INIT request 0"), result.output());
        }
    }

    @Test
    void aTranslatingRouterHidesTheInsideAndRefusesTheUninvited() {
        try (TwoSites sites = TwoSites.open()) {
            sites.gateway.ip(
                    "addr add " + TwoSites.GATEWAY + "/24 dev wan\nroute add default via " + TwoSites.ROUTER_NEAR);
            sites.peer.ip("addr add " + TwoSites.PEER + "/24 dev wan\nroute add default via " + TwoSites.ROUTER_FAR);
            sites.translate(TwoSites.Translation.GATEWAY_HIDDEN);
            assertTrue(Traffic.ping(sites.gateway, TwoSites.PEER, 1));
            assertFalse(Traffic.ping(sites.peer, TwoSites.GATEWAY, 1));
            sites.translate(TwoSites.Translation.NONE);
            assertTrue(Traffic.ping(sites.peer, TwoSites.GATEWAY, 1));
        }
    }

    @Test
    void whatADeadRunLeftBehindIsRemoved() throws Exception {
        // 4194304 is the largest process id the kernel gives: nobody has the one above.
        Namespace leftover = new Namespace("pcl-4194305-1-host");
        Path folder = Files.createDirectories(Path.of("/tmp/pcl-4194305-1/inner"));
        Process sleeper = leftover.start(folder.resolve("log"), "sleep", "60");
        try (Lab lab = Lab.open()) {
            assertFalse(Files.exists(Namespace.FOLDER.resolve("pcl-4194305-1-host")));
            assertFalse(Files.exists(folder));
            assertTrue(sleeper.waitFor(2, java.util.concurrent.TimeUnit.SECONDS));
            assertTrue(Files.exists(lab.folder("x")));
        }
    }
}
