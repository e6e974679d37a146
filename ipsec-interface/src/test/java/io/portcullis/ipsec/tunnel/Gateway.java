package io.portcullis.ipsec.tunnel;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.core.pipeline.ActiveConfiguration;
import io.portcullis.core.pipeline.IpRuleSet;
import io.portcullis.core.pipeline.Pipeline;
import io.portcullis.core.pipeline.PipelineSettings;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.PublishedConfiguration;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.CpuFeatures;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.gate.IpsecGateway;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A whole data plane without devices and IKE: the pipeline, a tunnel, and two interfaces that keep what they are to
 * send. Number 1 has 10.1.0.0/16 behind it and is 192.0.2.1, number 2 has 10.2.0.0/16 and is 192.0.2.2; both allow
 * everything.
 */
final class Gateway implements AutoCloseable {
    final PacketPool pool = new PacketPool(64);
    final Kept lan = new Kept("lan", 1, IpAddress.literal("10.0.0.0"));
    final Kept wan;
    final IpsecTunnelInterface tunnel;
    final Pipeline pipeline;
    final SaDatabase database;
    private final int number;
    private final long now = 1_000_000_000L;

    Gateway(int number) {
        this.number = number;
        WorkerMailbox mailbox = command -> {
            command.run(pipeline(), now);
            pipeline().end(now);
            return true;
        };
        wan = new Kept("wan", 2, outer(number));
        database = new SaDatabase(
                CryptoSelection.of(
                                CpuFeatures.of(Path.of("/proc/cpuinfo")),
                                new SystemClock(),
                                new SecureRandom(),
                                _ -> {})::worker,
                mailbox,
                _ -> true,
                _ -> wan.mtu(),
                new SecureRandom());
        IpsecGateway gate = new IpsecGateway(database, (_, _, _, _, _, _) -> true);
        CoreInterface core = new CoreInterface(
                0, gate, new EchoClient(mailbox, new Random(1)), new TcpClient(mailbox, new Random(1)), null);
        tunnel = new IpsecTunnelInterface(
                "tunnel", 3, new TunnelSettings(inner(number), inner(3 - number), -1, 0, 1400, List.of()), database);
        lan.own = inside(number, 1);
        List<Route> routes = List.of(
                Route.own(outer(number), core),
                Route.own(inside(number, 1), core),
                new Route(IpNetwork.literal("192.0.2.0/24"), wan, null, 100, Route.Origin.INTERFACE),
                new Route(IpNetwork.literal("10." + number + ".0.0/16"), lan, null, 100, Route.Origin.INTERFACE),
                new Route(IpNetwork.literal("10." + (3 - number) + ".0.0/16"), tunnel, null, 90, Route.Origin.TUNNEL));
        ActiveConfiguration configuration = new ActiveConfiguration(
                1,
                List.of(core, lan, wan, tunnel),
                core,
                new RoutingTables(List.of(new RoutingTable(RoutingTables.MAIN, routes))),
                AccessControl.NONE,
                new AllowAll(),
                PipeRules.NONE,
                AddressSet.of(List.of(
                        AddressSet.of(outer(number)).ranges().getFirst(),
                        AddressSet.of(inside(number, 1)).ranges().getFirst())),
                PipelineSettings.DEFAULT);
        pipeline = new Pipeline(
                new PublishedConfiguration(configuration),
                pool,
                new ConnectionTable(ConnectionLimits.DEFAULT, _ -> {}, new Random(1), now),
                gate,
                _ -> {});
        pipeline.begin(now);
    }

    private Pipeline pipeline() {
        return pipeline;
    }

    static IpAddress outer(int number) {
        return IpAddress.literal("192.0.2." + number);
    }

    static IpAddress inside(int number, int host) {
        return IpAddress.literal("10." + number + ".0." + host);
    }

    private static List<TrafficSelector> inner(int number) {
        return List.of(TrafficSelector.of(IpNetwork.literal("10." + number + ".0.0/16")));
    }

    /** Makes the SA pair that both gateways have. */
    void connect() {
        EspSuite suite = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
        SecretKeys[] keys = new SecretKeys[3];
        for (int i = 1; i <= 2; i++) {
            byte[] key = new byte[16];
            key[0] = (byte) i;
            keys[i] = new SecretKeys(key, new byte[] {1, 2, 3, (byte) i}, new byte[0]);
        }
        database.install(new SaPair(
                "tunnel",
                0x1000 + number,
                0x1000 + 3 - number,
                suite,
                keys[number],
                keys[3 - number],
                inner(number),
                inner(3 - number),
                new SaPair.Path(outer(number), 4500, outer(3 - number), 4500, false),
                true,
                64,
                0,
                0,
                null));
    }

    /** A packet comes in by an interface. */
    void receive(byte[] octets, NetworkInterface in) {
        Packet packet = pool.take();
        int at = packet.append(octets.length);
        MemorySegment.copy(octets, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, octets.length);
        pipeline.decapsulated(packet, in, now);
        pipeline.end(now);
    }

    @Override
    public void close() {
        pool.close();
    }

    /** An interface that keeps what it is given. */
    static final class Kept implements NetworkInterface {
        private final String name;
        private final int index;
        private final InterfaceCounters counters = new InterfaceCounters();
        private final List<byte[]> sent = new ArrayList<>();
        private IpAddress own;

        Kept(String name, int index, IpAddress own) {
            this.name = name;
            this.index = index;
            this.own = own;
        }

        /** What it was given since the last time. */
        List<byte[]> sent() {
            List<byte[]> out = List.copyOf(sent);
            sent.clear();
            return out;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public InterfaceCounters counters() {
            return counters;
        }

        @Override
        public IpAddress ownAddress(int ipVersion) {
            return ipVersion == 4 ? own : null;
        }

        @Override
        public DropReason send(Packet packet, IpAddress gateway, PacketWorker worker, long now) {
            sent.add(packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE));
            worker.pool().give(packet);
            return DropReason.NONE;
        }

        @Override
        public void flush(PacketWorker worker, long now) {}
    }

    private static final class AllowAll implements IpRuleSet, Policy {
        @Override
        public Policy lookup(
                NetworkInterface in,
                NetworkInterface out,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int protocol,
                int sourcePort,
                int destinationPort,
                int extensions) {
            return this;
        }

        @Override
        public String name() {
            return "all";
        }

        @Override
        public Action action() {
            return Action.ALLOW;
        }

        @Override
        public boolean logs() {
            return false;
        }

        @Override
        public SourceTranslation sourceTranslation() {
            return SourceTranslation.NONE;
        }

        @Override
        public void hit(long now) {}
    }
}
