package io.portcullis.core.port.linux;

import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.port.PortCapabilities;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An AF_PACKET socket on one device (packet(7)): how it is set up, and how a burst is sent by it. PACKET_VNET_HDR tells
 * of partial checksums and super-packets in both directions. PACKET_QDISC_BYPASS is not used: past the queueing layer
 * the kernel drops a super-packet that the device can not cut by itself.
 */
final class PacketSocket implements AutoCloseable {
    static final int SOL_PACKET = 263;
    /** Flag of a received frame whose VLAN tag stands beside it. */
    static final int STATUS_VLAN_VALID = 1 << 4;
    /** The tag's type stands there as well. */
    static final int STATUS_TPID_VALID = 1 << 6;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int ALL_PROTOCOLS = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SNDBUFFORCE = 32;
    private static final int RCVBUFFORCE = 33;
    private static final int ADD_MEMBERSHIP = 1;
    private static final int GET_STATISTICS = 6;
    /** Octets of struct tpacket_stats_v3; earlier versions fill less of it. */
    private static final int STATISTICS = 12;

    private static final int VNET_HDR = 15;
    private static final int FANOUT = 18;
    private static final int IGNORE_OUTGOING = 23;
    private static final int ALL_MULTICAST = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKET_BUFFER = 32 << 20;

    private final String device;
    private final int fd;
    private final boolean cutsUdp;
    private final Arena arena;
    private final MemorySegment state;
    private final MessageArray out;
    /** Where in the burst each message's packet stands. */
    private final int[] places = new int[PacketBurst.CAPACITY];

    private final MemorySegment statistics;
    private final MemorySegment statisticsState;
    private long full;

    private PacketSocket(String device, int fd, Arena arena, MemorySegment state) {
        this.device = device;
        this.fd = fd;
        this.arena = arena;
        this.state = state;
        this.cutsUdp = cutsUdp();
        this.statistics = arena.allocate(STATISTICS + 4, 8);
        this.statisticsState = Libc.state(arena);
        this.out = new MessageArray(arena, PacketBurst.CAPACITY, 0);
    }

    /** @throws DeviceException when the rights are missing */
    static PacketSocket open(String device) throws DeviceException {
        Arena arena = Arena.ofShared();
        MemorySegment state = Libc.state(arena);
        int fd = Libc.socket(state, AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException(device + ": socket(AF_PACKET)", errno);
        }
        return new PacketSocket(device, fd, arena, state);
    }

    int fd() {
        return fd;
    }

    Arena arena() {
        return arena;
    }

    /** Where errno of calls on this socket is left. */
    MemorySegment state() {
        return state;
    }

    /** What can be sent by it, once it is set up {@link #withOffloads}. */
    PortCapabilities capabilities(String reason) {
        return new PortCapabilities(
                true, true, true, cutsUdp, cutsUdp ? reason : reason + "; UDP segmentation needs Linux 6.2");
    }

    /** Only since 6.2 does the header of a frame know UDP super-packets. */
    private static boolean cutsUdp() {
        try {
            String[] release =
                    Files.readString(Path.of("/proc/sys/kernel/osrelease")).split("[^0-9]+", 3);
            int major = Integer.parseInt(release[0]);
            return major > 6 || (major == 6 && Integer.parseInt(release[1]) >= 2);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    /** A header before each frame tells of its offloads, and buffers are as large as a burst of super-packets wants. */
    void withOffloads() throws DeviceException {
        option("PACKET_VNET_HDR", VNET_HDR, 1);
        if (Libc.setInt(state, fd, SOL_SOCKET, RCVBUFFORCE, SOCKET_BUFFER) < 0
                || Libc.setInt(state, fd, SOL_SOCKET, SNDBUFFORCE, SOCKET_BUFFER) < 0) {
            throw failed("socket buffers");
        }
    }

    /** An option of packet(7) that is an int. */
    void option(String what, int name, int value) throws DeviceException {
        if (Libc.setInt(state, fd, SOL_PACKET, name, value) < 0) {
            throw failed(what);
        }
    }

    /** An option of packet(7) that is a structure. */
    void option(String what, int name, MemorySegment value) throws DeviceException {
        if (Libc.setsockopt(state, fd, SOL_PACKET, name, value) < 0) {
            throw failed(what);
        }
    }

    /** Frames come in from now on. Last of the set-up: until then none of any device could. */
    void bind(int index, Fanout fanout) throws DeviceException {
        option("PACKET_IGNORE_OUTGOING", IGNORE_OUTGOING, 1);
        try (Arena temporary = Arena.ofConfined()) {
            // Neighbour discovery comes to group addresses of which the device knows nothing (RFC 4861).
            MemorySegment membership = temporary.allocate(16, 8);
            membership.set(ValueLayout.JAVA_INT, 0, index);
            membership.set(ValueLayout.JAVA_SHORT, 4, (short) ALL_MULTICAST);
            option("PACKET_ADD_MEMBERSHIP", ADD_MEMBERSHIP, membership);
        }
        bind(index, ALL_PROTOCOLS);
        if (fanout.members() > 1) {
            option("PACKET_FANOUT", FANOUT, fanout.option());
        }
    }

    /** Only sends by this device. */
    void bindForSending(int index) throws DeviceException {
        bind(index, 0);
    }

    private void bind(int index, int protocol) throws DeviceException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment address = temporary.allocate(20, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, Libc.network16(protocol));
            address.set(ValueLayout.JAVA_INT, 4, index);
            if (Libc.bind(state, fd, address) < 0) {
                throw failed("bind");
            }
        }
    }

