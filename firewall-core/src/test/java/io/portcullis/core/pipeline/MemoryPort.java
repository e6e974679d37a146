package io.portcullis.core.pipeline;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A port whose frames a test lays in and takes out. */
final class MemoryPort implements Port {
    /** A frame with what the device was told of it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Frame(byte[] octets, boolean partial, int checksumAt, Packet.Gso gso, int gsoSize) {
        static Frame of(byte[] octets) {
            return new Frame(octets, false, 0, Packet.Gso.NONE, 0);
        }
    }

    private final MacAddress mac;
    private final PortCapabilities capabilities;
    private final Deque<Frame> arriving = new ArrayDeque<>();
    private final List<Frame> sent = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private MemorySegment repeated = MemorySegment.NULL;
    private int repetitions;
    private boolean isForgetful;
    private int forgotten;

    MemoryPort(MacAddress mac, boolean offload) {
        this.mac = mac;
        this.capabilities = new PortCapabilities(mac.bits() != 0, offload, offload, offload, "memory");
    }

    void arrive(Frame frame) {
        arriving.add(frame);
    }

    /** What was sent since the last time. */
    List<Frame> taken() {
        List<Frame> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    /** Lets the same frame arrive so many times. */
    void repeat(byte[] frame, int times) {
        repeated = Arena.ofAuto().allocate(frame.length);
        MemorySegment.copy(frame, 0, repeated, ValueLayout.JAVA_BYTE, 0, frame.length);
        repetitions = times;
    }

    /** From now on counts what is sent and keeps nothing. */
    void forgetful() {
        isForgetful = true;
    }

    int forgotten() {
        return forgotten;
    }

    /** How many more frames it takes. */
    void room(int frames) {
        room = frames;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public PortCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        int count = 0;
        while (repetitions > 0 && !into.isFull()) {
            Packet packet = pool.take();
            if (packet == null) {
                break;
            }
            int length = (int) repeated.byteSize();
            MemorySegment.copy(repeated, 0, packet.buffer(), packet.append(length), length);
            into.add(packet);
            repetitions--;
            count++;
        }
        while (!arriving.isEmpty() && !into.isFull()) {
            Packet packet = pool.take();
            if (packet == null) {
                break;
            }
            Frame frame = arriving.remove();
            int at = packet.append(frame.octets().length);
            MemorySegment.copy(frame.octets(), 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, frame.octets().length);
            if (frame.partial()) {
                int ethernet = mac.bits() == 0 ? 0 : 14;
                int transport = at + ethernet + 20;
                packet.partialChecksum(transport, frame.checksumAt());
            }
            packet.gso(frame.gso(), frame.gsoSize());
            into.add(packet);
            count++;
        }
        return count;
    }

    @Override
    public int send(PacketBurst burst) {
        int taken = Math.min(room, burst.size());
        if (isForgetful) {
            forgotten += taken;
            return taken;
        }
        for (int i = 0; i < taken; i++) {
            Packet packet = burst.get(i);
            byte[] octets =
                    packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
            sent.add(new Frame(
                    octets, packet.partialChecksum(), packet.checksumOffset(), packet.gso(), packet.gsoSize()));
        }
        room -= taken;
        burst.refuseFrom(taken);
        return taken;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public void close() {}
}
