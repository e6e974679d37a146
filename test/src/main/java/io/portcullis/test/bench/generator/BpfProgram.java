package io.portcullis.test.bench.generator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the instructions of the XDP program that fills frames and sends them out of a device. Encoding: kernel
 * documentation, "BPF Instruction Set Specification".
 */
final class BpfProgram {
    /** Octets of the map's only value: the number of the last frame, and whether the rest is dropped. */
    static final int STATE = 16;

    /** Where in the value it is 1 to have the rest dropped. */
    static final int STOP_AT = 8;

    private static final int STACK_KEY = -4;

    /** XDP_DROP. */
    private static final int DROP = 1;

    private static final int HELPER_MAP_LOOKUP = 1;
    private static final int HELPER_REDIRECT = 23;

    private final List<Long> code = new ArrayList<>();
    private final List<Integer> toEnd = new ArrayList<>();

    private BpfProgram() {}

    /**
     * A program that numbers the frames, writes {@code header} to the beginning of each, because the pages of earlier
     * frames come back as receivers left them, derives the UDP ports from the number, and redirects.
     *
     * @param header Ethernet, IPv4 without options and UDP
     * @param state an array map with one value of {@link #STATE} octets
     */
    static List<Long> filling(byte[] header, PortRange source, PortRange destination, int state, int device) {
        BpfProgram program = new BpfProgram();
        program.nextNumber(state);
        program.boundsCheck(header.length);
        program.write(header);
        program.ports(source, destination);
        program.redirect(device);
        return program.finish();
    }

    private void add(int opcode, int target, int source, int offset, int value) {
        code.add((opcode & 0xffL)
                | (target & 0xfL) << 8
                | (source & 0xfL) << 12
                | (offset & 0xffffL) << 16
                | (value & 0xffff_ffffL) << 32);
    }

    private void boundsCheck(int length) {
        add(0x61, 7, 6, 0, 0); // r7 = data
        add(0x61, 3, 6, 4, 0); // r3 = data_end
        add(0xbf, 4, 7, 0, 0);
        add(0x07, 4, 0, 0, length);
        jumpToEnd(0x2d, 4, 3); // r4 > r3
    }

    private void write(byte[] header) {
        ByteBuffer words = ByteBuffer.wrap(header).order(ByteOrder.nativeOrder());
        int at = 0;
        for (; at + 4 <= header.length; at += 4) {
            add(0x62, 7, 0, at, words.getInt(at));
        }
        for (; at < header.length; at++) {
            add(0x72, 7, 0, at, header[at]);
        }
    }

    private void nextNumber(int map) {
        add(0xbf, 6, 1, 0, 0); // r6 = context
        add(0x62, 10, 0, STACK_KEY, 0);
        add(0xbf, 2, 10, 0, 0);
        add(0x07, 2, 0, 0, STACK_KEY);
        add(0x18, 1, 1, 0, map); // r1 = address of the map, two slots
        add(0, 0, 0, 0, 0);
        add(0x85, 0, 0, 0, HELPER_MAP_LOOKUP);
        jumpToEnd(0x15, 0, 0); // r0 == 0
        add(0x79, 8, 0, STOP_AT, 0);
        jumpToEnd(0x55, 8, 0); // r8 != 0
        add(0x79, 8, 0, 0, 0);
        add(0x07, 8, 0, 0, 1);
        add(0x7b, 0, 8, 0, 0); // one generator thread: no atomic addition
    }

    private void ports(PortRange source, PortRange destination) {
        add(0xbf, 1, 8, 0, 0);
        add(0x97, 1, 0, 0, source.count());
        storePort(source.first(), Frame.SOURCE_PORT_AT);
        add(0xbf, 1, 8, 0, 0);
        add(0x37, 1, 0, 0, source.count());
        add(0x97, 1, 0, 0, destination.count());
        storePort(destination.first(), Frame.DESTINATION_PORT_AT);
    }

    private void storePort(int first, int at) {
        add(0x07, 1, 0, 0, first);
        add(0xdc, 1, 0, 0, 16); // to network order
        add(0x6b, 7, 1, at, 0);
    }

    private void redirect(int device) {
        add(0xb7, 1, 0, 0, device);
        add(0xb7, 2, 0, 0, 0);
        add(0x85, 0, 0, 0, HELPER_REDIRECT);
        add(0x95, 0, 0, 0, 0);
    }

    private void jumpToEnd(int opcode, int target, int source) {
        toEnd.add(code.size());
        add(opcode, target, source, 0, 0);
    }

    private List<Long> finish() {
        int end = code.size();
        add(0xb7, 0, 0, 0, DROP);
        add(0x95, 0, 0, 0, 0);
        for (int jump : toEnd) {
            code.set(jump, code.get(jump) | ((end - jump - 1L) & 0xffff) << 16);
        }
        return code;
    }
}
