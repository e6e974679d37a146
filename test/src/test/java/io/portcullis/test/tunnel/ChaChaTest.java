package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Guest;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** ChaCha20-Poly1305 (RFC 7634) protects IKE and ESP, with strongSwan as the peer. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.USER_MODE_LINUX})
class ChaChaTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final long TRANSFER = 5_000_000;

    @Test
    void withUserspaceEsp() {
        carries(Charon::asPeer);
    }

    @Test
    void withAKernel() {
        carries(Guest::asPeer);
    }

    private static void carries(Function<TwoSites, Swan> kind) {
        try (TwoSites sites = TwoSites.open()) {
            Swan peer = kind.apply(sites);
            peer.load(
                    SwanConnection.ofPeer("chacha20poly1305-prfsha256-x25519", "chacha20poly1305-x25519", Scenario.KEY)
                            .withRemoteAddress(TwoSites.gatewaySeen(TwoSites.Translation.NONE)));
            String script = GatewayScript.gateway(Scenario.KEY)
                    .endpoint(TwoSites.peerSeen(TwoSites.Translation.NONE))
                    .line("add IKEAlgorithms chacha ChaChaEnabled=Yes SHA256Enabled=Yes")
                    .tunnel("IKEAlgorithms=chacha")
                    .algorithms("chacha20poly1305")
                    .text();
            try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
                assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), peer::log);
                assertEquals(2, count(peer.listing(), "CHACHA20_POLY1305"), peer.listing());
                assertTrue(command(firewall, "ike -verbose").contains("chacha20-poly1305"));
                assertTrue(command(firewall, "ipsec -verbose").contains("chacha20-poly1305"));
                Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, TRANSFER);
                Traffic.tcp(sites.branch, sites.host, TwoSites.HOST, TRANSFER);
                peer.rekeyed(
                        "child, by us",
                        () -> firewall.command("ike -rekey=branch -ipsec").orThrow());
                peer.rekeyed("child, by it", peer::rekeyChild);
                peer.rekeyed(
                        "IKE, by us",
                        () -> firewall.command("ike -rekey=branch").orThrow());
                assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 3));

                peer.terminate();
                assertTrue(Await.within(SOON, () -> command(firewall, "ike").contains("None.")));
                peer.initiate().orThrow();
                assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), peer::log);
                assertEquals(0, firewall.stop(), firewall::complaints);
            }
        }
    }

    private static String command(Firewall firewall, String line) {
        return firewall.command(line).orThrow().output();
    }

    private static int count(String text, String word) {
        return text.split(word, -1).length - 1;
    }
}
