package io.portcullis.rules.classifier;

import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.KeyIntervals;
import io.portcullis.rules.service.ServiceTerm;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The fields of a packet that rules look at, each as keys of 128 bits. Destination ports mean something only beside
 * their protocol, so both are one field.
 */
enum Field {
    SOURCE(Match::source, (match, out) -> addresses(match.source(), out)),
    DESTINATION(Match::destination, (match, out) -> addresses(match.destination(), out)),
    SERVICE(Match::services, Field::services),
    SOURCE_PORT(Match::services, Field::sourcePorts),
    INGRESS(Match::in, (match, out) -> interfaces(match.in(), out)),
    EGRESS(Match::out, (match, out) -> interfaces(match.out(), out));

    private static final int PORT_BITS = 16;
    private static final int MOST_PORT = 0xffff;
    private static final int SERVICE_BITS = 24;

    private final Function<Match, Object> key;
    private final BiConsumer<Match, KeyRanges> ranges;

    Field(Function<Match, Object> key, BiConsumer<Match, KeyRanges> ranges) {
        this.key = key;
        this.ranges = ranges;
    }

    /** What is equal for matches that say the same about this field. */
    Object key(Match match) {
        return key.apply(match);
    }

    /** Adds what the match says about this field. */
    void ranges(Match match, KeyRanges out) {
        ranges.accept(match, out);
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

    private static void addresses(AddressMatcher matcher, KeyRanges out) {
        for (IpRange range : matcher.set().ranges()) {
            long firstHigh = range.first().high();
            long firstLow = range.first().low();
            long lastHigh = range.last().high();
            long lastLow = range.last().low();
            boolean isV4 = range.first().isV4();
            out.add(
                    isV4,
                    KeyIntervals.keyHigh(firstHigh, firstLow),
                    KeyIntervals.keyLow(firstHigh, firstLow),
                    isV4 ? KeyIntervals.keyHigh(lastHigh, lastLow) | 0xffff_ffffL : lastHigh,
                    isV4 ? -1L : lastLow);
        }
    }

    private static void services(Match match, KeyRanges out) {
        for (ServiceTerm term : match.services()) {
            boolean allPorts = term.firstDestination() == 0 && term.lastDestination() == MOST_PORT;
            if (allPorts) {
                service(term.firstProtocol(), term.lastProtocol(), term, out);
            } else {
                for (int protocol = term.firstProtocol(); protocol <= term.lastProtocol(); protocol++) {
                    service(protocol, protocol, term, out);
                }
            }
        }
    }

    private static void service(int firstProtocol, int lastProtocol, ServiceTerm term, KeyRanges out) {
        add(
                serviceKey(firstProtocol, term.firstDestination()),
                serviceKey(lastProtocol, term.lastDestination()),
                SERVICE_BITS,
                out);
    }

    private static void sourcePorts(Match match, KeyRanges out) {
        for (ServiceTerm term : match.services()) {
            add(portKey(term.firstSource()), portKey(term.lastSource()), PORT_BITS, out);
        }
    }

    private static void interfaces(InterfaceSet set, KeyRanges out) {
        if (set.isAny()) {
            add(interfaceKey(0), -1L, Integer.SIZE, out);
            return;
        }
        for (int index : set.indexes()) {
            add(interfaceKey(index), interfaceKey(index), Integer.SIZE, out);
        }
    }

    private static void add(long first, long last, int bits, KeyRanges out) {
        out.add(false, first, 0, last | -1L >>> bits, -1L);
    }
}
