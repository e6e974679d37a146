package io.portcullis.core.port.linux;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Devices, addresses and routes of the kernel by rtnetlink(7). One thread at a time. */
final class RouteSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;

    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int NEW_LINK = 16;
    private static final int GET_LINK = 18;
    private static final int SET_LINK = 19;
    private static final int NEW_ADDRESS = 20;
    private static final int DELETE_ADDRESS = 21;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;
    private static final int REQUEST = 0x1;
    private static final int ACKNOWLEDGE = 0x4;
    private static final int DUMP = 0x300;
    private static final int REPLACE = 0x100;
    private static final int EXCLUSIVE = 0x200;
    private static final int CREATE = 0x400;

    private static final int MESSAGE_HEADER = 16;
    private static final int LINK_HEADER = 16;
    private static final int ADDRESS_HEADER = 8;
    private static final int LINK_NAME = 3;
    private static final int LINK_MASTER = 10;
    private static final int LINK_KIND_AND_DATA = 18;
    private static final int LINK_KIND = 1;
    private static final int LINK_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int LINK_ALIAS = 20;
    private static final int LINK_STATISTICS = 23;
    /** Where in struct rtnl_link_stats64 tx_dropped stands. */
    private static final int TRANSMIT_DROPS = 56;

    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    /** No duplicate address detection: nobody else is on a TUN device. */
    private static final int FLAG_NODAD = 0x02;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_DEVICE = 4;
    private static final int ROUTE_PRIORITY = 6;
    private static final int ROUTE_SOURCE = 7;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_GLOBAL = 0;
    private static final int SCOPE_LINK = 253;
    private static final int TYPE_UNICAST = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment memory = arena.allocate(65_536, 8);
    private final ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final int fd;

    RouteSocket() throws DeviceException {
        fd = Libc.socket(state, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException("rtnetlink: socket", errno);
        }
    }

    /** The addresses that the kernel has on a device. */
    List<IpAddress> addresses(int device) throws DeviceException {
        List<IpAddress> found = new ArrayList<>();
        begin(GET_ADDRESS, DUMP);
        buffer.putLong(0);
        exchange("list addresses", (type, at, end) -> {
            if (type == NEW_ADDRESS && buffer.getInt(at + 4) == device) {
                // A point-to-point address names the peer in ADDRESS and itself in LOCAL.
                byte[] own = attribute(at + ADDRESS_HEADER, end, ADDRESS_LOCAL);
                byte[] octets = own != null ? own : attribute(at + ADDRESS_HEADER, end, ADDRESS_ADDRESS);
                if (octets != null) {
                    found.add(IpAddress.of(octets));
                }
            }
        });
        return found;
    }

    /** Index of the bridge or bond that a device belongs to, 0 when it is its own. */
    int master(int device) throws DeviceException {
        int[] found = {0};
        begin(GET_LINK, 0);
        buffer.putInt(0).putInt(device).putLong(0);
        exchange("look at device " + device, (type, at, end) -> {
            byte[] octets = type == NEW_LINK ? attribute(at + LINK_HEADER, end, LINK_MASTER) : null;
            if (octets != null && octets.length == 4) {
                found[0] =
                        ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder()).getInt();
            }
        });
        return found[0];
    }

    /** Packets that the kernel had for a device and dropped, since the device was made. */
    long transmitDrops(int device) throws DeviceException {
        long[] found = {0};
        begin(GET_LINK, 0);
        buffer.putInt(0).putInt(device).putLong(0);
        exchange("look at device " + device, (type, at, end) -> {
            byte[] octets = type == NEW_LINK ? attribute(at + LINK_HEADER, end, LINK_STATISTICS) : null;
            if (octets != null && octets.length >= TRANSMIT_DROPS + Long.BYTES) {
                found[0] =
                        ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder()).getLong(TRANSMIT_DROPS);
            }
        });
        return found[0];
    }

    /** What somebody has written on a device (ip link set … alias …), an octet a character; "" when nobody has. */
    String alias(int device) throws DeviceException {
        String[] found = {""};
        begin(GET_LINK, 0);
        buffer.putInt(0).putInt(device).putLong(0);
        exchange("look at device " + device, (type, at, end) -> {
            byte[] octets = type == NEW_LINK ? attribute(at + LINK_HEADER, end, LINK_ALIAS) : null;
            if (octets != null) {
                found[0] = new String(octets, StandardCharsets.ISO_8859_1).replace("\0", "");
            }
        });
        return found[0];
    }

    /** Writes that; "" takes it away. */
    void alias(int device, String alias) throws DeviceException {
        begin(SET_LINK, ACKNOWLEDGE);
        buffer.putInt(0).putInt(device).putLong(0);
        // An attribute without an octet would be refused, and so would the longest alias with a closing zero.
        put(LINK_ALIAS, (alias.isEmpty() ? "\0" : alias).getBytes(StandardCharsets.ISO_8859_1));
        exchange("write the alias of device " + device, (_, _, _) -> {});
    }

    /** Makes a pair of virtual Ethernet devices (veth(4)), both down. */
    void makePair(String left, String right) throws DeviceException {
        begin(NEW_LINK, ACKNOWLEDGE | CREATE | EXCLUSIVE);
        buffer.putLong(0).putLong(0);
        put(LINK_NAME, name(left));
        int link = open(LINK_KIND_AND_DATA);
        put(LINK_KIND, name("veth"));
        int data = open(LINK_DATA);
        int peer = open(VETH_PEER);
        buffer.putLong(0).putLong(0);
        put(LINK_NAME, name(right));
        end(peer);
        end(data);
        end(link);
        exchange("make the devices " + left + " and " + right, (_, _, _) -> {});
    }

    private static byte[] name(String name) {
        return (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    void addAddress(int device, IpAddress address, int prefixLength) throws DeviceException {
        begin(NEW_ADDRESS, ACKNOWLEDGE | CREATE | REPLACE);
        describe(device, address, prefixLength);
        exchange("add address " + address + "/" + prefixLength, (_, _, _) -> {});
    }

    void removeAddress(int device, IpAddress address, int prefixLength) throws DeviceException {
        begin(DELETE_ADDRESS, ACKNOWLEDGE);
        describe(device, address, prefixLength);
        exchange("remove address " + address + "/" + prefixLength, (_, _, _) -> {});
    }

    private void describe(int device, IpAddress address, int prefixLength) {
        buffer.put((byte) family(address.isV4()));
        buffer.put((byte) prefixLength);
        buffer.put((byte) (address.isV4() ? 0 : FLAG_NODAD));
        buffer.put((byte) SCOPE_GLOBAL);
        buffer.putInt(device);
        put(ADDRESS_LOCAL, address.octets());
        put(ADDRESS_ADDRESS, address.octets());
    }

    /**
     * @param source the address that packets without one get, null for the kernel's choice
     * @param metric the least wins; 0 for the kernel's default
     */
    void addRoute(int device, IpNetwork destination, @Nullable IpAddress source, int metric) throws DeviceException {
        begin(NEW_ROUTE, ACKNOWLEDGE | CREATE | REPLACE);
        buffer.put((byte) family(destination.isV4()));
        buffer.put((byte) destination.prefixLength());
        buffer.putShort((short) 0);
        buffer.put((byte) TABLE_MAIN).put((byte) PROTOCOL_STATIC);
        buffer.put((byte) (destination.isV4() ? SCOPE_LINK : SCOPE_GLOBAL)).put((byte) TYPE_UNICAST);
        buffer.putInt(0);
        put(ROUTE_DESTINATION, destination.address().octets());
        put(
                ROUTE_DEVICE,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(device)
                        .array());
        put(
                ROUTE_PRIORITY,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(metric)
                        .array());
        if (source != null) {
            put(ROUTE_SOURCE, source.octets());
        }
        exchange("add route " + destination, (_, _, _) -> {});
    }

    @Override
    public void close() {
        Libc.close(state, fd);
        arena.close();
    }

    /** Looks at one message of the answer, whose body begins at {@code at}. */
    private interface Reader {
        void read(int type, int at, int end);
    }

    private static int family(boolean v4) {
        return v4 ? AF_INET : AF_INET6;
    }

    private void begin(int type, int flags) {
        buffer.clear();
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (REQUEST | flags))
                .putLong(0);
    }

    private void put(int attribute, byte[] value) {
        buffer.putShort((short) (4 + value.length)).putShort((short) attribute).put(value);
        buffer.position((buffer.position() + 3) & ~3);
    }

    /** Begins an attribute that holds others. @return what to {@link #end} it with */
    private int open(int attribute) {
        int at = buffer.position();
        buffer.putShort((short) 0).putShort((short) attribute);
        return at;
    }

    private void end(int opened) {
        buffer.putShort(opened, (short) (buffer.position() - opened));
    }

    private byte @Nullable [] attribute(int from, int end, int wanted) {
        for (int at = from; at + 4 <= end; ) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < 4 || length > end - at) {
                return null;
            }
            if (buffer.getShort(at + 2) == wanted) {
                byte[] value = new byte[length - 4];
                buffer.get(at + 4, value);
                return value;
            }
            at += (length + 3) & ~3;
        }
        return null;
    }

    /** Sends the request and reads until the acknowledgement, the end of the dump, or the only answer. */
    private void exchange(String what, Reader reader) throws DeviceException {
        int length = buffer.position();
        int flags = buffer.getShort(6);
        buffer.putInt(0, length);
        if (Libc.write(state, fd, memory, length) < 0) {
            throw new DeviceException("rtnetlink: " + what, Libc.errno(state));
        }
        boolean many = (flags & DUMP) == DUMP && (flags & CREATE) == 0;
        boolean over = false;
        while (!over) {
            int octets = (int) Libc.read(state, fd, memory, memory.byteSize());
            if (octets < 0) {
                throw new DeviceException("rtnetlink: " + what, Libc.errno(state));
            }
            for (int at = 0; at + MESSAGE_HEADER <= octets && !over; ) {
                int size = buffer.getInt(at);
                int type = buffer.getShort(at + 4);
                if (size < MESSAGE_HEADER || size > octets - at) {
                    throw new DeviceException("rtnetlink: " + what + ": malformed answer");
                }
                if (type == ERROR && buffer.getInt(at + MESSAGE_HEADER) != 0) {
                    throw new DeviceException("rtnetlink: " + what, -buffer.getInt(at + MESSAGE_HEADER));
                }
                over = type == ERROR || type == DONE || (!many && (flags & ACKNOWLEDGE) == 0);
                reader.read(type, at + MESSAGE_HEADER, at + size);
                at += (size + 3) & ~3;
            }
        }
    }
}
