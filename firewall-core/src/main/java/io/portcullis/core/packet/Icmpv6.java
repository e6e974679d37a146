package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.i64;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u32;
import static io.portcullis.core.packet.Octets.u48;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import java.lang.foreign.MemorySegment;

/**
 * ICMPv6 in place (RFC 4443) with neighbour discovery (RFC 4861). Call check first: after NONE no accessor can fail,
 * as long as it belongs to the message's type.
 */
public final class Icmpv6 {
    public static final int HEADER = 8;
    /** Where the checksum stands in the header. */
    public static final int CHECKSUM = 2;

    public static final int UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int NO_ROUTE = 0;

    public static final int ADMINISTRATIVELY_PROHIBITED = 1;
    public static final int ADDRESS_UNREACHABLE = 3;
    public static final int PORT_UNREACHABLE = 4;

    /** Octets of a solicitation or advertisement of a neighbour before its options. */
    public static final int NEIGHBOUR = 24;
    /** Octets of a router advertisement before its options. */
    public static final int ADVERTISEMENT = 16;
    /** Octets of a link-layer address option for Ethernet. */
    public static final int LINK_OPTION = 8;

    public static final int OPTION_SOURCE_LINK = 1;
    public static final int OPTION_TARGET_LINK = 2;
    public static final int OPTION_PREFIX = 3;
    public static final int OPTION_MTU = 5;

    /** Flags of a neighbour advertisement. */
    public static final int ROUTER = 0x8000_0000;

    public static final int SOLICITED = 0x4000_0000;
    public static final int OVERRIDE = 0x2000_0000;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int REST = 4;
    private static final int SEQUENCE = 6;
    private static final int TARGET = 8;
    private static final int LIFETIME = 6;
    private static final int PREFIX_OPTION = 32;

    private Icmpv6() {}

    /** Checks that the fixed part of the message fits, and that discovery's options are well formed. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        int optionsAt = optionsAt(b, at);
        if (optionsAt == 0) {
            return DropReason.NONE;
        }
        if (optionsAt > end) {
            return DropReason.SHORT_HEADER;
        }
        int where = optionsAt;
        while (where < end) {
            // Length 0 must be discarded (RFC 4861 section 4.6): it would never end.
            if (end - where < 2 || u8(b, where + 1) == 0 || optionLength(b, where) > end - where) {
                return DropReason.BAD_NEIGHBOUR_MESSAGE;
            }
            where += optionLength(b, where);
        }
        return DropReason.NONE;
    }

    public static int type(MemorySegment b, int at) {
        return u8(b, at + TYPE);
    }

    public static int code(MemorySegment b, int at) {
        return u8(b, at + CODE);
    }

    public static int checksum(MemorySegment b, int at) {
        return u16(b, at + CHECKSUM);
    }

    /** Identifier of an echo. */
    public static int identifier(MemorySegment b, int at) {
        return u16(b, at + REST);
    }

    /** Sequence number of an echo. */
    public static int sequence(MemorySegment b, int at) {
        return u16(b, at + SEQUENCE);
    }

    /** MTU of "packet too big", 32 bits as they came. */
    public static long mtu(MemorySegment b, int at) {
        return u32(b, at + REST);
    }

    /** {@link #ROUTER}, {@link #SOLICITED} and {@link #OVERRIDE} of a neighbour advertisement. */
    public static int neighbourFlags(MemorySegment b, int at) {
        return i32(b, at + REST) & (ROUTER | SOLICITED | OVERRIDE);
    }

    /** Upper half of the target of a neighbour solicitation or advertisement. */
    public static long targetHigh(MemorySegment b, int at) {
        return i64(b, at + TARGET);
    }

    public static long targetLow(MemorySegment b, int at) {
        return i64(b, at + TARGET + 8);
    }

    /** Hop limit that a router advertisement suggests, 0 for none. */
    public static int suggestedHopLimit(MemorySegment b, int at) {
        return u8(b, at + REST);
    }

    /** Seconds for which the sender of a router advertisement is a default router, 0 for not. */
    public static int routerLifetime(MemorySegment b, int at) {
        return u16(b, at + LIFETIME);
    }

    /** Whether a message of this type quotes the packet that it is about, behind its header. */
    public static boolean isError(int type) {
        return type < 128;
    }

    /** Whether it belongs to neighbour discovery, so must have hop limit 255 (RFC 4861). */
    public static boolean isDiscovery(int type) {
        return type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }

