package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.FrameGenerator;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.util.List;

/**
 * Packets that one worker seals with AES-128-GCM and sends as ESP without UDP, frame by frame, offered faster than
 * that; they are counted and dropped at the next router.
 */
public final class EspRate implements Row {
    private static final int INNER = 1_400;
    private static final int ETHERNET = 14;

    @Override
    public String name() {
        return "esp";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("ESP AES-128-GCM, 1,400 inside, frame by frame", "Mpps", new Target.AtLeast(0.35)),
                new Quantity("offered meanwhile", "Mpps", new Target.None()));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (TwoSites sites = TwoSites.open(false)) {
            Firewall far = Firewall.startWarm(sites.lab(), sites.peer, script(GatewayScript.peer(TunnelEnds.KEY)));
            Firewall near =
                    Firewall.startWarm(sites.lab(), sites.gateway, script(GatewayScript.gateway(TunnelEnds.KEY)));
            Processor.FAR.bind(near.pid());
            TunnelEnds.awaitPing(sites);
            // From here on the other end would only take processor time.
            Arrivals.discard(sites.router, "isp", "esp");
            far.kill();
            Arrivals.takeFrames(sites.gateway, "lan");
            Frame frame = new Frame(
                    ETHERNET + INNER,
                    Transit.mac(sites.host, "eth0"),
                    Transit.mac(sites.gateway, "lan"),
                    TwoSites.HOST,
                    TwoSites.BRANCH,
                    new PortRange(10_000, 64),
                    PortRange.of(9));
            Arrivals arrivals = Arrivals.during(
                    () -> FrameGenerator.start(sites.host, "eth0", frame),
                    new Arrivals.Counted(sites.gateway, "lan"),
                    new Arrivals.Counted(sites.router, "isp"),
                    effort.warmUp(),
                    effort.counted());
            return List.of(arrivals.delivered() / 1e6, arrivals.offered() / 1e6);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        return List.of();
    }

    private static String script(GatewayScript script) {
        return script.algorithms(TunnelEnds.ESP).tunnel("NATTraversal=Off").text();
    }
}
