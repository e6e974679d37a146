package io.portcullis.test.tunnel;

import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.TwoSites;
import io.portcullis.test.lab.TwoSites.Translation;
import java.util.Arrays;
import java.util.stream.Stream;

/** One way in which a tunnel may come about. */
record Scenario(Initiator initiator, Suite suite, boolean translated) {
    static final String KEY = "a-shared-secret-of-the-lab";

    enum Initiator {
        WE,
        IT
    }

    /** What the peer insists on; we offer and accept our defaults. Each asks for PFS with its own group. */
    enum Suite {
        AES_128_GCM("aes128gcm16-prfsha256-ecp256", "aes128gcm16-ecp256", "AES_GCM_16-128"),
        AES_256_CBC_SHA_256("aes256-sha256-modp2048", "aes256-sha256-modp2048", "AES_CBC-256/HMAC_SHA2_256_128");

        final String ike;
        final String esp;
        /** How the peer's listing names it. */
        final String listed;

        Suite(String ike, String esp, String listed) {
            this.ike = ike;
            this.esp = esp;
            this.listed = listed;
        }
    }

    static Stream<Scenario> all() {
        return Arrays.stream(Initiator.values())
                .flatMap(initiator -> Arrays.stream(Suite.values())
                        .flatMap(suite ->
                                Stream.of(false, true).map(translated -> new Scenario(initiator, suite, translated))));
    }

    /** Whoever initiates is the one who may be hidden. */
    Translation translation() {
        if (!translated) {
            return Translation.NONE;
        }
        return initiator == Initiator.WE ? Translation.GATEWAY_HIDDEN : Translation.PEER_HIDDEN;
    }

    SwanConnection peer() {
        return SwanConnection.ofPeer(suite.ike, suite.esp, KEY).withRemoteAddress(TwoSites.gatewaySeen(translation()));
    }

    String script() {
        return GatewayScript.gateway(KEY)
                .endpoint(TwoSites.peerSeen(translation()))
                .text();
    }

    @Override
    public String toString() {
        return (initiator == Initiator.WE ? "we initiate, " : "it initiates, ")
                + suite
                + (translated ? ", NAT between" : ", no NAT");
    }
}
