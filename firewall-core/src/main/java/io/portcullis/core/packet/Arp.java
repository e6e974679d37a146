package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u48;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.lang.foreign.MemorySegment;

/** ARP for IPv4 over Ethernet in place (RFC 826). Call check first: after NONE no accessor can fail. */
public final class Arp {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE = 0;
    private static final int PROTOCOL = 2;
    private static final int HARDWARE_SIZE = 4;
    private static final int PROTOCOL_SIZE = 5;
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;
    private static final int ETHERNET = 1;

    private Arp() {}

    /** Refuses messages cut short, and those of other hardware or protocols. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < LENGTH) {
            return DropReason.SHORT_HEADER;
        }
        boolean ours = u16(b, at + HARDWARE) == ETHERNET
                && u16(b, at + PROTOCOL) == EtherType.IPV4
                && u8(b, at + HARDWARE_SIZE) == 6
                && u8(b, at + PROTOCOL_SIZE) == 4;
        return ours ? DropReason.NONE : DropReason.BAD_NEIGHBOUR_MESSAGE;
    }

    public static int operation(MemorySegment b, int at) {
        return u16(b, at + OPERATION);
    }

    public static long senderMac(MemorySegment b, int at) {
        return u48(b, at + SENDER_MAC);
    }

    public static int senderIp(MemorySegment b, int at) {
        return i32(b, at + SENDER_IP);
    }

    public static long targetMac(MemorySegment b, int at) {
        return u48(b, at + TARGET_MAC);
    }

    public static int targetIp(MemorySegment b, int at) {
        return i32(b, at + TARGET_IP);
    }

    /** Writes a whole message of {@link #LENGTH} octets. */
    public static void write(
            MemorySegment b, int at, int operation, long senderMac, int senderIp, long targetMac, int targetIp) {
        u16(b, at + HARDWARE, ETHERNET);
        u16(b, at + PROTOCOL, EtherType.IPV4);
        u8(b, at + HARDWARE_SIZE, 6);
        u8(b, at + PROTOCOL_SIZE, 4);
        u16(b, at + OPERATION, operation);
        u48(b, at + SENDER_MAC, senderMac);
        i32(b, at + SENDER_IP, senderIp);
        u48(b, at + TARGET_MAC, targetMac);
        i32(b, at + TARGET_IP, targetIp);
    }

    /** The message in words. */
    public static String describe(MemorySegment b, int at) {
        String sender = IpAddress.v4(senderIp(b, at)) + " " + new MacAddress(senderMac(b, at));
        return switch (operation(b, at)) {
            case REQUEST -> "ARP who has " + IpAddress.v4(targetIp(b, at)) + ", tell " + sender;
            case REPLY -> "ARP " + sender + ", told to " + IpAddress.v4(targetIp(b, at));
            default -> "ARP operation " + operation(b, at) + " from " + sender;
        };
    }
}
