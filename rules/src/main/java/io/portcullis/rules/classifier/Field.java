package io.portcullis.rules.classifier;

import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.KeyIntervals;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The fields of a packet that rules look at, each as keys of 128 bits. Destination ports mean something only beside
 * their protocol, so both are one field.
 */
enum Field {
    SOURCE(Match::source, match -> addresses(match.source())),
    DESTINATION(Match::destination, match -> addresses(match.destination())),
    SERVICE(Match::services, Field::services),
    SOURCE_PORT(Match::services, Field::sourcePorts),
    INGRESS(match -> match.in().key(), match -> interfaces(match.in())),
    EGRESS(match -> match.out().key(), match -> interfaces(match.out()));

    private static final int PORT_BITS = 16;
    private static final int MOST_PORT = 0xffff;
    private static final int SERVICE_BITS = 24;

    private final Function<Match, Object> key;
    private final Function<Match, List<KeyRange>> ranges;

    Field(Function<Match, Object> key, Function<Match, List<KeyRange>> ranges) {
        this.key = key;
        this.ranges = ranges;
    }

    /** What is equal for matches that say the same about this field. */
    Object key(Match match) {
        return key.apply(match);
    }

    /** What the match says about this field. */
    List<KeyRange> ranges(Match match) {
        return ranges.apply(match);
    }

    static long serviceKey(int protocol, int destinationPort) {
        return ((long) protocol << PORT_BITS | destinationPort) << (Long.SIZE - SERVICE_BITS);
    }

    static long portKey(int port) {
        return (long) port << (Long.SIZE - PORT_BITS);
    }

    static long interfaceKey(int index) {
        return (long) index << Integer.SIZE;
    }

    private static List<KeyRange> addresses(AddressMatcher matcher) {
        List<KeyRange> out = new ArrayList<>();
        for (IpRange range : matcher.set().ranges()) {
            long firstHigh = range.first().high();
            long firstLow = range.first().low();
            long lastHigh = range.last().high();
            long lastLow = range.last().low();
            out.add(new KeyRange(
                    range.first().isV4(),
                    KeyIntervals.keyHigh(firstHigh, firstLow),
                    KeyIntervals.keyLow(firstHigh, firstLow),
                    range.first().isV4() ? KeyIntervals.keyHigh(lastHigh, lastLow) | 0xffff_ffffL : lastHigh,
                    range.first().isV4() ? -1L : lastLow));
        }
        return out;
    }

    private static List<KeyRange> services(Match match) {
        List<KeyRange> out = new ArrayList<>();
        for (ServiceTerm term : match.services()) {
            boolean allPorts = term.firstDestination() == 0 && term.lastDestination() == MOST_PORT;
            if (allPorts) {
                out.add(service(term.firstProtocol(), term.lastProtocol(), term));
            } else {
                for (int protocol = term.firstProtocol(); protocol <= term.lastProtocol(); protocol++) {
                    out.add(service(protocol, protocol, term));
                }
            }
        }
        return out;
    }

    private static KeyRange service(int firstProtocol, int lastProtocol, ServiceTerm term) {
        return range(
                serviceKey(firstProtocol, term.firstDestination()),
                serviceKey(lastProtocol, term.lastDestination()),
                SERVICE_BITS);
    }

    private static List<KeyRange> sourcePorts(Match match) {
        return match.services().stream()
                .map(term -> range(portKey(term.firstSource()), portKey(term.lastSource()), PORT_BITS))
                .toList();
    }

    private static List<KeyRange> interfaces(InterfaceSet set) {
        if (set.isAny()) {
            return List.of(range(interfaceKey(0), -1L, Integer.SIZE));
        }
        List<KeyRange> out = new ArrayList<>();
        for (int index : set.indexes()) {
            out.add(range(interfaceKey(index), interfaceKey(index), Integer.SIZE));
        }
        return out;
    }

    private static KeyRange range(long first, long last, int bits) {
        return new KeyRange(false, first, 0, last | -1L >>> bits, -1L);
    }

    /**
     * A run of keys, both ends included.
     *
     * @param v4 whether they are keys of IPv4 addresses, which are apart from all others
     */
    record KeyRange(boolean v4, long firstHigh, long firstLow, long lastHigh, long lastLow) {}
}
