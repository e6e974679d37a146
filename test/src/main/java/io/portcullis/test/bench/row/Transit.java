package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.FrameGenerator;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Traffic;
import java.time.Duration;
import java.util.List;

/**
 * A source, a router and a sink in a row, for what passes a firewall:
 *
 * <pre>
 *   source            router            sink
 *   eth0 ----------- in  out ---------- eth0
 *   10.1.0.2         .1  10.2.0.1       10.2.0.2
 * </pre>
 */
final class Transit implements AutoCloseable {
    static final String SOURCE = "10.1.0.2";
    static final String SINK = "10.2.0.2";
    static final String ROUTER_IN = "10.1.0.1";
    private static final String ROUTER_OUT = "10.2.0.1";

    private final Lab lab;
    final Namespace source;
    final Namespace router;
    final Namespace sink;

    private Transit(Lab lab, boolean offload) {
        this.lab = lab;
        source = lab.namespace("source");
        router = lab.namespace("router");
        sink = lab.namespace("sink");
        lab.wire(router, "in", source, "eth0", offload);
        lab.wire(router, "out", sink, "eth0", offload);
        source.ip("addr add " + SOURCE + "/24 dev eth0\nroute add default via " + ROUTER_IN);
        sink.ip("addr add " + SINK + "/24 dev eth0\nroute add default via " + ROUTER_OUT);
    }

    /** @param offload as for {@link Lab#wire} */
    static Transit open(boolean offload) {
        Lab lab = Lab.open();
        try {
            return new Transit(lab, offload);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Has datagrams end right behind the sink's device, where they are counted, without an ICMP error coming back. */
    void discardAtSink() {
        Arrivals.discard(sink, "eth0", "udp");
    }

    Lab lab() {
        return lab;
    }

    /** Our firewall in the router's place, on the far processor; {@code script} follows the two interfaces. */
    Firewall portcullis(String script) {
        Firewall firewall = Firewall.startWarm(lab, router, devices() + script);
        Processor.FAR.bind(firewall.pid());
        awaitPing();
        return firewall;
    }

    /** The two interfaces {@code in} and {@code out}. */
    static String devices() {
        return "add Interface Ethernet in EthernetDevice=in IP=" + ROUTER_IN + " Network=10.1.0.0/24\n"
                + "add Interface Ethernet out EthernetDevice=out IP=" + ROUTER_OUT + " Network=10.2.0.0/24\n";
    }

    /** The kernel in the router's place; {@code rules} is an nftables script, or empty. */
    void kernel(String rules) {
        kernelAddresses();
        router.sysctl("net.ipv4.ip_forward=1");
        if (!rules.isEmpty()) {
            router.nft(rules);
        }
        awaitPing();
    }

    /** Gives the router's addresses to its kernel. */
    void kernelAddresses() {
        router.ip("addr add " + ROUTER_IN + "/24 dev in\naddr add " + ROUTER_OUT + "/24 dev out");
    }

    /** Moves what the kernel does with received frames to the far processor, away from who sends them. */
    void steerKernel() {
        router.run("sh", "-c", "echo " + Processor.FAR.mask() + " > /sys/class/net/in/queues/rx-0/rps_cpus");
    }

    private void awaitPing() {
        Await.until("a ping through the router", Duration.ofSeconds(10), () -> Traffic.ping(source, SINK, 1));
    }

    /** What the generator sends from the source to the sink; the router's {@code in} is made ready to take it. */
    Frame frame(int length, PortRange sources, PortRange destinations) {
        Arrivals.takeFrames(router, "in");
        return new Frame(length, mac(source, "eth0"), mac(router, "in"), SOURCE, SINK, sources, destinations);
    }

    /** Millions of frames a second that reach the sink when more are sent, and that were offered meanwhile. */
    List<Double> rate(Frame frame, Effort effort) {
        discardAtSink();
        Arrivals arrivals = Arrivals.during(
                () -> FrameGenerator.start(source, "eth0", frame),
                new Arrivals.Counted(router, "in"),
                new Arrivals.Counted(sink, "eth0"),
                effort.warmUp(),
                effort.counted());
        return List.of(arrivals.delivered() / 1e6, arrivals.offered() / 1e6);
    }

    static String mac(Namespace namespace, String device) {
        return namespace
                .run("cat", "/sys/class/net/" + device + "/address")
                .output()
                .strip();
    }

    @Override
    public void close() {
        lab.close();
    }
}
