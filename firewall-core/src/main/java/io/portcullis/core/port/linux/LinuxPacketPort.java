package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An Ethernet device by AF_PACKET (packet(7)), a batch of frames with each system call. PACKET_VNET_HDR tells of partial
 * checksums and super-packets in both directions. VLAN tags, which the kernel takes off frames and hands over beside
 * them, are put back. PACKET_QDISC_BYPASS is not used: past the queueing layer the kernel drops a super-packet that the
 * device can not cut by itself.
 */
public final class LinuxPacketPort implements Port {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int ALL_PROTOCOLS = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SNDBUFFORCE = 32;
    private static final int RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int ADD_MEMBERSHIP = 1;
    private static final int AUXDATA = 8;
    private static final int VNET_HDR = 15;
    private static final int IGNORE_OUTGOING = 23;
    private static final int ALL_MULTICAST = 2;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    /** A control message header and struct tpacket_auxdata, padded. */
    private static final int AUXDATA_ROOM = 40;

    private static final int AUX_STATUS = 16;
    private static final int AUX_VLAN = 32;
    private static final int STATUS_VLAN_VALID = 1 << 4;
    private static final int STATUS_TPID_VALID = 1 << 6;

    private static final int BATCH = PacketBurst.CAPACITY;
    private static final int SOCKET_BUFFER = 32 << 20;

    private final String name;
    private final TakenDevice device;
    private final int fd;
    private final PortCapabilities capabilities;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MessageArray in = new MessageArray(arena, BATCH, AUXDATA_ROOM);
    private final MessageArray out = new MessageArray(arena, BATCH, 0);

    /** Empty packets that {@link #in} points at; those in use are null. */
    private final @Nullable Packet[] waiting = new Packet[BATCH];

    private @Nullable PacketPool waitingFrom;
    private boolean isClosed;

    private LinuxPacketPort(String name, TakenDevice device, int fd) {
        this.name = name;
        this.device = device;
        this.fd = fd;
        boolean udp = cutsUdp();
        this.capabilities = new PortCapabilities(
                true,
                true,
                true,
                udp,
                "AF_PACKET, recvmmsg/sendmmsg of " + BATCH + ", PACKET_VNET_HDR: checksums and TCP segmentation"
                        + (udp ? ", UDP segmentation" : "; UDP segmentation needs Linux 6.2"));
    }

