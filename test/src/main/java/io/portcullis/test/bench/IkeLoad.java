package io.portcullis.test.bench;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.ipsec.ike.IkeEngine;
import io.portcullis.ipsec.ike.IkeObserver;
import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaInstaller;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.Identity;
import io.portcullis.ipsec.tunnel.PreSharedKey;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.NatTraversal;
import io.portcullis.test.bench.generator.ProcessorTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Many IKEv2 initiators in one thread: each with an address and an identity of its own, pre-shared key, one child SA,
 * no data plane. All go to port 4500 as behind a NAT, because strongSwan's userspace ESP knows nothing else. They come
 * from addresses of {@value #PEERS}, which the namespace must own and route back
 * ({@code ip route add local 10.77.0.0/16 dev lo}).
 *
 * @param responder address of the gateway
 * @param first number of the first initiator
 * @param count IKE SAs to set up, one for each address
 * @param window how many negotiations are under way at a time
 * @param group key exchange of the IKE SA
 * @param key pre-shared key of all
 */
public record IkeLoad(IpAddress responder, int first, int count, int window, DhGroup group, String key) {
    /** Where the initiators are. */
    public static final String PEERS = "10.77.0.0/16";

    /** The gateway's network. */
    public static final String GATEWAY_NETWORK = "10.99.0.0/16";

    /** An address in it. */
    public static final String GATEWAY = "10.99.0.1/16";

    private static final int LONGEST_DATAGRAM = 8192;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /**
     * What came of it.
     *
     * @param established child SAs that stand
     * @param failed negotiations that did not come to one
     * @param seconds from the first request to the last answer
     * @param processorSeconds of the responder meanwhile
     */
    public record Report(int established, int failed, double seconds, double processorSeconds) {
        public double perSecond() {
            return established / seconds;
        }

        @Override
        public String toString() {
            return "{\"established\":%d,\"failed\":%d,\"seconds\":%.3f,\"per_second\":%.1f,\"processor_seconds\":%.2f}"
                    .formatted(established, failed, seconds, perSecond(), processorSeconds);
        }
    }

    /**
     * Prints a {@link Report} as JSON. Options:
     * {@code --responder=ADDRESS --process=ID --warm-up=N --count=N --window=N --group=x25519|ecp256 --key=TEXT};
     * {@code --process} is the responder's, {@code --warm-up} how many initiators come before those that count, so that
     * the compiler is done with them too. With {@code --script} prints the tunnels of a gateway of ours instead.
     */
    public static void main(String[] options) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String option : options) {
            values.put(option.replaceFirst("=.*", ""), option.substring(option.indexOf('=') + 1));
        }
        String key = values.getOrDefault("--key", "load");
        int count = Integer.parseInt(values.getOrDefault("--count", "1000"));
        if (values.containsKey("--script")) {
            System.out.println(script(count, key));
            return;
        }
        IpAddress responder = IpAddress.literal(values.getOrDefault("--responder", "10.1.0.1"));
        int warmUp = Integer.parseInt(values.getOrDefault("--warm-up", "0"));
        int window = Integer.parseInt(values.getOrDefault("--window", "32"));
        DhGroup group =
                values.getOrDefault("--group", "x25519").equals("ecp256") ? DhGroup.ECP_256 : DhGroup.CURVE25519;
        long process = Long.parseLong(values.getOrDefault(
                "--process", String.valueOf(ProcessHandle.current().pid())));
        new IkeLoad(responder, 0, warmUp, window, group, key).run(process);
        System.out.println(new IkeLoad(responder, warmUp, count, window, group, key).run(process));
    }

    /** The address of one initiator. */
    public static IpAddress peer(int number) {
        return IpAddress.literal("10.77." + (number >>> 8) + "." + (number & 0xff));
    }

    /** The one address behind it. */
    public static String network(int number) {
        return "10.78." + (number >>> 8) + "." + (number & 0xff) + "/32";
    }

    /** Tunnels of a gateway of ours for this many initiators; its interfaces are the caller's business. */
    public static String script(int count, String key) {
        StringBuilder script = new StringBuilder("add PSK load Type=ASCII PSKAscii=" + key + "\n");
        for (int i = 0; i < count; i++) {
            script.append("add Interface IPsecTunnel t" + i + " LocalNetwork=" + GATEWAY_NETWORK + " RemoteNetwork="
                    + network(i) + " RemoteEndpoint=" + peer(i) + " PSK=load\n");
        }
        return script.toString();
    }

    /** Sets all of them up, with a responder that is {@code process}; gives up after two minutes. */
    private Report run(long process) throws IOException {
        try (Run run = new Run(this)) {
            return run.go(process);
        }
    }

    private TunnelDefinition tunnel(int number) {
        EspSuite gcm = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
        EspSuite cbc = new EspSuite(Encr.AES_CBC, 128, Integ.HMAC_SHA2_256_128);
        return new TunnelDefinition(
                "t" + number,
                Optional.of(peer(number)),
                AddressSet.of(responder),
                List.of(responder),
                List.of(TrafficSelector.of(IpNetwork.literal(network(number)))),
                List.of(TrafficSelector.of(IpNetwork.literal(GATEWAY_NETWORK))),
                Optional.of(new Identity.Dns("t" + number + ".load")),
                List.of(),
                new PreSharedKey(key.getBytes(StandardCharsets.UTF_8)),
                List.of(new IkeSuite(gcm, Prf.HMAC_SHA2_256), new IkeSuite(cbc, Prf.HMAC_SHA2_256)),
                List.of(group),
                List.of(gcm),
                List.of(),
                28_800,
                28_800,
                0,
                0,
                false,
                NatTraversal.ON,
                64,
                true);
    }

    /** Where an initiator receives. */
    private record Local(IpAddress address, int port) {}

    /** One thread: sockets, engine, and whose turn it is. */
    private static final class Run implements AutoCloseable, SaInstaller, IkeObserver {
        private final IkeLoad load;
        private final Selector selector = Selector.open();
        private final Map<Local, DatagramChannel> channels = new HashMap<>();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_DATAGRAM);
        private final IkeEngine engine;
        private int nextSpi = 0x1000;
        private int begun;
        private int established;
        private int failed;

        Run(IkeLoad load) throws IOException {
            this.load = load;
            SecureRandom random = new SecureRandom();
            engine = new IkeEngine(new IkeEngine.Parts(
                    this::send,
                    this,
                    _ -> Optional.empty(),
                    _ -> Optional.empty(),
                    _ -> {},
                    this,
                    Runnable::run,
                    KeyExchangeSource.fresh(random),
                    random,
                    IkeSettings.DEFAULT,
                    System.nanoTime()));
            for (int i = load.first; i < load.first + load.count; i++) {
                open(new Local(peer(i), Endpoints.IKE_PORT));
            }
            engine.tunnels(java.util.stream.IntStream.range(load.first, load.first + load.count)
                    .mapToObj(load::tunnel)
                    .toList());
            engine.poll(System.nanoTime());
        }

        /** Who goes to port 4500 does not come back: a process may not have two sockets for each of ten thousand. */
        private DatagramChannel onNatPort(Local local) throws IOException {
            DatagramChannel before = channels.remove(new Local(local.address, Endpoints.IKE_PORT));
            if (before != null) {
                before.close();
            }
            return open(local);
        }

        private DatagramChannel open(Local local) throws IOException {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByName(local.address.toString()), local.port));
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(InetAddress.getByName(load.responder.toString()), local.port));
            channel.register(selector, SelectionKey.OP_READ, local);
            channels.put(local, channel);
            return channel;
        }

        Report go(long process) throws IOException {
            double used = ProcessorTime.seconds(process);
            long start = System.nanoTime();
            long end = start;
            while (established + failed < load.count && System.nanoTime() - start < PATIENCE_NANOS) {
                while (begun < load.count && begun - established - failed < load.window) {
                    engine.connect("t" + (load.first + begun++));
                }
                long now = System.nanoTime();
                engine.poll(now);
                long deadline = engine.nextDeadline();
                long wait = deadline == Long.MIN_VALUE ? 0 : Math.clamp((deadline - now) / 1_000_000, 1, 100);
                if (wait == 0) {
                    selector.selectNow(this::receive);
                } else {
                    selector.select(this::receive, wait);
                }
                end = System.nanoTime();
            }
            return new Report(
                    established, load.count - established, (end - start) / 1e9, ProcessorTime.seconds(process) - used);
        }

        private void receive(SelectionKey key) {
            try {
                buffer.clear();
                if (((DatagramChannel) key.channel()).receive(buffer) == null) {
                    return;
                }
                byte[] octets = new byte[buffer.flip().remaining()];
                buffer.get(octets);
                Local local = (Local) key.attachment();
                engine.received(local.address, local.port, load.responder, local.port, "load", octets);
            } catch (IOException e) {
                // Nobody listens there yet: the request is repeated.
            }
        }

        private void send(IpAddress local, int localPort, IpAddress remote, int remotePort, byte[] payload) {
            Local from = new Local(local, localPort);
            try {
                DatagramChannel channel = channels.get(from);
                (channel == null ? onNatPort(from) : channel).write(ByteBuffer.wrap(payload));
            } catch (IOException e) {
                // Lost, as in any network.
            }
        }

        @Override
        public int allocateSpi(String tunnel) {
            return nextSpi++;
        }

        @Override
        public void install(SaPair pair) {
            established++;
        }

        @Override
        public void negotiationFailed(String tunnel) {
            failed++;
        }

        @Override
        public void releaseSpi(int inboundSpi) {}

        @Override
        public void activateOutbound(int inboundSpi) {}

        @Override
        public void remove(int inboundSpi) {}

        @Override
        public void movePath(int inboundSpi, SaPair.Path path) {}

        @Override
        public void close() {
            channels.values().forEach(channel -> {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try {
                selector.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
