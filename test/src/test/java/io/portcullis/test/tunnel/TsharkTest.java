package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Capture;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Guest;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** tshark, given the keys that the key log holds, decrypts all that passed and finds nothing wrong with it. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.USER_MODE_LINUX, Need.CAPTURE})
class TsharkTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void gcmInUdp() throws IOException {
        assertReadable(Charon::asPeer, Scenario.Suite.AES_128_GCM);
    }

    @Test
    void cbcInProtocol50() throws IOException {
        assertReadable(Guest::asPeer, Scenario.Suite.AES_256_CBC_SHA_256);
    }

    private static void assertReadable(Function<TwoSites, Swan> kind, Scenario.Suite suite) throws IOException {
        try (TwoSites sites = TwoSites.open()) {
            Swan peer = kind.apply(sites);
            peer.load(new Scenario(Scenario.Initiator.WE, suite, false).peer());
            Capture capture = Capture.start(sites.lab(), sites.router, "isp");
            Firewall firewall = Firewall.start(
                    sites.lab(),
                    sites.gateway,
                    "set Settings IPsecSettings KeyLogging=Yes\n"
                            + GatewayScript.gateway(Scenario.KEY).text());
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 2), peer::log);
            peer.rekeyed(
                    "child", () -> firewall.command("ike -rekey=branch -ipsec").orThrow());
            assertTrue(DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, 1000, 100, 20)
                    .complete());
            peer.rekeyed("IKE SA", () -> firewall.command("ike -rekey=branch").orThrow());
            peer.rekeyed("child", peer::rekeyChild);
            assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 2));
            firewall.command("ike -delete=branch").orThrow();
            Await.until("the deletion", SOON, () -> peer.listing().isBlank());
            capture.stop();

            Path keys = firewall.data().resolve("keys");
            String ike = Files.readString(keys.resolve("ikev2_decryption_table"));
            String esp = Files.readString(keys.resolve("esp_sa"));
            // IKE_AUTH, two child rekeys, the deletes of the old pairs, an IKE rekey with its delete, a last delete.
            int decrypted = capture.fields(ike, esp, "isakmp.enc.decrypted", "frame.number")
                    .size();
            assertTrue(decrypted >= 16, () -> decrypted + " IKE messages");
            assertEquals(
                    48,
                    capture.fields(ike, esp, "esp.icv_good == 1", "frame.number")
                            .size());
            assertNone(capture, ike, esp, "isakmp.exchangetype >= 35 && !isakmp.enc.decrypted");
            assertNone(capture, ike, esp, "esp && !(esp.icv_good == 1)");
            assertNone(capture, ike, esp, "_ws.malformed || ((isakmp || esp) && _ws.expert && !icmp)");
        }
    }

    private static void assertNone(Capture capture, String ike, String esp, String filter) {
        List<String> found = capture.fields(ike, esp, filter, "frame.number", "_ws.col.Info", "_ws.expert.message");
        assertEquals(List.of(), found, filter);
    }
}
