package io.portcullis.test.bench.micro;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Policies like those that ClassBench makes, and packets for them. They go from departments and hosts to servers, some
 * to or from anywhere; the last allows everything. The same seed makes the same ones.
 */
final class PolicyList {
    private static final int SITES = 0x0a00_0000;
    private static final int SERVERS = 0xc0a8_0000;
    private static final int NOWHERE = 0xcb00_7100;
    private static final int[] PORTS = {22, 25, 53, 80, 110, 123, 143, 389, 443, 445, 993, 1433, 3306, 3389, 5432, 8080
    };
    private static final int TOP_PORT = 0xffff;

    private final Random random = new Random(1);
    private final List<NetworkInterface> interfaces = new ArrayList<>();
    private final List<Match> matches = new ArrayList<>();
    private final List<Packet> made = new ArrayList<>();
    private final List<AddressSet> sources = new ArrayList<>();
    private final List<AddressSet> destinations = new ArrayList<>();

    private record Packet(
            NetworkInterface in, NetworkInterface out, IpAddress from, IpAddress to, int protocol, int port) {
        void write(Headers headers) {
            headers.add(in.index(), out.index(), from, to, protocol, TOP_PORT, port);
        }
    }

    PolicyList(int policies) {
        for (int i = 1; i <= 4; i++) {
            interfaces.add(new StubInterface("if" + i, i));
        }
        for (int i = 0; i < policies - 1; i++) {
            made.add(policy());
        }
        matches.add(new Match(
                InterfaceSet.EVERY,
                InterfaceSet.EVERY,
                new AddressMatcher(AddressSet.ALL_V4),
                new AddressMatcher(AddressSet.ALL_V4),
                new ServiceTerm[] {ServiceTerm.ALL}));
    }

    List<Match> matches() {
        return List.copyOf(matches);
    }

    /** Destinations of the policies but for the last. */
    List<AddressSet> destinations() {
        return List.copyOf(destinations);
    }

    /** No locality: half of the packets are made for a policy anywhere in the list, half only the last matches. */
    Headers even(int count) {
        Headers headers = new Headers(count);
        for (int i = 0; i < count; i++) {
            Packet aimed = pick(made);
            if (i % 2 != 0) {
                aimed = new Packet(
                        aimed.in(),
                        aimed.out(),
                        IpAddress.v4(NOWHERE | random.nextInt(256)),
                        aimed.to(),
                        IpProtocol.UDP,
                        random.nextInt(TOP_PORT));
            }
            aimed.write(headers);
        }
        return headers;
    }

    /**
     * Headers as ClassBench's trace generator makes them: a random corner of a random policy, and as many copies of it
     * one behind the other as a Pareto distribution says (Taylor and Turner, "ClassBench: A Packet Classification
     * Benchmark", IEEE/ACM Transactions on Networking 15(3), 2007; trace_tools.cc of its sources). Which policy it is
     * has no locality there: every one is as likely.
     *
     * @param b the scale, with the shape a = 1: for ClassBench 0.0001 is low locality and 1 high
     */
    Headers trace(int count, double b) {
        Headers headers = new Headers(count);
        while (headers.count() < count) {
            int policy = random.nextInt(made.size());
            Packet of = made.get(policy);
            Packet corner = new Packet(
                    of.in(),
                    of.out(),
                    corner(sources.get(policy)),
                    corner(destinations.get(policy)),
                    of.protocol(),
                    of.port());
            double copies = Math.ceil(b / (1 - random.nextDouble()));
            for (int i = 0; i < copies && headers.count() < count; i++) {
                corner.write(headers);
            }
        }
        return headers;
    }

    private IpAddress corner(AddressSet set) {
        IpRange range = set.ranges().getFirst();
        return random.nextBoolean() ? range.first() : range.last();
    }

    /** Adds a policy and makes a packet that it matches. */
    private Packet policy() {
        NetworkInterface in = pick(interfaces);
        NetworkInterface out = pick(interfaces);
        int sourceBits = bits();
        int destinationBits = bits();
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
        sources.add(source);
        destinations.add(destination);
        matches.add(new Match(
                random.nextInt(4) == 0 ? InterfaceSet.EVERY : InterfaceSet.of(in),
                random.nextInt(4) == 0 ? InterfaceSet.EVERY : InterfaceSet.of(out),
                new AddressMatcher(source),
                new AddressMatcher(destination),
                new ServiceTerm[] {new ServiceTerm(protocol, protocol, 0, TOP_PORT, port, port)}));
        return new Packet(in, out, from, to, protocol, port);
    }

    private int bits() {
        return random.nextInt(3) == 0 ? 32 : 22 + random.nextInt(7);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
