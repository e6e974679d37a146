package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

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
    private static final String ROUTER_IN = "10.1.0.1";
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
        // Datagrams end right behind the device, without an ICMP error that would come back.
        sink.nft("table netdev sink { chain first { type filter hook ingress device eth0 priority 0; ip protocol udp"
                + " drop; }; }\n");
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

    Lab lab() {
        return lab;
    }

    /** Our firewall in the router's place, on the far processor; {@code script} follows the two interfaces. */
    Firewall portcullis(String script) {
        Firewall firewall = Firewall.start(lab, router, devices() + script);
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
        router.ip("addr add " + ROUTER_IN + "/24 dev in\naddr add " + ROUTER_OUT + "/24 dev out");
        router.sysctl("net.ipv4.ip_forward=1");
        if (!rules.isEmpty()) {
            router.nft(rules);
        }
        awaitPing();
    }

    /** Moves what the kernel does with received frames to the far processor, away from who sends them. */
    void steerKernel() {
        router.run("sh", "-c", "echo " + Processor.FAR.mask() + " > /sys/class/net/in/queues/rx-0/rps_cpus");
    }

    private void awaitPing() {
        Await.until("a ping through the router", Duration.ofSeconds(10), () -> Traffic.ping(source, SINK, 1));
    }

    /** What the generator sends from the source to the sink; it needs GRO on the router's {@code in}. */
    Frame frame(int length, PortRange sources, PortRange destinations) {
        router.run("ethtool", "-K", "in", "gro", "on");
        return new Frame(length, mac(source, "eth0"), mac(router, "in"), SOURCE, SINK, sources, destinations);
    }

    private static String mac(Namespace namespace, String device) {
        return read(namespace, "/sys/class/net/" + device + "/address").strip();
    }

    /** Packets that a device has received. */
    static long received(Namespace namespace, String device) {
        return namespace
                .call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(device + ":"))
                .mapToLong(line -> Long.parseLong(line.split("[\\s:]+", -1)[2]))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Namespace namespace, String file) {
        return namespace.run("cat", file).output();
    }

    @Override
    public void close() {
        lab.close();
    }
}
