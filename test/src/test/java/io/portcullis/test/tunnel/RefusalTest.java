package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Peers that do not fit: the right notify, an event that names the tunnel and what both sides have, nothing half-open
 * left. Each from either side.
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class RefusalTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final SwanConnection FITTING =
            SwanConnection.ofPeer("aes128gcm16-prfsha256-ecp256", "aes128gcm16-ecp256", Scenario.KEY);

    private static TwoSites sites;
    private static Charon peer;
    private Firewall firewall;

    @BeforeAll
    static void open() {
        sites = TwoSites.open();
        peer = Charon.asPeer(sites);
    }

    @AfterAll
    static void closeAll() {
        if (sites != null) {
            sites.close();
        }
    }

    @BeforeEach
    void start() {
        firewall = Firewall.start(
                sites.lab(), sites.gateway, GatewayScript.gateway(Scenario.KEY).text());
    }

    @AfterEach
    void stop() {
        firewall.close();
    }

    @Test
    void aWrongKeyOfTheInitiatorIsAnsweredWithAuthenticationFailed() {
        peer.load(FITTING.withKey("another"));
        assertTrue(itFails().contains("AUTH_FAILED"));
        assertLogged(TwoSites.GATEWAY, TwoSites.PEER);
        assertNothingIsLeft();
    }

    @Test
    void aWrongKeyOfTheResponderEndsOurAttempt() {
        peer.load(FITTING.withKey("another"));
        weFail("AUTH_FAILED");
        assertLogged(TwoSites.GATEWAY, TwoSites.PEER);
        assertNothingIsLeft();
    }

    @Test
    void anInitiatorWithoutACommonIkeProposalHearsNoProposalChosen() {
        peer.load(FITTING.withIkeProposals("3des-sha1-modp1024"));
        assertTrue(itFails().contains("NO_PROP"));
        assertLogged("3DES", "AES");
        assertNothingIsLeft();
    }

    @Test
    void aResponderWithoutACommonIkeProposalEndsOurAttempt() {
        peer.load(FITTING.withIkeProposals("3des-sha1-modp1024"));
        weFail("NO_PROP");
        assertLogged("NO_PROPOSAL_CHOSEN", "AES");
        assertNothingIsLeft();
    }

    @Test
    void anInitiatorWithoutACommonEspProposalHearsNoProposalChosen() {
        peer.load(FITTING.withEspProposals("aes128-sha1"));
        assertTrue(itFails().contains("NO_PROP"));
        assertLogged("HMAC_SHA1_96", "HMAC_SHA2_256_128");
        assertNoChildIsLeft();
    }

    @Test
    void networksOfTheInitiatorThatAreNotOursAreUnacceptable() {
        peer.load(FITTING.withNetworks("192.168.12.0/24", "172.16.2.0/24"));
        assertTrue(itFails().contains("TS_UNACCEPT"));
        assertLogged("192.168.12.", "192.168.11.", "172.16.2.", "172.16.1.");
        assertNoChildIsLeft();
    }

    @Test
    void networksOfTheResponderThatAreNotOursEndOurAttempt() {
        peer.load(FITTING.withNetworks("192.168.12.0/24", "172.16.2.0/24"));
        weFail("TS_UNACCEPT");
        assertLogged("TS_UNACCEPTABLE", "192.168.11.", "172.16.1.");
        assertNoChildIsLeft();
    }

    /** The peer initiates in vain. @return what it says about it */
    private static String itFails() {
        Command.Result result = peer.initiate();
        assertFalse(result.succeeded(), result.output());
        return result.output();
    }

    /** We initiate in vain, and the peer says in its log that it sent this notify. */
    private static void weFail(String notify) {
        int before = peer.log().length();
        assertFalse(Traffic.ping(sites.host, TwoSites.BRANCH, 1));
        String log = peer.log().substring(before);
        assertTrue(log.contains("N(" + notify), log);
    }

    /** There is one event that names the tunnel and all these words. */
    private void assertLogged(String... words) {
        assertTrue(
                Await.within(SOON, () -> events().stream().anyMatch(line -> containsAll(line, words))),
                () -> "no event with " + GatewayScript.TUNNEL + ", " + List.of(words) + " in\n"
                        + String.join("\n", events()));
    }

    private List<String> events() {
        return firewall.command("memlog -num=all").orThrow().output().lines().toList();
    }

    private static boolean containsAll(String line, String... words) {
        String upper = line.toUpperCase(Locale.ROOT);
        return line.contains(GatewayScript.TUNNEL)
                && List.of(words).stream().allMatch(word -> upper.contains(word.toUpperCase(Locale.ROOT)));
    }

    private void assertNothingIsLeft() {
        assertTrue(Await.within(SOON, () -> peer.listing().isBlank()), peer::listing);
        assertTrue(
                Await.within(SOON, () -> listsNone("ike")),
                () -> firewall.command("ike").output());
        assertNoChildIsLeft();
    }

    private void assertNoChildIsLeft() {
        assertEquals(0, peer.childSas(), peer::listing);
        assertTrue(
                Await.within(SOON, () -> listsNone("ipsec")),
                () -> firewall.command("ipsec").output());
        assertFalse(peer.listing().contains("CONNECTING"), peer::listing);
    }

    private boolean listsNone(String command) {
        return firewall.command(command).orThrow().output().contains("None.");
    }
}
