package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a TUN device, which is there as long as this is, unless somebody deletes it. IFF_VNET_HDR tells of
 * partial checksums and super-packets.
 */
final class TunIo implements DeviceIo {
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
    private final int index;
    private final int fd;
    private final PortCapabilities capabilities;
    private final RouteSocket routes;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private @Nullable Packet spare;
    private @Nullable PacketPool spareFrom;
    private long unusable;
    /** Guarded by this. */
    private long full;

    private TunIo(String name, int index, int fd, boolean udp, RouteSocket routes) {
        this.name = name;
        this.index = index;
        this.fd = fd;
        this.routes = routes;
        this.capabilities = new PortCapabilities(
                false,
                true,
                true,
                udp,
                "TUN, IFF_VNET_HDR: checksums and TCP segmentation"
                        + (udp ? ", UDP segmentation" : "; UDP segmentation needs Linux 6.2"));
    }

    /** As {@link TunDevice#open}. */
    static TunIo make(String pattern, int mtu) throws DeviceException {
        LinkControl.checkName(pattern);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int fd = Libc.open(state, arena.allocateFrom("/dev/net/tun"), O_RDWR | O_NONBLOCK | O_CLOEXEC);
            if (fd < 0) {
                throw new DeviceException("/dev/net/tun", Libc.errno(state));
            }
            try {
                return make(arena, state, fd, pattern, mtu);
            } catch (DeviceException e) {
                Libc.close(state, fd);
                throw e;
            }
        }
    }

    private static TunIo make(Arena arena, MemorySegment state, int fd, String pattern, int mtu)
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
            return new TunIo(name, link.index(), fd, udp, new RouteSocket());
        }
    }

    String name() {
        return name;
    }

    int index() {
        return index;
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
        while (!into.isFull()) {
            Packet packet = empty(pool);
            if (packet == null) {
                break;
            }
            int at = Packet.HEADROOM - VirtioHeader.LENGTH;
            long octets = Libc.read(fd, packet.buffer().address() + at, VirtioHeader.LENGTH + Packet.MAX_FRAME);
            if (octets <= 0) {
                break;
            }
            packet.append((int) Math.max(0, octets - VirtioHeader.LENGTH));
            if (packet.length() > 0 && VirtioHeader.read(packet.buffer(), at, packet)) {
                into.add(packet);
                spare = null;
                added++;
            } else {
                unusable++;
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
            if (Libc.write(fd, packet.buffer().address() + at, octets) == octets) {
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

    /** The kernel counts what its queue had no room for; of a device that is gone the last that was read stays. */
    @Override
    public synchronized PortStatistics statistics() {
        try {
            full = routes.transmitDrops(index);
        } catch (DeviceException _) {
            return new PortStatistics(full, unusable);
        }
        return new PortStatistics(full, unusable);
    }

    @Override
    public void close() {
        giveBack();
        routes.close();
        Libc.close(state, fd);
        arena.close();
    }
}
