package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.DatagramGenerator;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One policy of many is changed while packets of a connection pass: how long it takes until the new rules are in force,
 * and how many of the packets are lost meanwhile.
 *
 * @param policies how many
 */
public record Activation(int policies) implements Row {
    private static final int PAYLOAD = 22;
    private static final int PER_SECOND = 50_000;
    private static final Duration ON_THE_WAY = Duration.ofMillis(200);

    @Override
    public String name() {
        return "activation-" + policies;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("activation, one of %,d policies changed".formatted(policies), "s", new Target.AtMost(1)),
                new Quantity("packets lost of %,d a second".formatted(PER_SECOND), "", new Target.AtMost(0)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "nftables";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            Firewall firewall = transit.portcullis(Policies.ours(policies));
            firewall.command("set IPPolicy deny1 LogEnabled=Yes").orThrow();
            return measure(transit, effort, () -> firewall.command("activate\n").orThrow());
        }
    }

    /** The kernel takes the whole list anew, in one transaction. */
    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.kernel(Policies.nftables(policies));
            transit.steerKernel();
            return measure(
                    transit, effort, () -> transit.router.nft("delete table ip bench\n" + Policies.nftables(policies)));
        }
    }

    private static List<Double> measure(Transit transit, Effort effort, Runnable activation) {
        transit.discardAtSink();
        hush(transit);
        Arrivals.Counted in = new Arrivals.Counted(transit.router, "in");
        Arrivals.Counted sink = new Arrivals.Counted(transit.sink, "eth0");
        send(transit, effort.warmUp(), () -> {});
        long offered = -in.packets();
        long delivered = -sink.packets();
        AtomicLong took = new AtomicLong();
        send(transit, effort.counted(), () -> {
            long begin = System.nanoTime();
            activation.run();
            took.set(System.nanoTime() - begin);
        });
        offered += in.packets();
        delivered += sink.packets();
        return List.of(took.get() / 1e9, (double) Math.max(0, offered - delivered));
    }

    /** What the source would send by itself, to look for routers and neighbours, would count as lost. */
    private static void hush(Transit transit) {
        transit.source.sysctl("net.ipv6.conf.eth0.disable_ipv6=1");
        String router = Transit.mac(transit.router, "in");
        transit.source.ip("neigh replace " + Transit.ROUTER_IN + " lladdr " + router + " dev eth0 nud permanent");
    }

    /** Packets of one connection, before and after something is done; when it returns none is on the way. */
    private static void send(Transit transit, Duration beforeAndAfter, Runnable meanwhile) {
        try (DatagramGenerator _ = DatagramGenerator.start(transit.source, Transit.SINK, PAYLOAD, PER_SECOND)) {
            Await.within(beforeAndAfter, () -> false);
            meanwhile.run();
            Await.within(beforeAndAfter, () -> false);
        }
        Await.within(ON_THE_WAY, () -> false);
    }
}
