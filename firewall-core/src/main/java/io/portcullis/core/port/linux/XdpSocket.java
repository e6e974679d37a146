package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Frames of one receive queue by AF_XDP, copied between the socket's memory (UMEM) and packets. Frames come as the
 * driver or the kernel behind it has them: without a word about partial checksums, which {@link PartialChecksums}
 * finds, and without super-packets, which the kernel drops here since none fits a chunk.
 */
final class XdpSocket implements DeviceIo {
    /** Longest MTU: a tagged frame of it still fits a chunk behind the kernel's headroom. */
    static final int LONGEST_MTU = 4096 - 256 - Ethernet.HEADER - Ethernet.TAG;

    private static final int AF_XDP = 44;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_XDP = 283;
    private static final int MMAP_OFFSETS = 1;
    private static final int RX_RING = 2;
    private static final int TX_RING = 3;
    private static final int UMEM_REG = 4;
    private static final int FILL_RING = 5;
    private static final int COMPLETION_RING = 6;
    private static final long RX_PAGES = 0;
    private static final long TX_PAGES = 0x8000_0000L;
    private static final long FILL_PAGES = 0x1_0000_0000L;
    private static final long COMPLETION_PAGES = 0x1_8000_0000L;
    private static final int RING_OFFSETS = 32;
    private static final int GET_STATISTICS = 7;
    private static final int STATISTICS = 48;
    private static final int COPY = 2;
    private static final int WITH_WAKEUP = 8;
    private static final int MSG_DONTWAIT = 0x40;

    /** The kernel leaves this much of a chunk free before a received frame. */
    private static final int KERNEL_HEADROOM = 256;

    private static final int RECEIVE_FRAMES = 2048;
    private static final int TRANSMIT_FRAMES = 1024;
    /** Calls for one burst: each sends 32 frames or more; that they are not taken after so many is a full queue. */
    private static final int MOST_KICKS = 8;

    private final Arena arena;
    private final MemorySegment state;
    private final int fd;
    private final XdpProgram program;
    private final PortCapabilities capabilities;
    private final MemorySegment umem;
    private final int chunk;
    private final XdpRing fill;
    private final XdpRing received;
    private final XdpRing transmit;
    private final XdpRing completed;
    private final boolean findsPartialChecksums;
    private final MemorySegment statistics;
    private final MemorySegment statisticsState;
    /** Addresses of chunks that nothing is being sent from. */
    private final long[] idle = new long[TRANSMIT_FRAMES];

    private int idleCount;