    /** Takes the error that a device leaves on its sockets when it goes down; until then poll(2) tells of it. */
    void takeError() {
        MemorySegment length = statistics.asSlice(STATISTICS);
        length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
        Libc.getsockopt(statisticsState, fd, SOL_SOCKET, SO_ERROR, statistics, length);
    }

    /** Frames that the socket had no room for, since it was opened. Not by two threads at once. */
    long full() {
        statistics.set(ValueLayout.JAVA_INT, STATISTICS, STATISTICS);
        MemorySegment length = statistics.asSlice(STATISTICS);
        // The kernel counts from 0 again after each look; the second number is the drops.
        if (Libc.getsockopt(statisticsState, fd, SOL_PACKET, GET_STATISTICS, statistics, length) >= 0) {
            full += statistics.get(ValueLayout.JAVA_INT, 4) & 0xffff_ffffL;
        }
        return full;
    }

    DeviceException failed(String what) {
        return new DeviceException(device + ": " + what, Libc.errno(state));
    }

    /** As {@link io.portcullis.core.port.Port#send}. */
    int send(PacketBurst burst) {
        int count = 0;
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            if (isSendable(packet)) {
                int at = packet.start() - VirtioHeader.LENGTH;
                VirtioHeader.write(packet.buffer(), at, packet);
                places[count] = i;
                out.set(count++, packet.buffer().address() + at, VirtioHeader.LENGTH + packet.length());
            } else {
                burst.refuse(i);
            }
        }
        return transmit(burst, count);
    }

    private int transmit(PacketBurst burst, int count) {
        int taken = 0;
        for (int next = 0; next < count; ) {
            int sent = Libc.sendmmsg(state, fd, out.from(next), count - next, MSG_DONTWAIT);
            if (sent > 0) {
                taken += sent;
                next += sent;
            } else {
                switch (Errno.of(Libc.errno(state))) {
                    case EINTR -> {}
                    // This one is too long, or its header is not believed, or the queue had no room for it.
                    case EMSGSIZE, EINVAL, ENOBUFS -> burst.refuse(places[next++]);
                    default -> {
                        while (next < count) {
                            burst.refuse(places[next++]);
                        }
                        return taken;
                    }
                }
            }
        }
        return taken;
    }

    /** A super-packet goes only with a partial checksum: the kernel writes one into each segment. */
    private boolean isSendable(Packet packet) {
        boolean known = packet.gso() != Packet.Gso.UDP || cutsUdp;
        boolean whole = packet.gso() == Packet.Gso.NONE;
        return packet.start() >= VirtioHeader.LENGTH && (whole || (packet.partialChecksum() && known));
    }

    /** Puts the VLAN tag back that the kernel took off a received frame. */
    static void putTagBack(Packet packet, int protocol, int tag) {
        MemorySegment b = packet.buffer();
        int at = packet.push(Ethernet.TAG);
        MemorySegment.copy(b, at + Ethernet.TAG, b, at, 12);
        Octets.u16(b, at + 12, protocol == 0 ? EtherType.VLAN : protocol);
        Octets.u16(b, at + 14, tag);
    }

    @Override
    public void close() {
        Libc.close(state, fd);
        arena.close();
    }
}
