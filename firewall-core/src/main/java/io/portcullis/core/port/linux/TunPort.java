package io.portcullis.core.port.linux;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device that it makes itself: what the machine's own programs send comes in here, what is sent here goes to them.
 * Frames begin with the IP header. IFF_VNET_HDR tells of partial checksums and super-packets. The device vanishes with
 * the port, also when the process is killed.
 */
public final class TunPort implements Port {
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final long SET_INTERFACE = 0x400454caL;
    private static final long SET_OFFLOAD = 0x400454d0L;
    private static final int IFF_TUN = 0x1;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int OFFLOAD_CHECKSUM = 1;
    private static final int OFFLOAD_TCP = 2 | 4 | 8;
    private static final int OFFLOAD_UDP = 0x20 | 0x40;
    private static final int IFREQ = 40;
    private static final int IFREQ_FLAGS = 16;

    private final String name;
    private final int mtu;
    private final int index;
    private final int fd;
    private final PortCapabilities capabilities;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private @Nullable Packet spare;
    private @Nullable PacketPool spareFrom;
    private boolean isClosed;

    private TunPort(String name, int mtu, int index, int fd, boolean udp) {
        this.name = name;
        this.mtu = mtu;
        this.index = index;
        this.fd = fd;
        this.capabilities = new PortCapabilities(
                false,
                true,
                true,
                udp,
                "TUN, IFF_VNET_HDR: checksums and TCP segmentation"
                        + (udp ? ", UDP segmentation" : "; UDP segmentation needs Linux 6.2"));
    }

    /**
     * Makes the device in the calling thread's network namespace and brings it up, without addresses.
     *
     * @param name of the device; {@code %d} in it stands for the first number that is free
     * @throws DeviceException when the name is taken, /dev/net/tun is missing, or the rights are
     */
    public static TunPort open(String name, int mtu) throws DeviceException {
        LinkControl.checkName(name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int fd = Libc.open(state, arena.allocateFrom("/dev/net/tun"), O_RDWR | O_NONBLOCK | O_CLOEXEC);
            if (fd < 0) {
                throw new DeviceException("/dev/net/tun", Libc.errno(state));
            }
            try {
                return make(arena, state, fd, name, mtu);
            } catch (DeviceException e) {
                Libc.close(state, fd);
                throw e;
            }
        }
    }

    private static TunPort make(Arena arena, MemorySegment state, int fd, String pattern, int mtu)
            throws DeviceException {
        MemorySegment request = arena.allocate(IFREQ, 8);
        request.setString(0, pattern);
        request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) (IFF_TUN | IFF_NO_PI | IFF_VNET_HDR));
        if (Libc.ioctl(state, fd, SET_INTERFACE, request) < 0) {
            throw new DeviceException(pattern + ": make a TUN device", Libc.errno(state));
        }
        String name = request.getString(0);
        boolean udp = Libc.ioctl(state, fd, SET_OFFLOAD, (long) OFFLOAD_CHECKSUM | OFFLOAD_TCP | OFFLOAD_UDP) == 0;
        if (!udp && Libc.ioctl(state, fd, SET_OFFLOAD, (long) OFFLOAD_CHECKSUM | OFFLOAD_TCP) < 0) {
            throw new DeviceException(name + ": TUNSETOFFLOAD", Libc.errno(state));
        }
        try (LinkControl link = new LinkControl(name)) {
            KernelSettings.write(name, KernelSettings.ROUTED);
            link.mtu(mtu);
            link.up(true);
            return new TunPort(name, mtu, link.index(), fd, udp);
        }
    }

    /** Gives the kernel an address on the device. Same namespace as {@link #open}, as for routes. */
    public void addAddress(IpAddress address, int prefixLength) throws DeviceException {
        try (RouteSocket routes = new RouteSocket()) {
            routes.addAddress(index, address, prefixLength);
        }
    }

    /** Takes an address from the device again. */
    public void removeAddress(IpAddress address, int prefixLength) throws DeviceException {
        try (RouteSocket routes = new RouteSocket()) {
            routes.removeAddress(index, address, prefixLength);
        }
    }

    /**
     * Leads a destination of the machine's own programs here.
     *
     * @param source the address that they send from unless they choose one, null for the kernel's choice
     * @param metric the least wins; 0 for the kernel's default
     */
    public void addRoute(IpNetwork destination, @Nullable IpAddress source, int metric) throws DeviceException {
        try (RouteSocket routes = new RouteSocket()) {
            routes.addRoute(index, destination, source, metric);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return new MacAddress(0);
    }

    @Override
    public int mtu() {
        return mtu;
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
        int added = 0;
        while (!isClosed && !into.isFull()) {
            Packet packet = empty(pool);
            if (packet == null) {
                break;
            }
            int at = Packet.HEADROOM - VirtioHeader.LENGTH;
            long octets = Libc.read(state, fd, packet.buffer().asSlice(at), VirtioHeader.LENGTH + Packet.MAX_FRAME);
            if (octets <= 0) {
                break;
            }
            packet.append((int) Math.max(0, octets - VirtioHeader.LENGTH));
            if (packet.length() > 0 && VirtioHeader.read(packet.buffer(), at, packet)) {
                into.add(packet);
                spare = null;
                added++;
            } else {
                packet.reset();
            }
        }
        return added;
    }

    /** The packet that the last call had no frame for, or another. */
    private @Nullable Packet empty(PacketPool pool) {
        if (pool != spareFrom) {
            giveBack();
            spareFrom = pool;
        }
        if (spare == null) {
            spare = pool.take();
        }
        return spare;
    }

    @Override
    public int send(PacketBurst burst) {
        int taken = 0;
        if (isClosed) {
            burst.refuseFrom(0);
            return 0;
        }
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            boolean whole = packet.gso() == Packet.Gso.NONE;
            if (packet.start() < VirtioHeader.LENGTH
                    || (!whole && !(packet.partialChecksum() && capabilities.cuts(packet.gso())))) {
                burst.refuse(i);
                continue;
            }
            int at = packet.start() - VirtioHeader.LENGTH;
            VirtioHeader.write(packet.buffer(), at, packet);
            long octets = (long) VirtioHeader.LENGTH + packet.length();
            if (Libc.write(state, fd, packet.buffer().asSlice(at), octets) == octets) {
                taken++;
            } else {
                burst.refuse(i);
            }
        }
        return taken;
    }

    private void giveBack() {
        if (spare != null && spareFrom != null) {
            spareFrom.give(spare);
        }
        spare = null;
    }

    /** Also gives back to the pool what was waiting for a frame: call it on the worker's thread or after its end. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            giveBack();
            Libc.close(state, fd);
            arena.close();
        }
    }
}
