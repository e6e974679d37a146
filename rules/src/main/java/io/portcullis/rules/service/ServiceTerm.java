package io.portcullis.rules.service;

/**
 * One thing that a service lets through: a protocol with two ranges, of ports or of ICMP types. Compares by value.
 *
 * @param firstProtocol lowest IP protocol number
 * @param lastProtocol highest
 * @param firstSource lowest source port, 0 for protocols without
 * @param lastSource highest
 * @param firstDestination lowest destination port, or ICMP type times 256 plus code
 * @param lastDestination highest
 */
public record ServiceTerm(
        int firstProtocol,
        int lastProtocol,
        int firstSource,
        int lastSource,
        int firstDestination,
        int lastDestination) {
    /** Highest port, identifier, or type and code. */
    static final int MOST = 0xffff;

    /** Everything. */
    public static final ServiceTerm ALL = protocols(0, 255);

    /** Everything of some protocols. */
    static ServiceTerm protocols(int first, int last) {
        return new ServiceTerm(first, last, 0, MOST, 0, MOST);
    }

    static ServiceTerm ports(int protocol, NumberSet.Range source, NumberSet.Range destination) {
        return new ServiceTerm(
                protocol, protocol, source.first(), source.last(), destination.first(), destination.last());
    }

    boolean matches(int protocol, int sourcePort, int destinationPort) {
        return firstProtocol <= protocol
                && protocol <= lastProtocol
                && firstDestination <= destinationPort
                && destinationPort <= lastDestination
                && firstSource <= sourcePort
                && sourcePort <= lastSource;
    }

    /** Whether it lets through all that the other one does. */
    public boolean covers(ServiceTerm other) {
        return firstProtocol <= other.firstProtocol
                && other.lastProtocol <= lastProtocol
                && firstSource <= other.firstSource
                && other.lastSource <= lastSource
                && firstDestination <= other.firstDestination
                && other.lastDestination <= lastDestination;
    }

    /** Whether there is something that both let through. */
    public boolean overlaps(ServiceTerm other) {
        return firstProtocol <= other.lastProtocol
                && other.firstProtocol <= lastProtocol
                && firstSource <= other.lastSource
                && other.firstSource <= lastSource
                && firstDestination <= other.lastDestination
                && other.firstDestination <= lastDestination;
    }

    /** Whether one of the terms fits; no allocation. */
    public static boolean any(ServiceTerm[] terms, int protocol, int sourcePort, int destinationPort) {
        for (ServiceTerm term : terms) {
            if (term.matches(protocol, sourcePort, destinationPort)) {
                return true;
            }
        }
        return false;
    }

    /** The protocols that one of the terms fits, as a set of 256 bits. */
    public static long[] protocols(ServiceTerm[] terms) {
        long[] bits = new long[4];
        for (ServiceTerm term : terms) {
            for (int protocol = term.firstProtocol; protocol <= term.lastProtocol; protocol++) {
                bits[protocol >>> 6] |= 1L << protocol;
            }
        }
        return bits;
    }
}
