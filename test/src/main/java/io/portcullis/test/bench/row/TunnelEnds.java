package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;

/** Who is at both ends of a tunnel with AES-128-GCM: the near one on the near processor, the far one on the far. */
@FunctionalInterface
interface TunnelEnds {
    String ESP = "aes128gcm16";
    String KEY = "bench-bench-bench";

    /** Starts both. */
    void start(TwoSites sites);

    /** Starts both and waits until a ping passes. */
    default void establish(TwoSites sites) {
        start(sites);
        awaitPing(sites);
    }

    /** The first packet brings the tunnel up. */
    static void awaitPing(TwoSites sites) {
        Await.until(
                "a ping through the tunnel",
                Duration.ofSeconds(15),
                () -> Traffic.ping(sites.host, TwoSites.BRANCH, 1));
    }

    static void portcullis(TwoSites sites) {
        String tunnel = "NATTraversal=On";
        Firewall far = Firewall.startWarm(
                sites.lab(),
                sites.peer,
                GatewayScript.peer(KEY).algorithms(ESP).tunnel(tunnel).text());
        Processor.FAR.bind(far.pid());
        Firewall near = Firewall.startWarm(
                sites.lab(),
                sites.gateway,
                GatewayScript.gateway(KEY).algorithms(ESP).tunnel(tunnel).text());
        Processor.NEAR.bind(near.pid());
    }

    static void strongSwan(TwoSites sites) {
        Charon near = Charon.asGateway(sites);
        Charon far = Charon.asPeer(sites);
        Processor.NEAR.bind(near.pid());
        Processor.FAR.bind(far.pid());
        far.load(SwanConnection.ofPeer("aes128-sha256-ecp256", ESP, KEY));
        near.load(SwanConnection.ofGateway("aes128-sha256-ecp256", ESP, KEY));
        near.initiate().orThrow();
    }
}
