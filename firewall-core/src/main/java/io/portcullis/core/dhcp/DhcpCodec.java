package io.portcullis.core.dhcp;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u48;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** DHCP messages: the fixed part of RFC 2131 section 2, and the options behind it. */
final class DhcpCodec {
    /** Octets before the options, the magic cookie among them. */
    static final int FIXED = 240;
    /** A BOOTP message was never shorter, and some relays drop those that are. */
    static final int SHORTEST = 300;
    /** What we take: an Ethernet frame's worth of UDP. */
    static final int LONGEST = 1472;

    private static final int OPERATION = 0;
    private static final int HARDWARE = 1;
    private static final int HARDWARE_LENGTH = 2;
    private static final int TRANSACTION = 4;
    private static final int SECONDS = 8;
    private static final int FLAGS = 10;
    private static final int CLIENT_ADDRESS = 12;
    private static final int YOUR_ADDRESS = 16;
    private static final int STATION = 28;
    private static final int SERVER_NAME = 44;
    private static final int FILE = 108;
    private static final int COOKIE = 236;

    private static final int BOOT_REQUEST = 1;
    private static final int BOOT_REPLY = 2;
    private static final int ETHERNET = 1;
    private static final int MAC_LENGTH = 6;
    private static final int MAGIC = 0x6382_5363;
    private static final int BROADCAST = 0x8000;
    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_NAME = 2;

    /** In this order: a server that has no room for all leaves out the last ones; 121 comes before 3 (RFC 3442). */
    private static final List<DhcpOption> ASKED_FOR = List.of(
            DhcpOption.SUBNET_MASK,
            DhcpOption.CLASSLESS_ROUTES,
            DhcpOption.ROUTER,
            DhcpOption.DOMAIN_NAME_SERVER,
            DhcpOption.LEASE_TIME,
            DhcpOption.SERVER_IDENTIFIER,
            DhcpOption.RENEWAL_TIME,
            DhcpOption.REBINDING_TIME,
            DhcpOption.BROADCAST_ADDRESS,
            DhcpOption.DOMAIN_NAME,
            DhcpOption.NTP_SERVERS);

    private DhcpCodec() {}

    /**
     * Whether what lies there may be a reply to this transaction of this station: cheap, for what only looks whom a
     * datagram is for.
     */
    static boolean isReply(MemorySegment b, int at, int length, int transaction, MacAddress station) {
        return length >= FIXED
                && u8(b, at + OPERATION) == BOOT_REPLY
                && u8(b, at + HARDWARE) == ETHERNET
                && u8(b, at + HARDWARE_LENGTH) == MAC_LENGTH
                && i32(b, at + TRANSACTION) == transaction
                && u48(b, at + STATION) == station.bits()
                && i32(b, at + COOKIE) == MAGIC;
    }

    /** The address that a reply is about. */
    static int yours(MemorySegment b, int at) {
        return i32(b, at + YOUR_ADDRESS);
    }

