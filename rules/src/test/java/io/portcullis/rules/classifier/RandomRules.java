package io.portcullis.rules.classifier;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.rules.Site;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rules of every kind, and packets that meet their edges. Networks nest and overlap, hosts come from few places,
 * services share ports, some rules match everything and some nothing.
 */
final class RandomRules {
    private static final int[] PROTOCOLS = {IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6, 50, 255
    };

    private final Random random;
    private final List<NetworkInterface> interfaces = new ArrayList<>();
    private final List<InterfaceSet> interfaceGroups = new ArrayList<>();
    private final List<AddressMatcher> networks = new ArrayList<>();

    RandomRules(long seed) {
        random = new Random(seed);
        Site site = new Site();
        for (String name : List.of("core", "lan", "wan", "dmz")) {
            interfaces.add(site.iface(name));
        }
        int groups = 1 + random.nextInt(4);
        for (int i = 0; i < groups; i++) {
            interfaceGroups.add(InterfaceSet.of(
                    interfaces.stream().filter(_ -> random.nextBoolean()).toArray(NetworkInterface[]::new)));
        }
        int different = 1 + random.nextInt(60);
        for (int i = 0; i < different; i++) {
            networks.add(new AddressMatcher(network()));
        }
    }

    List<Match> rules(int count) {
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(new Match(interfaces(), interfaces(), pick(networks), pick(networks), services()));
        }
        return rules;
    }

    /** A packet that some rule may have been made for. */
    Probe probe(List<Match> rules) {
        Match near = pick(rules);
        ServiceTerm term = near.services().isEmpty() ? ServiceTerm.ALL : pick(near.services());
        boolean stray = random.nextInt(8) == 0;
        return new Probe(
                pick(interfaces),
                pick(interfaces),
                address(near.source()),
                address(near.destination()),
                stray ? pick(PROTOCOLS) : edge(term.firstProtocol(), term.lastProtocol(), 255),
                edge(term.firstSource(), term.lastSource(), 0xffff),
                edge(term.firstDestination(), term.lastDestination(), 0xffff));
    }

    private AddressSet network() {
        return switch (random.nextInt(12)) {
            case 0 -> AddressSet.EMPTY;
            case 1 -> AddressSet.ALL_V4;
            case 2 -> AddressSet.ALL_V6;
            case 3 -> AddressSet.of(List.of(IpNetwork.ALL_V4.range(), IpNetwork.ALL_V6.range()));
            case 4, 5 -> AddressSet.of(any());
            case 6 -> group(2 + random.nextInt(30));
            case 7 -> random.nextBoolean() ? allBut(any()) : group(20).minus(group(10));
            case 8 -> range(any(), any());
            default -> AddressSet.of(around(any()));
        };
    }

    private AddressSet group(int members) {
        List<IpRange> ranges = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            IpAddress member = any();
            ranges.add(
                    random.nextBoolean() ? IpRange.of(member) : around(member).range());
        }
        return AddressSet.of(ranges);
    }

    private static AddressSet allBut(IpAddress excluded) {
        IpRange all = (excluded.isV4() ? IpNetwork.ALL_V4 : IpNetwork.ALL_V6).range();
        List<IpRange> ranges = new ArrayList<>();
        if (!excluded.equals(all.first())) {
            ranges.add(new IpRange(all.first(), new IpAddress(excluded.high(), excluded.low() - 1)));
        }
        if (!excluded.equals(all.last())) {
            ranges.add(new IpRange(excluded.next(), all.last()));
        }
        return AddressSet.of(ranges);
    }

    private static AddressSet range(IpAddress one, IpAddress other) {
        if (one.isV4() != other.isV4()) {
            return AddressSet.of(one);
        }
        boolean inOrder = one.compareTo(other) <= 0;
        return AddressSet.of(List.of(new IpRange(inOrder ? one : other, inOrder ? other : one)));
    }

    private IpNetwork around(IpAddress address) {
        int bits = address.bits();
        return IpNetwork.around(address, bits - random.nextInt(random.nextBoolean() ? 9 : bits + 1));
    }

    /** From few places, so that things meet. The IPv6 ones are never 0, which has no neighbour below. */
    private IpAddress any() {
        int host = random.nextInt(64) << (random.nextBoolean() ? 0 : 4);
        return random.nextInt(3) > 0
                ? IpAddress.v4(0x0a00_0000 | random.nextInt(3) << 16 | host)
                : new IpAddress(0x2001_0db8_0000_0000L | random.nextInt(3), 1 + host);
    }

    private InterfaceSet interfaces() {
        return switch (random.nextInt(4)) {
            case 0 -> InterfaceSet.of(pick(interfaces));
            case 1 -> pick(interfaceGroups);
            case 2 -> random.nextInt(8) == 0 ? InterfaceSet.of() : InterfaceSet.EVERY;
            default -> InterfaceSet.EVERY;
        };
    }

    private ServiceTerm[] services() {
        ServiceTerm[] terms = new ServiceTerm[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3)];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = service();
        }
        return terms;
    }

    private ServiceTerm service() {
        int first = random.nextInt(256);
        int protocol = pick(PROTOCOLS);
        int port = random.nextInt(40);
        return switch (random.nextInt(8)) {
            case 0 -> ServiceTerm.ALL;
            case 1 -> new ServiceTerm(first, first + random.nextInt(256 - first), 0, 0xffff, 0, 0xffff);
            case 2 -> new ServiceTerm(protocol, protocol, 0, 0xffff, 0, 0xffff);
            case 3 -> new ServiceTerm(protocol, protocol, 0, 0xffff, port << 8, port << 8 | 0xff);
            case 4 -> new ServiceTerm(protocol, protocol, port, port + 100, 0, 0xffff);
            case 5 -> new ServiceTerm(protocol, protocol, 1024, 0xffff, port, port + random.nextInt(1000));
            default -> new ServiceTerm(protocol, protocol, 0, 0xffff, port, port);
        };
    }

    private IpAddress address(AddressMatcher matcher) {
        List<IpRange> ranges = matcher.set().ranges();
        if (ranges.isEmpty() || random.nextInt(4) == 0) {
            return any();
        }
        IpRange range = pick(ranges);
        return switch (random.nextInt(4)) {
            case 0 -> range.first();
            case 1 -> range.last();
            case 2 -> range.last().next();
            default -> new IpAddress(range.first().high(), range.first().low() - 1);
        };
    }

    /** A number in the range, mostly at an end, sometimes just outside. */
    private int edge(int first, int last, int most) {
        return switch (random.nextInt(6)) {
            case 0 -> Math.max(0, first - 1);
            case 1 -> Math.min(most, last + 1);
            case 2 -> last;
            case 3 -> first + random.nextInt(last - first + 1);
            default -> first;
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private int pick(int[] from) {
        return from[random.nextInt(from.length)];
    }

    /** What a rule set is asked. */
    record Probe(
            NetworkInterface in,
            NetworkInterface out,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int sourcePort,
            int destinationPort) {
        boolean meets(Match rule) {
            return rule.matches(
                    in.index(),
                    out.index(),
                    source.high(),
                    source.low(),
                    destination.high(),
                    destination.low(),
                    protocol,
                    sourcePort,
                    destinationPort);
        }

        int first(Classifier classifier) {
            return classifier.first(
                    in.index(),
                    out.index(),
                    source.high(),
                    source.low(),
                    destination.high(),
                    destination.low(),
                    protocol,
                    sourcePort,
                    destinationPort);
        }
    }
}