    /**
     * Takes a device of the calling thread's network namespace over and brings it up.
     *
     * @param mtu to set, 0 to keep the device's
     * @throws DeviceException when it can not be taken; it is then as it was
     */
    public static LinuxPacketPort open(String name, int mtu) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int fd = Libc.socket(state, AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
            if (fd < 0) {
                throw new DeviceException(name + ": socket(AF_PACKET)", Libc.errno(state));
            }
            TakenDevice device = null;
            try {
                device = TakenDevice.take(name, mtu);
                String failed = prepare(arena, state, fd, device.index());
                if (failed != null) {
                    throw new DeviceException(name + ": " + failed, Libc.errno(state));
                }
                return new LinuxPacketPort(name, device, fd);
            } catch (DeviceException e) {
                if (device != null) {
                    device.close();
                }
                Libc.close(state, fd);
                throw e;
            }
        }
    }

    /** @return the call that failed, null when all is well */
    private static @Nullable String prepare(Arena arena, MemorySegment state, int fd, int index) {
        if (Libc.setInt(state, fd, SOL_PACKET, VNET_HDR, 1) < 0) {
            return "PACKET_VNET_HDR";
        }
        if (Libc.setInt(state, fd, SOL_PACKET, AUXDATA, 1) < 0) {
            return "PACKET_AUXDATA";
        }
        if (Libc.setInt(state, fd, SOL_PACKET, IGNORE_OUTGOING, 1) < 0) {
            return "PACKET_IGNORE_OUTGOING";
        }
        if (Libc.setInt(state, fd, SOL_SOCKET, RCVBUFFORCE, SOCKET_BUFFER) < 0
                || Libc.setInt(state, fd, SOL_SOCKET, SNDBUFFORCE, SOCKET_BUFFER) < 0) {
            return "socket buffers";
        }
        // Neighbour discovery comes to group addresses of which the device knows nothing (RFC 4861).
        MemorySegment membership = arena.allocate(16, 8);
        membership.set(ValueLayout.JAVA_INT, 0, index);
        membership.set(ValueLayout.JAVA_SHORT, 4, (short) ALL_MULTICAST);
        if (Libc.setsockopt(state, fd, SOL_PACKET, ADD_MEMBERSHIP, membership) < 0) {
            return "PACKET_ADD_MEMBERSHIP";
        }
        // Bound last: until now no frame of any device could come in.
        MemorySegment address = arena.allocate(20, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
        address.set(ValueLayout.JAVA_SHORT, 2, Libc.network16(ALL_PROTOCOLS));
        address.set(ValueLayout.JAVA_INT, 4, index);
        return Libc.bind(state, fd, address) < 0 ? "bind" : null;
    }

    /** Only since 6.2 does the header of a frame speak of UDP super-packets. */
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

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return device.mac();
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public PortCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int descriptor() {
        return fd;
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        int ready = fill(pool, BATCH - into.size());
        if (ready == 0 || isClosed) {
            return 0;
        }
        // A failure (the device went down, a frame that no header can describe) ends this batch and is told once.
        int received = Libc.recvmmsg(state, fd, in.from(0), ready, MSG_DONTWAIT);
        int added = 0;
        for (int i = 0; i < received; i++) {
            Packet packet = waiting[i];
            waiting[i] = null;
            if (packet != null) {
                if (finish(packet, i)) {
                    into.add(packet);
                    added++;
                } else {
                    pool.give(packet);
                }
            }
        }
        return added;
    }

    /** Points the first messages at empty packets; returns how many are ready, at most {@code wanted}. */
    private int fill(PacketPool pool, int wanted) {
        if (pool != waitingFrom) {
            giveBack();
            waitingFrom = pool;
        }
        for (int i = 0; i < wanted; i++) {
            if (waiting[i] == null) {
                Packet packet = pool.take();
                if (packet == null) {
                    return i;
                }
                waiting[i] = packet;
                long address = packet.buffer().address() + Packet.HEADROOM - VirtioHeader.LENGTH;
                in.set(i, address, VirtioHeader.LENGTH + Packet.MAX_FRAME);
            }
        }
        return wanted;
    }

    /** Makes a received message a packet. @return false when it can not be used */
    private boolean finish(Packet packet, int index) {
        int length = in.length(index) - VirtioHeader.LENGTH;
        if (length <= 0 || (in.flags(index) & MSG_TRUNC) != 0) {
            return false;
        }
        packet.append(length);
        if (!VirtioHeader.read(packet.buffer(), Packet.HEADROOM - VirtioHeader.LENGTH, packet)) {
            return false;
        }
        if (in.controlLength(index) == AUXDATA_ROOM) {
            int status = in.control(index, AUX_STATUS);
            if ((status & STATUS_VLAN_VALID) != 0 && length >= Ethernet.HEADER) {
                int vlan = in.control(index, AUX_VLAN);
                int protocol = (status & STATUS_TPID_VALID) != 0 ? vlan >>> 16 : EtherType.VLAN;
                putTagBack(packet, protocol, vlan & 0xffff);
            }
        }
        return true;
    }

    private static void putTagBack(Packet packet, int protocol, int tag) {
        MemorySegment b = packet.buffer();
        int at = packet.push(Ethernet.TAG);
        MemorySegment.copy(b, at + Ethernet.TAG, b, at, 12);
        Octets.u16(b, at + 12, protocol);
        Octets.u16(b, at + 14, tag);
    }

    @Override
    public int send(PacketBurst burst) {
        int count = 0;
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            if (isSendable(packet)) {
                int at = packet.start() - VirtioHeader.LENGTH;
                VirtioHeader.write(packet.buffer(), at, packet);
                out.set(count++, packet.buffer().address() + at, VirtioHeader.LENGTH + packet.length());
            }
        }
        return isClosed ? 0 : transmit(count);
    }

    private int transmit(int count) {
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
                    case EMSGSIZE, EINVAL, ENOBUFS -> next++;
                    default -> {
                        return taken;
                    }
                }
            }
        }
        return taken;
    }

    /** A super-packet goes only with a partial checksum: the kernel writes one into each segment. */
    private boolean isSendable(Packet packet) {
        boolean whole = packet.gso() == Packet.Gso.NONE;
        return packet.start() >= VirtioHeader.LENGTH
                && (whole || (packet.partialChecksum() && capabilities.cuts(packet.gso())));
    }

    private void giveBack() {
        PacketPool pool = waitingFrom;
        for (int i = 0; i < BATCH; i++) {
            Packet packet = waiting[i];
            if (packet != null && pool != null) {
                pool.give(packet);
            }
            waiting[i] = null;
        }
    }

    /** Also gives back to the pool what was waiting for frames: call it on the worker's thread or after its end. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            giveBack();
            Libc.close(state, fd);
            arena.close();
            device.close();
        }
    }
}