    /** Reads a reply that {@link #isReply} took for one. */
    static DhcpReply read(byte[] octets) throws MalformedDhcp {
        if (octets.length < FIXED) {
            throw new MalformedDhcp(octets.length, "ends before the options; " + FIXED + " octets at least");
        }
        MemorySegment b = MemorySegment.ofArray(octets);
        DhcpOptions options = new DhcpOptions();
        options.read(b, FIXED, octets.length);
        int overload =
                options.number(DhcpOption.OVERLOAD, 1).map(Long::intValue).orElse(0);
        // In this order, and what they say of overloading themselves does not count (RFC 2131 section 4.1).
        if ((overload & OVERLOAD_FILE) != 0) {
            options.read(b, FILE, COOKIE);
        }
        if ((overload & OVERLOAD_NAME) != 0) {
            options.read(b, SERVER_NAME, FILE);
        }
        long code = options.number(DhcpOption.MESSAGE_TYPE, 1)
                .orElseThrow(() -> new MalformedDhcp(FIXED, "there is no message type"));
        DhcpMessageType type = DhcpMessageType.of((int) code)
                .filter(one -> one == DhcpMessageType.OFFER || one == DhcpMessageType.ACK || one == DhcpMessageType.NAK)
                .orElseThrow(() -> new MalformedDhcp(FIXED, "message type " + code + " is not a server's"));
        return new DhcpReply(
                type,
                i32(b, TRANSACTION),
                IpAddress.v4(i32(b, YOUR_ADDRESS)),
                options.address(DhcpOption.SERVER_IDENTIFIER),
                options.address(DhcpOption.SUBNET_MASK),
                options.addresses(DhcpOption.ROUTER),
                options.addresses(DhcpOption.DOMAIN_NAME_SERVER),
                options.text(DhcpOption.DOMAIN_NAME),
                options.address(DhcpOption.BROADCAST_ADDRESS),
                options.addresses(DhcpOption.NTP_SERVERS),
                options.number(DhcpOption.LEASE_TIME, 4),
                options.number(DhcpOption.RENEWAL_TIME, 4),
                options.number(DhcpOption.REBINDING_TIME, 4),
                options.routes(),
                options.text(DhcpOption.MESSAGE).orElse(""));
    }

    /** The octets of a request from this station. */
    static byte[] write(DhcpRequest request, MacAddress station) {
        ByteArrayOutputStream options = new ByteArrayOutputStream();
        put(options, DhcpOption.MESSAGE_TYPE, (byte) request.type().code());
        put(options, DhcpOption.CLIENT_IDENTIFIER, identifier(station));
        request.requested().ifPresent(address -> put(options, DhcpOption.REQUESTED_ADDRESS, address.octets()));
        request.server().ifPresent(address -> put(options, DhcpOption.SERVER_IDENTIFIER, address.octets()));
        request.leaseSeconds().ifPresent(seconds -> put(options, DhcpOption.LEASE_TIME, octets(seconds, 4)));
        if (!request.hostName().isEmpty()) {
            put(options, DhcpOption.HOST_NAME, request.hostName().getBytes(StandardCharsets.US_ASCII));
        }
        if (request.type() == DhcpMessageType.DISCOVER || request.type() == DhcpMessageType.REQUEST) {
            put(options, DhcpOption.MAXIMUM_MESSAGE_SIZE, octets(LONGEST, 2));
            byte[] asked = new byte[ASKED_FOR.size()];
            for (int i = 0; i < asked.length; i++) {
                asked[i] = (byte) ASKED_FOR.get(i).code();
            }
            put(options, DhcpOption.PARAMETER_REQUEST_LIST, asked);
        }
        options.write(DhcpOption.END);
        byte[] behind = options.toByteArray();
        byte[] octets = new byte[Math.max(SHORTEST, FIXED + behind.length)];
        MemorySegment b = MemorySegment.ofArray(octets);
        u8(b, OPERATION, BOOT_REQUEST);
        u8(b, HARDWARE, ETHERNET);
        u8(b, HARDWARE_LENGTH, MAC_LENGTH);
        i32(b, TRANSACTION, request.transaction());
        u16(b, SECONDS, request.seconds());
        u16(b, FLAGS, request.broadcast() ? BROADCAST : 0);
        i32(b, CLIENT_ADDRESS, request.client().v4Bits());
        u48(b, STATION, station.bits());
        i32(b, COOKIE, MAGIC);
        System.arraycopy(behind, 0, octets, FIXED, behind.length);
        return octets;
    }

    /** Hardware type and address (RFC 2132 section 9.14). */
    private static byte[] identifier(MacAddress station) {
        byte[] identifier = new byte[1 + MAC_LENGTH];
        MemorySegment b = MemorySegment.ofArray(identifier);
        u8(b, 0, ETHERNET);
        u48(b, 1, station.bits());
        return identifier;
    }

    private static byte[] octets(long number, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (number >>> (8 * (length - 1 - i)));
        }
        return octets;
    }

    private static void put(ByteArrayOutputStream out, DhcpOption option, byte... value) {
        out.write(option.code());
        out.write(value.length);
        out.writeBytes(value);
    }
}
