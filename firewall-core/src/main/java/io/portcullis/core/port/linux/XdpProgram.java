package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The program on a device that leads each frame to the AF_XDP socket of its receive queue; a frame of a queue without
 * one goes the kernel's way. It is attached by a link, which goes with the process however that ends.
 */
final class XdpProgram implements AutoCloseable {
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE = 2;
    private static final int PROGRAM_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int TYPE_XSKMAP = 17;
    private static final int TYPE_XDP = 6;
    private static final int ATTACH_XDP = 37;
    private static final int ATTRIBUTES = 128;
    private static final int LOG_ROOM = 4096;

    /** r2 = receive queue of the context, at 16. */
    private static final long LOAD_QUEUE = 0x61L | 0x12L << 8 | 16L << 16;
    /** r1 = the map whose descriptor stands in the upper half (two instructions long). */
    private static final long LOAD_MAP = 0x18L | 0x11L << 8;
    /** r3 = XDP_PASS, for a queue that the map does not have. */
    private static final long LOAD_PASS = 0xb7L | 0x03L << 8 | 2L << 32;

    private static final long CALL_REDIRECT_MAP = 0x85L | 51L << 32;
    private static final long EXIT = 0x95L;

    /** Where frames are taken. */
    enum Mode {
        /** Behind the driver; any device. */
        SKB(2, "skb mode"),
        /** In the driver, which must know XDP. */
        NATIVE(4, "native mode");

        private final int flag;
        private final String words;

        Mode(int flag, String words) {
            this.flag = flag;
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final MemorySegment state;
    private final int map;
    private int program = -1;
    private int link = -1;

    /**
     * @param state where errno may be left; outlives this
     * @param queues of the device
     * @throws DeviceException when the kernel has no AF_XDP or the rights are missing
     */
    XdpProgram(MemorySegment state, int queues) throws DeviceException {
        this.state = state;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, TYPE_XSKMAP);
            attributes.set(ValueLayout.JAVA_INT, 4, Integer.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 8, Integer.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 12, queues);
            map = check("BPF_MAP_CREATE of an XSKMAP", Libc.bpf(state, MAP_CREATE, attributes));
        }
        try {
            program = load();
        } catch (DeviceException e) {
            close();
            throw e;
        }
    }

    private int load() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocateFrom(
                    ValueLayout.JAVA_LONG,
                    LOAD_QUEUE,
                    LOAD_MAP | (long) map << 32,
                    0,
                    LOAD_PASS,
                    CALL_REDIRECT_MAP,
                    EXIT);
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, TYPE_XDP);
            attributes.set(ValueLayout.JAVA_INT, 4, (int) (code.byteSize() / Long.BYTES));
            attributes.set(ValueLayout.ADDRESS, 8, code);
            attributes.set(ValueLayout.ADDRESS, 16, arena.allocateFrom("GPL"));
            attributes.set(ValueLayout.JAVA_INT, 24, 1);
            attributes.set(ValueLayout.JAVA_INT, 28, LOG_ROOM);
            attributes.set(ValueLayout.ADDRESS, 32, arena.allocate(LOG_ROOM));
            return check("BPF_PROG_LOAD", Libc.bpf(state, PROGRAM_LOAD, attributes));
        }
    }

    /** Leads the frames of a queue to a bound socket. */
    void lead(int queue, int socket) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, map);
            attributes.set(ValueLayout.ADDRESS, 8, arena.allocateFrom(ValueLayout.JAVA_INT, queue));
            attributes.set(ValueLayout.ADDRESS, 16, arena.allocateFrom(ValueLayout.JAVA_INT, socket));
            check("BPF_MAP_UPDATE_ELEM", Libc.bpf(state, MAP_UPDATE, attributes));
        }
    }

    /** From now on frames of the device come this way. */
    void attach(int device, Mode mode) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, program);
            attributes.set(ValueLayout.JAVA_INT, 4, device);
            attributes.set(ValueLayout.JAVA_INT, 8, ATTACH_XDP);
            attributes.set(ValueLayout.JAVA_INT, 12, mode.flag);
            link = check("BPF_LINK_CREATE in " + mode, Libc.bpf(state, LINK_CREATE, attributes));
        }
    }

    private int check(String what, int result) throws DeviceException {
        if (result < 0) {
            throw new DeviceException("AF_XDP: " + what, Libc.errno(state));
        }
        return result;
    }

    /** Takes the program off the device. */
    @Override
    public void close() {
        for (int fd : new int[] {link, program, map}) {
            if (fd >= 0) {
                Libc.close(state, fd);
            }
        }
    }
}