    private XdpSocket(
            Arena arena,
            MemorySegment state,
            int fd,
            XdpProgram program,
            MemorySegment umem,
            int chunk,
            boolean findsPartialChecksums,
            String reason)
            throws DeviceException {
        this.arena = arena;
        this.state = state;
        this.fd = fd;
        this.program = program;
        this.umem = umem;
        this.chunk = chunk;
        this.findsPartialChecksums = findsPartialChecksums;
        this.capabilities = new PortCapabilities(true, false, false, false, reason);
        this.statistics = arena.allocate(STATISTICS + 8, 8);
        this.statisticsState = Libc.state(arena);
        MemorySegment offsets = arena.allocate(4L * RING_OFFSETS, 8);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) offsets.byteSize());
        check("XDP_MMAP_OFFSETS", Libc.getsockopt(state, fd, SOL_XDP, MMAP_OFFSETS, offsets, length));
        received = map(offsets.asSlice(0), RX_PAGES, RECEIVE_FRAMES, XdpRing.FRAME_ENTRY);
        transmit = map(offsets.asSlice(RING_OFFSETS), TX_PAGES, TRANSMIT_FRAMES, XdpRing.FRAME_ENTRY);
        fill = map(offsets.asSlice(2 * RING_OFFSETS), FILL_PAGES, RECEIVE_FRAMES, XdpRing.ADDRESS_ENTRY);
        completed = map(offsets.asSlice(3 * RING_OFFSETS), COMPLETION_PAGES, TRANSMIT_FRAMES, XdpRing.ADDRESS_ENTRY);
    }

    /**
     * Opens the socket of queue 0 and leads the device's frames to it.
     *
     * @param mode that is tried first; the other after it
     * @param findsPartialChecksums whether frames may come from a kernel that left their checksums to be finished
     * @param why the method was chosen, for people
     * @throws DeviceException when the kernel, the driver or the rights do not allow it; nothing is left of it
     */
    static XdpSocket open(TakenDevice device, XdpProgram.Mode mode, boolean findsPartialChecksums, String why)
            throws DeviceException {
        Arena arena = Arena.ofShared();
        MemorySegment state = Libc.state(arena);
        int fd = Libc.socket(state, AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException("socket(AF_XDP)", errno);
        }
        XdpProgram program = null;
        try {
            int chunk = device.mtu() + Ethernet.HEADER + Ethernet.TAG + KERNEL_HEADROOM <= 2048 ? 2048 : 4096;
            long octets = (long) (RECEIVE_FRAMES + TRANSMIT_FRAMES) * chunk;
            MemorySegment umem = arena.allocate(octets, 4096);
            MemorySegment registration = arena.allocate(32, 8);
            registration.set(ValueLayout.ADDRESS, 0, umem);
            registration.set(ValueLayout.JAVA_LONG, 8, octets);
            registration.set(ValueLayout.JAVA_INT, 16, chunk);
            option(state, fd, "XDP_UMEM_REG", UMEM_REG, registration);
            option(
                    state,
                    fd,
                    "XDP_UMEM_FILL_RING",
                    FILL_RING,
                    arena.allocateFrom(ValueLayout.JAVA_INT, RECEIVE_FRAMES));
            option(
                    state,
                    fd,
                    "XDP_UMEM_COMPLETION_RING",
                    COMPLETION_RING,
                    arena.allocateFrom(ValueLayout.JAVA_INT, TRANSMIT_FRAMES));
            option(state, fd, "XDP_RX_RING", RX_RING, arena.allocateFrom(ValueLayout.JAVA_INT, RECEIVE_FRAMES));
            option(state, fd, "XDP_TX_RING", TX_RING, arena.allocateFrom(ValueLayout.JAVA_INT, TRANSMIT_FRAMES));
            program = new XdpProgram(state, 1);
            XdpProgram.Mode taken = attach(program, device.index(), mode);
            XdpSocket socket = new XdpSocket(
                    arena,
                    state,
                    fd,
                    program,
                    umem,
                    chunk,
                    findsPartialChecksums,
                    "AF_XDP, " + taken + ", copied frame by frame: " + why);
            socket.stock();
            socket.bind(device.index());
            program.lead(0, fd);
            return socket;
        } catch (DeviceException e) {
            if (program != null) {
                program.close();
            }
            Libc.close(state, fd);
            arena.close();
            throw e;
        }
    }

    private static XdpProgram.Mode attach(XdpProgram program, int device, XdpProgram.Mode first)
            throws DeviceException {
        XdpProgram.Mode second = first == XdpProgram.Mode.SKB ? XdpProgram.Mode.NATIVE : XdpProgram.Mode.SKB;
        try {
            program.attach(device, first);
            return first;
        } catch (DeviceException e) {
            if (e.errno() == Errno.EPERM || e.errno() == Errno.EBUSY) {
                throw e;
            }
            program.attach(device, second);
            return second;
        }
    }

    private static void option(MemorySegment state, int fd, String what, int name, MemorySegment value)
            throws DeviceException {
        if (Libc.setsockopt(state, fd, SOL_XDP, name, value) < 0) {
            throw new DeviceException("AF_XDP: " + what, Libc.errno(state));
        }
    }

    private XdpRing map(MemorySegment offsets, long pages, int size, int entryOctets) throws DeviceException {
        long octets = XdpRing.octets(offsets, size, entryOctets);
        long address = Libc.mmap(state, fd, octets, pages);
        if (address == -1) {
            throw new DeviceException("AF_XDP: mmap of a ring", Libc.errno(state));
        }
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(octets, arena, Libc::munmap);
        return new XdpRing(memory, offsets, size, entryOctets);
    }

    /** Gives the kernel chunks to receive into, and keeps the others for sending. */
    private void stock() {
        for (int i = 0; i < RECEIVE_FRAMES; i++) {
            fill.put(i, (long) i * chunk);
        }
        fill.given(RECEIVE_FRAMES);
        for (int i = 0; i < TRANSMIT_FRAMES; i++) {
            idle[i] = (long) (RECEIVE_FRAMES + i) * chunk;
        }
        idleCount = TRANSMIT_FRAMES;
    }

    private void bind(int device) throws DeviceException {
        MemorySegment address = arena.allocate(16, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_XDP);
        address.set(ValueLayout.JAVA_SHORT, 2, (short) (COPY | WITH_WAKEUP));
        address.set(ValueLayout.JAVA_INT, 4, device);
        check("bind", Libc.bind(state, fd, address));
    }

    private void check(String what, int result) throws DeviceException {
        if (result < 0) {
            throw new DeviceException("AF_XDP: " + what, Libc.errno(state));
        }
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
        int room = PacketBurst.CAPACITY - into.size();
        int count = Math.min(received.filled(room), room);
        int taken = 0;
        int added = 0;
        for (; taken < count; taken++) {
            Packet packet = pool.take();
            if (packet == null) {
                break;
            }
            long address = received.address(taken);
            int length = received.length(taken);
            MemorySegment.copy(umem, address, packet.buffer(), packet.append(length), length);
            fill.put(taken, address & -(long) chunk);
            if (findsPartialChecksums) {
                PartialChecksums.find(packet);
            }
            into.add(packet);
            added++;
        }
        if (taken > 0) {
            received.taken(taken);
            fill.given(taken);
        }
        return added;
    }

    @Override
    public PortStatistics statistics() {
        statistics.set(ValueLayout.JAVA_INT, STATISTICS, STATISTICS);
        MemorySegment length = statistics.asSlice(STATISTICS);
        if (Libc.getsockopt(statisticsState, fd, SOL_XDP, GET_STATISTICS, statistics, length) < 0) {
            return PortStatistics.NONE;
        }
        // struct xdp_statistics: dropped (no chunk is that long), invalid, invalid, ring full, fill ring empty.
        return new PortStatistics(
                statistics.get(ValueLayout.JAVA_LONG, 24) + statistics.get(ValueLayout.JAVA_LONG, 32),
                statistics.get(ValueLayout.JAVA_LONG, 0));
    }

    @Override
    public int send(PacketBurst burst) {
        reap();
        int count = 0;
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            if (idleCount > 0 && isSendable(packet)) {
                long address = idle[--idleCount];
                MemorySegment.copy(packet.buffer(), packet.start(), umem, address, packet.length());
                transmit.put(count++, address, packet.length());
            } else {
                burst.refuse(i);
            }
        }
        if (count > 0) {
            transmit.given(count);
            kick();
        }
        return count;
    }

    private boolean isSendable(Packet packet) {
        return packet.gso() == Packet.Gso.NONE && !packet.partialChecksum() && packet.length() <= chunk;
    }

    /** Has the kernel send what is in the ring, as far as it can now; the rest goes with the next burst. */
    private void kick() {
        for (int i = 0; i < MOST_KICKS; i++) {
            if (Libc.kick(fd, MSG_DONTWAIT) >= 0 && transmit.unread() == 0) {
                return;
            }
        }
    }

    /** Takes back the chunks that were sent. */
    private void reap() {
        int count = completed.filled(TRANSMIT_FRAMES);
        for (int i = 0; i < count; i++) {
            idle[idleCount++] = completed.address(i) & -(long) chunk;
        }
        if (count > 0) {
            completed.taken(count);
        }
    }

    @Override
    public void close() {
        program.close();
        Libc.close(state, fd);
        arena.close();
    }
}
