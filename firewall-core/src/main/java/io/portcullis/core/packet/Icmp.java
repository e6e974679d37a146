package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import java.lang.foreign.MemorySegment;

/** ICMP for IPv4 in place (RFC 792). Call check first: after NONE no accessor can fail. */
public final class Icmp {
    public static final int HEADER = 8;
    /** Where the checksum stands in the header. */
    public static final int CHECKSUM = 2;

    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;
    public static final int TIMESTAMP = 13;
    public static final int TIMESTAMP_REPLY = 14;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int NET_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;
    private static final int MTU = 6;

    private Icmp() {}

    /** Every message that the firewall knows has at least {@link #HEADER} octets. */
    public static DropReason check(MemorySegment b, int at, int end) {
        return end - at < HEADER ? DropReason.SHORT_HEADER : DropReason.NONE;
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

    /** Identifier of a query or reply. */
    public static int identifier(MemorySegment b, int at) {
        return u16(b, at + IDENTIFIER);
    }

    /** Sequence number of a query or reply. */
    public static int sequence(MemorySegment b, int at) {
        return u16(b, at + SEQUENCE);
    }

    /** Next-hop MTU of "fragmentation needed" (RFC 1191 section 4); 0 from old routers. */
    public static int mtu(MemorySegment b, int at) {
        return u16(b, at + MTU);
    }

    /** Whether a message of this type quotes the packet that it is about, behind its header. */
    public static boolean isError(int type) {
        return switch (type) {
            case UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** Whether messages of this type carry an identifier: echo, timestamp, information and address mask. */
    public static boolean isQuery(int type) {
        return type == ECHO_REPLY || type == ECHO_REQUEST || (type >= TIMESTAMP && type <= 18);
    }

    /** Writes a header; {@code rest} is its second word; the checksum is 0 until it is computed. */
    public static void write(MemorySegment b, int at, int type, int code, int rest) {
        u8(b, at + TYPE, type);
        u8(b, at + CODE, code);
        u16(b, at + CHECKSUM, 0);
        i32(b, at + IDENTIFIER, rest);
    }

    /** Sets the type; the checksum does not follow. */
    public static void type(MemorySegment b, int at, int type) {
        u8(b, at + TYPE, type);
    }

    /** Sets the identifier; the checksum does not follow. */
    public static void identifier(MemorySegment b, int at, int identifier) {
        u16(b, at + IDENTIFIER, identifier);
    }

    public static void checksum(MemorySegment b, int at, int checksum) {
        u16(b, at + CHECKSUM, checksum);
    }

    /** Computes the checksum over the message that ends before {@code end}. */
    public static void computeChecksum(MemorySegment b, int at, int end) {
        checksum(b, at, 0);
        checksum(b, at, Checksum.of(b, at, end));
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        int type = type(b, at);
        String message = switch (type) {
            case ECHO_REPLY -> "echo reply";
            case ECHO_REQUEST -> "echo request";
            case UNREACHABLE -> "unreachable code " + code(b, at);
            case TIME_EXCEEDED -> "time exceeded";
            default -> "type " + type + " code " + code(b, at);
        };
        return "ICMP " + message
                + (isQuery(type) ? " id " + identifier(b, at) + " seq " + sequence(b, at) : "")
                + (type == UNREACHABLE && code(b, at) == FRAGMENTATION_NEEDED ? " mtu " + mtu(b, at) : "");
    }
}
