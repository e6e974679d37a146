package io.portcullis.test.bench.micro;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The first policy that matches a packet, by the compiled classifier and by comparing top-down; and compiling. Policies
 * go from departments and hosts to servers, some to or from anywhere; the last allows everything. Half of the packets
 * are made for a policy anywhere in the list, half only the last matches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleLookupBench {
    private static final int PACKETS = 1 << 12;
    private static final int SITES = 0x0a00_0000;
    private static final int SERVERS = 0xc0a8_0000;
    private static final int NOWHERE = 0xcb00_7100;
    private static final int[] PORTS = {22, 25, 53, 80, 110, 123, 143, 389, 443, 445, 993, 1433, 3306, 3389, 5432, 8080
    };
    private static final int TOP_PORT = 0xffff;

    @Param({"10", "1000", "10000", "100000"})
    int policies;

    private final List<NetworkInterface> interfaces = new ArrayList<>();
    private final List<Match> list = new ArrayList<>();
    private Match[] topDown = new Match[0];
    private Classifier classifier = new Classifier(List.of());
    private final Packet[] packets = new Packet[PACKETS];
    private int next;

    private record Packet(
            NetworkInterface in, NetworkInterface out, IpAddress from, IpAddress to, int protocol, int port) {}

    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 1; i <= 4; i++) {
            interfaces.add(new StubInterface("if" + i, i));
        }
        List<Packet> made = new ArrayList<>();
        for (int i = 0; i < policies - 1; i++) {
            made.add(policy(random));
        }
        list.add(new Match(
                InterfaceSet.EVERY,
                InterfaceSet.EVERY,
                new AddressMatcher(AddressSet.ALL_V4),
                new AddressMatcher(AddressSet.ALL_V4),
                new ServiceTerm[] {ServiceTerm.ALL}));
        topDown = list.toArray(Match[]::new);
        classifier = new Classifier(list);
        for (int i = 0; i < PACKETS; i++) {
            Packet aimed = made.get(random.nextInt(made.size()));
            packets[i] = i % 2 == 0
                    ? aimed
                    : new Packet(
                            aimed.in(),
                            aimed.out(),
                            IpAddress.v4(NOWHERE | random.nextInt(256)),
                            aimed.to(),
                            IpProtocol.UDP,
                            random.nextInt(TOP_PORT));
            if (compiled(packets[i]) != scanned(packets[i])) {
                throw new IllegalStateException("the classifier finds another policy than a scan");
            }
        }
    }

    /** Adds a policy and makes a packet that it matches. */
    private Packet policy(Random random) {
        NetworkInterface in = interfaces.get(random.nextInt(interfaces.size()));
        NetworkInterface out = interfaces.get(random.nextInt(interfaces.size()));
        int sourceBits = bits(random);
        int destinationBits = bits(random);
        IpAddress from = IpAddress.v4(SITES | random.nextInt(1 << 20));
        IpAddress to = IpAddress.v4(SERVERS | random.nextInt(1 << 16));
        int protocol = random.nextInt(4) == 0 ? IpProtocol.UDP : IpProtocol.TCP;
        int port = PORTS[random.nextInt(PORTS.length)];
        // What comes from anywhere goes to one server, and the other way round.
        int anywhere = random.nextInt(20);
        AddressSet source = anywhere == 0 ? AddressSet.ALL_V4 : AddressSet.of(IpNetwork.around(from, sourceBits));
        AddressSet destination = anywhere == 1
                ? AddressSet.ALL_V4
                : AddressSet.of(IpNetwork.around(to, anywhere == 0 ? 32 : destinationBits));
        list.add(new Match(
                random.nextInt(4) == 0 ? InterfaceSet.EVERY : InterfaceSet.of(in),
                random.nextInt(4) == 0 ? InterfaceSet.EVERY : InterfaceSet.of(out),
                new AddressMatcher(source),
                new AddressMatcher(destination),
                new ServiceTerm[] {new ServiceTerm(protocol, protocol, 0, TOP_PORT, port, port)}));
        return new Packet(in, out, from, to, protocol, port);
    }

    private static int bits(Random random) {
        return random.nextInt(3) == 0 ? 32 : 22 + random.nextInt(7);
    }

    @Benchmark
    public int classifier() {
        return compiled(packets[next++ & (PACKETS - 1)]);
    }

    @Benchmark
    public int topDown() {
        return scanned(packets[next++ & (PACKETS - 1)]);
    }

    /** Compiling. */
    @Benchmark
    public Classifier build() {
        return new Classifier(list);
    }

    private int compiled(Packet packet) {
        return classifier.first(
                packet.in.index(),
                packet.out.index(),
                packet.from.high(),
                packet.from.low(),
                packet.to.high(),
                packet.to.low(),
                packet.protocol,
                TOP_PORT,
                packet.port);
    }

    private int scanned(Packet packet) {
        for (int i = 0; i < topDown.length; i++) {
            if (topDown[i].matches(
                    packet.in.index(),
                    packet.out.index(),
                    packet.from.high(),
                    packet.from.low(),
                    packet.to.high(),
                    packet.to.low(),
                    packet.protocol,
                    TOP_PORT,
                    packet.port)) {
                return i;
            }
        }
        return -1;
    }
}