    /** Absolute offset of the first option of a discovery message of a kind, 0 when there is none. */
    public static int optionAt(MemorySegment b, int at, int end, int kind) {
        int where = optionsAt(b, at);
        if (where == 0) {
            return 0;
        }
        while (where < end) {
            if (u8(b, where) == kind) {
                return where;
            }
            where += optionLength(b, where);
        }
        return 0;
    }

    /** Octets of the option at {@code option}. */
    public static int optionLength(MemorySegment b, int option) {
        return u8(b, option + 1) << 3;
    }

    /** The Ethernet address of a link-layer address option of a message, -1 when there is none for Ethernet. */
    public static long linkAddress(MemorySegment b, int at, int end, int kind) {
        int option = optionAt(b, at, end, kind);
        return option != 0 && optionLength(b, option) == LINK_OPTION ? u48(b, option + 2) : -1;
    }

    /** Prefix length 0..128 of the Prefix Information option at {@code option}, -1 when it is malformed. */
    public static int prefixLength(MemorySegment b, int option) {
        return optionLength(b, option) == PREFIX_OPTION && u8(b, option + 2) <= 128 ? u8(b, option + 2) : -1;
    }

    /** Upper half of the prefix of a well-formed Prefix Information option. */
    public static long prefixHigh(MemorySegment b, int option) {
        return i64(b, option + 16);
    }

    public static long prefixLow(MemorySegment b, int option) {
        return i64(b, option + 24);
    }

    /** Writes a header; {@code rest} is its second word; the checksum is 0 until it is computed. */
    public static void write(MemorySegment b, int at, int type, int code, int rest) {
        u8(b, at + TYPE, type);
        u8(b, at + CODE, code);
        u16(b, at + CHECKSUM, 0);
        i32(b, at + REST, rest);
    }

    /**
     * Writes a neighbour solicitation or advertisement of {@link #NEIGHBOUR} octets.
     *
     * @param flags of an advertisement; 0 for a solicitation
     */
    public static void writeNeighbour(MemorySegment b, int at, int type, int flags, long targetHigh, long targetLow) {
        write(b, at, type, 0, flags);
        i64(b, at + TARGET, targetHigh);
        i64(b, at + TARGET + 8, targetLow);
    }

    /** Writes a link-layer address option of {@link #LINK_OPTION} octets. */
    public static void writeLinkOption(MemorySegment b, int option, int kind, long mac) {
        u8(b, option, kind);
        u8(b, option + 1, LINK_OPTION >>> 3);
        u48(b, option + 2, mac);
    }

    /** Sets the type; the checksum does not follow. */
    public static void type(MemorySegment b, int at, int type) {
        u8(b, at + TYPE, type);
    }

    /** Sets the identifier of an echo; the checksum does not follow. */
    public static void identifier(MemorySegment b, int at, int identifier) {
        u16(b, at + REST, identifier);
    }

    public static void checksum(MemorySegment b, int at, int checksum) {
        u16(b, at + CHECKSUM, checksum);
    }

    /** Computes the checksum over the message that ends before {@code end}. */
    public static void computeChecksum(MemorySegment b, int at, int end, long pseudoHeader) {
        checksum(b, at, 0);
        checksum(b, at, Checksum.of(b, at, end, pseudoHeader));
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        int type = type(b, at);
        return "ICMPv6 "
                + switch (type) {
                    case ECHO_REQUEST -> "echo request id " + identifier(b, at) + " seq " + sequence(b, at);
                    case ECHO_REPLY -> "echo reply id " + identifier(b, at) + " seq " + sequence(b, at);
                    case UNREACHABLE -> "unreachable code " + code(b, at);
                    case PACKET_TOO_BIG -> "packet too big mtu " + mtu(b, at);
                    case TIME_EXCEEDED -> "time exceeded";
                    case ROUTER_SOLICITATION -> "router solicitation";
                    case ROUTER_ADVERTISEMENT -> "router advertisement lifetime " + routerLifetime(b, at);
                    case NEIGHBOUR_SOLICITATION -> "who has " + target(b, at);
                    case NEIGHBOUR_ADVERTISEMENT -> "neighbour " + target(b, at);
                    default -> "type " + type + " code " + code(b, at);
                };
    }

    private static IpAddress target(MemorySegment b, int at) {
        return new IpAddress(targetHigh(b, at), targetLow(b, at));
    }

    /** Where discovery's options begin, 0 for messages without. */
    private static int optionsAt(MemorySegment b, int at) {
        return switch (type(b, at)) {
            case ROUTER_SOLICITATION -> at + HEADER;
            case ROUTER_ADVERTISEMENT -> at + ADVERTISEMENT;
            case NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT -> at + NEIGHBOUR;
            case REDIRECT -> at + NEIGHBOUR + 16;
            default -> 0;
        };
    }
}
