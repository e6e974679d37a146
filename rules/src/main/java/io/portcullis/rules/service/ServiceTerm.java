package io.portcullis.rules.service;

import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.pipeline.Policy.Application;
import java.util.Arrays;

/**
 * One thing that a service lets through: a protocol with two ranges, of ports or of ICMP types. Compares by value.
 *
 * @param firstProtocol lowest IP protocol number
 * @param lastProtocol highest
 * @param firstSource lowest source port, 0 for protocols without
 * @param lastSource highest
 * @param firstDestination lowest destination port, or ICMP type times 256 plus code
 * @param lastDestination highest
 * @param extensions kinds of IPv6 extension headers, as {@link Ipv6Extensions#kinds} says, of which a packet must carry
 *     one; 0 for whatever it carries
 * @param application what is spoken there, where that is followed
 */
public record ServiceTerm(
        int firstProtocol,
        int lastProtocol,
        int firstSource,
        int lastSource,
        int firstDestination,
        int lastDestination,
        int extensions,
        Application application) {
    /** Highest port, identifier, or type and code. */
    static final int MOST = 0xffff;

    /** Everything. */
    public static final ServiceTerm ALL = protocols(0, 255);

    /** One that does not ask for extension headers. */
    public ServiceTerm(
            int firstProtocol,
            int lastProtocol,
            int firstSource,
            int lastSource,
            int firstDestination,
            int lastDestination) {
        this(
                firstProtocol,
                lastProtocol,
                firstSource,
                lastSource,
                firstDestination,
                lastDestination,
                0,
                Application.NONE);
    }

    /** Everything of some protocols. */
    static ServiceTerm protocols(int first, int last) {
        return new ServiceTerm(first, last, 0, MOST, 0, MOST);
    }

    /** The same for packets with one of these extension headers, 0 for all. */
    ServiceTerm with(int newExtensions) {
        return new ServiceTerm(
                firstProtocol,
                lastProtocol,
                firstSource,
                lastSource,
                firstDestination,
                lastDestination,
                newExtensions,
                application);
    }

    /** The same where this is spoken. */
    ServiceTerm speaking(Application newApplication) {
        return new ServiceTerm(
                firstProtocol,
                lastProtocol,
                firstSource,
                lastSource,
                firstDestination,
                lastDestination,
                extensions,
                newApplication);
    }

    static ServiceTerm ports(int protocol, NumberSet.Range source, NumberSet.Range destination) {
        return new ServiceTerm(
                protocol, protocol, source.first(), source.last(), destination.first(), destination.last());
    }

    /** But for extension headers, which are asked for behind a look-up ({@link #anyWith}). */
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
                && other.lastDestination <= lastDestination
                && (extensions == 0 || (other.extensions != 0 && (other.extensions & ~extensions) == 0));
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

    /** Those of the terms where this is spoken. */
    public static ServiceTerm[] speaking(ServiceTerm[] terms, Application application) {
        return Arrays.stream(terms)
                .filter(term -> term.application == application)
                .toArray(ServiceTerm[]::new);
    }

    /** Whether one of the terms asks for extension headers. */
    public static boolean asksForExtensions(ServiceTerm[] terms) {
        return Arrays.stream(terms).anyMatch(term -> term.extensions != 0);
    }

    /** Whether one of the terms fits a packet that carries these kinds of extension headers; no allocation. */
    public static boolean anyWith(
            ServiceTerm[] terms, int protocol, int sourcePort, int destinationPort, int extensions) {
        for (ServiceTerm term : terms) {
            if ((term.extensions == 0 || (term.extensions & extensions) != 0)
                    && term.matches(protocol, sourcePort, destinationPort)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the terms fits, whatever extension headers it asks for; no allocation. */
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
