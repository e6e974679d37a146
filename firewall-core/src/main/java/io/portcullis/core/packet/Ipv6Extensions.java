package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import java.lang.foreign.MemorySegment;

/**
 * The extension headers between an IPv6 header and its transport header (RFC 8200 section 4). Hop-by-Hop, Routing,
 * Destination Options and Fragment are walked; anything else is taken for the transport, AH and ESP included.
 */
public final class Ipv6Extensions {
    /** The most headers that a packet may carry: each of RFC 8200 section 4.1 once, and some room. */
    public static final int MAX_HEADERS = 8;
    /** Octets of a Fragment header. */
    public static final int FRAGMENT_HEADER = 8;

    private static final int AT_BITS = 24;
    private static final int AT_MASK = (1 << AT_BITS) - 1;
    private static final long ERROR = -1;
    private static final int PAD_1 = 0;
    /** RFC 2675 section 2. */
    private static final int JUMBO_PAYLOAD = 0xc2;

    private Ipv6Extensions() {}

    /**
     * Walks the headers of a packet whose fixed header is at {@code at} and whose last octet is before {@code end}.
     *
     * @return to be read with {@link #isBad}, {@link #transportAt}, {@link #protocol} and {@link #fragmentAt}
     */
    public static long walk(MemorySegment b, int at, int end) {
        int next = Ipv6.nextHeader(b, at);
        int where = at + Ipv6.HEADER;
        int fragmentAt = 0;
        for (int count = 0; isExtension(next); count++) {
            // Hop-by-Hop may only come first (RFC 8200 section 4.1).
            if (count == MAX_HEADERS || end - where < 8 || (next == IpProtocol.HOP_BY_HOP && count > 0)) {
                return ERROR;
            }
            int length = length(b, where, next);
            if (length > end - where || (next == IpProtocol.ROUTING && isSourceRoute(b, where))) {
                return ERROR;
            }
            if (hasOptions(next) && !areOptionsSound(b, where + 2, where + length)) {
                return ERROR;
            }
            if (next == IpProtocol.FRAGMENT) {
                if (fragmentAt != 0) {
                    return ERROR;
                }
                fragmentAt = where;
                if (fragmentOffset(b, where) != 0) {
                    return pack(where + length, u8(b, where), fragmentAt);
                }
            }
            next = u8(b, where);
            where += length;
        }
        return pack(where, next, fragmentAt);
    }

    /**
     * Whether headers that were walked come in the order of RFC 8200 section 4.1, each once: Hop-by-Hop, Destination
     * Options, Routing, Fragment, and Destination Options again for the destination alone.
     *
     * @param transportAt what {@link #transportAt} said of them
     */
    public static boolean areOrdered(MemorySegment b, int at, int transportAt) {
        int next = Ipv6.nextHeader(b, at);
        int where = at + Ipv6.HEADER;
        int last = 0;
        while (where < transportAt && isExtension(next)) {
            int rank = rank(next, last);
            if (rank <= last) {
                return false;
            }
            last = rank;
            int length = length(b, where, next);
            next = u8(b, where);
            where += length;
        }
        return true;
    }

    private static int rank(int header, int last) {
        return switch (header) {
            case IpProtocol.HOP_BY_HOP -> 1;
            case IpProtocol.ROUTING -> 3;
            case IpProtocol.FRAGMENT -> 4;
            default -> last < 2 ? 2 : 5;
        };
    }

    /**
     * Which kinds of extension headers a parsed packet carries, a bit of {@link #kind} for each; a datagram that came
     * in fragments had Fragment headers. 0 for IPv4.
     */
    public static int kinds(Packet packet) {
        if (packet.ipVersion() != 6) {
            return 0;
        }
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        int kinds = packet.fragmentLength() > 0 ? kind(IpProtocol.FRAGMENT) : 0;
        int next = Ipv6.nextHeader(b, at);
        int where = at + Ipv6.HEADER;
        while (where < packet.transportAt() && isExtension(next)) {
            kinds |= kind(next);
            int length = length(b, where, next);
            next = u8(b, where);
            where += length;
        }
        return kinds;
    }

    /** The bit of an extension header by its protocol number, one of four; 0 for what is taken for the transport. */
    public static int kind(int header) {
        return switch (header) {
            case IpProtocol.HOP_BY_HOP -> 1;
            case IpProtocol.ROUTING -> 1 << 1;
            case IpProtocol.FRAGMENT -> 1 << 2;
            case IpProtocol.DESTINATION_OPTIONS -> 1 << 3;
            default -> 0;
        };
    }

    /** Whether the headers are malformed or not allowed. */
    public static boolean isBad(long walked) {
        return walked == ERROR;
    }

    /** Absolute offset of the transport header; of the data of a later fragment. */
    public static int transportAt(long walked) {
        return (int) walked & AT_MASK;
    }

    /** Protocol number of the transport header. */
    public static int protocol(long walked) {
        return (int) (walked >>> (2 * AT_BITS));
    }

    /** Absolute offset of the Fragment header, 0 when there is none. */
    public static int fragmentAt(long walked) {
        return (int) (walked >>> AT_BITS) & AT_MASK;
    }

    /** Fragment offset in octets of the Fragment header at {@code at}. */
    public static int fragmentOffset(MemorySegment b, int at) {
        return u16(b, at + 2) & 0xfff8;
    }

    /** The M flag of the Fragment header at {@code at}. */
    public static boolean moreFragments(MemorySegment b, int at) {
        return (u16(b, at + 2) & 1) != 0;
    }

    /** Identification of the Fragment header at {@code at}. */
    public static int identification(MemorySegment b, int at) {
        return i32(b, at + 4);
    }

    private static boolean isExtension(int next) {
        return kind(next) != 0;
    }

    private static int length(MemorySegment b, int at, int header) {
        return header == IpProtocol.FRAGMENT ? FRAGMENT_HEADER : (u8(b, at + 1) + 1) << 3;
    }

    private static boolean hasOptions(int next) {
        return next == IpProtocol.HOP_BY_HOP || next == IpProtocol.DESTINATION_OPTIONS;
    }

    /** Options end where their header does (RFC 8200 section 4.2), and no packet here is as long as a jumbogram. */
    private static boolean areOptionsSound(MemorySegment b, int first, int end) {
        int at = first;
        while (at < end) {
            int type = u8(b, at);
            if (type == PAD_1) {
                at++;
            } else if (end - at < 2 || type == JUMBO_PAYLOAD) {
                return false;
            } else {
                at += 2 + u8(b, at + 1);
            }
        }
        return at == end;
    }

    /** Routing type 0 is deprecated: it multiplies traffic (RFC 5095). */
    private static boolean isSourceRoute(MemorySegment b, int at) {
        return u8(b, at + 2) == 0 && u8(b, at + 3) != 0;
    }

    private static long pack(int transportAt, int protocol, int fragmentAt) {
        return (long) protocol << (2 * AT_BITS) | (long) fragmentAt << AT_BITS | transportAt;
    }
}
