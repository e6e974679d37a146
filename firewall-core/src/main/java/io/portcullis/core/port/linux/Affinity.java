package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Which processors a thread may run on (sched_setaffinity(2)). */
public final class Affinity {
    /** Octets of a mask: 8,192 processors, more than Linux knows. */
    private static final int MASK = 1024;

    private Affinity() {}

    /** The processors that the calling thread may run on, ascending. */
    public static List<Integer> allowed() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment mask = arena.allocate(MASK, 8);
            if (Libc.schedGetAffinity(state, mask) < 0) {
                throw new DeviceException("sched_getaffinity", Libc.errno(state));
            }
            List<Integer> processors = new ArrayList<>();
            for (int i = 0; i < MASK * Byte.SIZE; i++) {
                if ((mask.get(ValueLayout.JAVA_BYTE, i / Byte.SIZE) >>> i % Byte.SIZE & 1) != 0) {
                    processors.add(i);
                }
            }
            return processors;
        }
    }

    /** Binds the calling thread to one processor. */
    public static void bind(int processor) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment mask = arena.allocate(MASK, 8);
            mask.set(ValueLayout.JAVA_BYTE, processor / Byte.SIZE, (byte) (1 << processor % Byte.SIZE));
            if (Libc.schedSetAffinity(state, mask) < 0) {
                throw new DeviceException("bind a thread to processor " + processor, Libc.errno(state));
            }
        }
    }
}
