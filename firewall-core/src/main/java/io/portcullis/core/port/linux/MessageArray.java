package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The mmsghdr, iovec and control structures of one batch of messages, made once (recvmmsg(2)). */
final class MessageArray {
    private static final int MESSAGE = 64;
    private static final int VECTOR = 16;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;

    private final MemorySegment messages;
    private final MemorySegment vectors;
    private final MemorySegment controls;
    private final int controlRoom;

    /** @param controlRoom octets for ancillary data of each message, a multiple of 8; 0 for none */
    MessageArray(Arena arena, int count, int controlRoom) {
        this.messages = arena.allocate((long) count * MESSAGE, 64);
        this.vectors = arena.allocate((long) count * VECTOR, 64);
        this.controls = arena.allocate((long) count * controlRoom + 8, 8);
        this.controlRoom = controlRoom;
        for (int i = 0; i < count; i++) {
            messages.set(ValueLayout.JAVA_LONG, i * MESSAGE + IOV, vectors.address() + (long) i * VECTOR);
            messages.set(ValueLayout.JAVA_LONG, i * MESSAGE + IOV_LENGTH, 1);
            if (controlRoom > 0) {
                messages.set(ValueLayout.JAVA_LONG, i * MESSAGE + CONTROL, controls.address() + (long) i * controlRoom);
            }
        }
    }

    /** The array from message {@code first} on, as the system calls take it. */
    MemorySegment from(int first) {
        return first == 0 ? messages : messages.asSlice((long) first * MESSAGE);
    }

    /** Points a message at memory and gives it its room for ancillary data back. */
    void set(int index, long address, long octets) {
        vectors.set(ValueLayout.JAVA_LONG, (long) index * VECTOR, address);
        vectors.set(ValueLayout.JAVA_LONG, (long) index * VECTOR + 8, octets);
        messages.set(ValueLayout.JAVA_LONG, (long) index * MESSAGE + CONTROL_LENGTH, controlRoom);
    }

    /** Octets that were received in a message. */
    int length(int index) {
        return messages.get(ValueLayout.JAVA_INT, (long) index * MESSAGE + LENGTH);
    }

    int flags(int index) {
        return messages.get(ValueLayout.JAVA_INT, (long) index * MESSAGE + FLAGS);
    }

    /** Octets of ancillary data of a received message. */
    int controlLength(int index) {
        return (int) messages.get(ValueLayout.JAVA_LONG, (long) index * MESSAGE + CONTROL_LENGTH);
    }

    /** An int of a received message's ancillary data. */
    int control(int index, int at) {
        return controls.get(ValueLayout.JAVA_INT, (long) index * controlRoom + at);
    }
}
