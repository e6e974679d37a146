package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.crypto.CpuFeatures;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One end of a tunnel without IKE, pipeline or network. Site 1 and site 2 fit each other. */
final class Site implements AutoCloseable {
    static final EspSuite GCM = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    static final EspSuite CBC = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128);
    static final CryptoSelection SELECTION = CryptoSelection.of(
            CpuFeatures.of(Path.of("/proc/cpuinfo")), new SystemClock(), new SecureRandom(), _ -> {});

    static final BulkCrypto CRYPTO = SELECTION.worker();

    final FakeWorker worker = new FakeWorker();
    final ArrayDeque<SaEvent> events = new ArrayDeque<>();
    final SaDatabase database;
    final EspInput input;
    final TunnelTraffic tunnel;
    final int number;
    int pathMtu = 1500;

    Site(int number) {
        this.number = number;
        database = new SaDatabase(() -> CRYPTO, worker, events::offer, _ -> pathMtu, new SecureRandom());
        input = new EspInput(database);
        tunnel = addTunnel("tunnel");
    }

    /** One more, for which pairs can not be made; {@link #tunnel} is the one with pairs. */
    TunnelTraffic addTunnel(String name) {
        return database.addTunnel(new Stub(name), new TunnelSettings(all(), all(), -1, 0, 1400, List.of()));
    }

    static List<TrafficSelector> all() {
        return List.of(TrafficSelector.of(IpNetwork.ALL_V4), TrafficSelector.of(IpNetwork.ALL_V6));
    }

    static SecretKeys keys(EspSuite suite, int seed) {
        return new SecretKeys(
                counting(suite.keyBits() / 8, seed),
                counting(suite.encryption().saltOctets(), seed + 1),
                counting(suite.integrity().keyOctets(), seed + 2));
    }

    private static byte[] counting(int octets, int from) {
        byte[] out = new byte[octets];
        for (int i = 0; i < octets; i++) {
            out[i] = (byte) (from + i);
        }
        return out;
    }

    static IpAddress outer(boolean v4, int site) {
        return IpAddress.literal(v4 ? "192.0.2." + site : "2001:db8::" + site);
    }

    /** The n-th pair between the two sites, as this site sees it. */
    Pair pair(int n, EspSuite suite) {
        return new Pair(n, suite);
    }

    /** A pair in the making. */
    final class Pair {
        private final int n;
        private final EspSuite suite;
        private boolean v4 = true;
        private boolean udp;
        private boolean extended;
        private long soft;
        private long hard;
        private Integer replaces;
        private List<TrafficSelector> local = all();
        private List<TrafficSelector> remote = all();

        Pair(int n, EspSuite suite) {
            this.n = n;
            this.suite = suite;
        }

        Pair v6() {
            v4 = false;
            return this;
        }

        Pair udp() {
            udp = true;
            return this;
        }

        Pair extended() {
            extended = true;
            return this;
        }

        Pair limits(long softBytes, long hardBytes) {
            soft = softBytes;
            hard = hardBytes;
            return this;
        }

        Pair replaces(int inboundSpi) {
            replaces = inboundSpi;
            return this;
        }

        Pair selectors(List<TrafficSelector> ofSite1, List<TrafficSelector> ofSite2) {
            local = number == 1 ? ofSite1 : ofSite2;
            remote = number == 1 ? ofSite2 : ofSite1;
            return this;
        }

        SaPair made() {
            return new SaPair(
                    "tunnel",
                    spi(number),
                    spi(3 - number),
                    suite,
                    keys(suite, n * 10 + number),
                    keys(suite, n * 10 + 3 - number),
                    local,
                    remote,
                    new SaPair.Path(outer(v4, number), 4500, outer(v4, 3 - number), 4500, udp),
                    extended,
                    64,
                    soft,
                    hard,
                    replaces);
        }

        int spi(int site) {
            return 0x1000 * n + 0x100 * site;
        }

        int install() {
            database.install(made());
            return spi(number);
        }
    }

    /** Sends an inner packet and returns the outer ones as they are on the wire. */
    List<byte[]> send(byte[] inner) {
        Packet packet = worker.packet(inner);
        DropReason why = tunnel.send(packet, worker, worker.now);
        if (why != DropReason.NONE) {
            worker.drop(packet, why);
        }
        return sent();
    }

    /** What was originated since the last time. */
    List<byte[]> sent() {
        List<byte[]> out = new ArrayList<>();
        worker.end();
        for (Packet packet : worker.originated) {
            out.addAll(PlainCutter.cut(packet));
            worker.pool.give(packet);
        }
        worker.originated.clear();
        return out;
    }

    /** Takes an outer packet as the gate would, and ends the burst. */
    DropReason receive(byte[] outer) {
        Packet packet = worker.pool.take();
        PlainCutter.load(outer, packet);
        DropReason why = take(packet);
        if (why != DropReason.NONE) {
            worker.drop(packet, why);
            return why;
        }
        int dropped = worker.dropped.size();
        worker.end();
        return worker.dropped.size() > dropped ? worker.dropped.getLast() : DropReason.NONE;
    }

    /** Takes an outer packet as the gate would, merged or not. */
    DropReason take(Packet packet) {
        DropReason why = Headers.parse(packet);
        if (why != DropReason.NONE) {
            return why;
        }
        boolean udp = packet.protocol() == IpProtocol.UDP;
        int at = packet.transportAt() + (udp ? Udp.HEADER : 0);
        int end = packet.payloadEnd();
        int port = udp ? packet.sourcePort() : EspInput.RAW;
        if (packet.gso() == Packet.Gso.NONE) {
            return input.takeAlone(packet, at, end, port, worker, worker.now);
        }
        int size = packet.gsoSize();
        input.begin(packet, worker, worker.now);
        for (; at < end; at += size) {
            input.take(packet, at, Math.min(end, at + size), port, worker, worker.now);
        }
        input.end(packet, worker);
        return DropReason.NONE;
    }

    /** What was decapsulated since the last time. */
    List<byte[]> received() {
        List<byte[]> out = new ArrayList<>();
        for (Packet packet : worker.decapsulated) {
            out.add(FakeWorker.octets(packet));
            worker.pool.give(packet);
        }
        worker.decapsulated.clear();
        return out;
    }

    List<SaEvent> raised() {
        List<SaEvent> out = List.copyOf(events);
        events.clear();
        return out;
    }

    @Override
    public void close() {
        worker.close();
    }

    private final class Stub implements NetworkInterface {
        private final InterfaceCounters counters = new InterfaceCounters();
        private final String name;

        Stub(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int index() {
            return 9;
        }

        @Override
        public int mtu() {
            return 0;
        }

        @Override
        public InterfaceCounters counters() {
            return counters;
        }

        @Override
        public DropReason send(Packet packet, IpAddress gateway, PacketWorker worker, long now) {
            return DropReason.INTERNAL_ERROR;
        }

        @Override
        public void flush(PacketWorker on, long now) {
            tunnel.flush(on, now);
        }
    }
}
