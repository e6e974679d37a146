package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A device by the packet ring (TPACKET_V3, linux/if_packet.h): the kernel fills blocks of shared memory with frames and
 * hands over whole ones, a block that is not full after a millisecond. Each frame has its offload header before it, so
 * super-packets come whole. Frames are copied into packets and sent by messages.
 */
final class PacketRing implements DeviceIo {
    private static final int RX_RING = 5;
    private static final int VERSION = 10;
    private static final int TPACKET_V3 = 2;

    /** Holds the longest super-packet; more than that waits for more before it is handed over. */
    private static final int BLOCK = 128 << 10;

    private static final int BLOCKS = 128;
    private static final int FRAME = 2048;
    private static final int RETIRE_MILLIS = 1;

    private static final int BLOCK_STATUS = 8;
    private static final int BLOCK_PACKETS = 12;
    private static final int BLOCK_FIRST = 16;
    private static final int FRAME_NEXT = 0;
    private static final int FRAME_CAPTURED = 12;
    private static final int FRAME_LENGTH = 16;
    private static final int FRAME_STATUS = 20;
    private static final int FRAME_MAC = 24;
    private static final int FRAME_VLAN_TAG = 32;
    private static final int FRAME_VLAN_TYPE = 36;
    private static final int KERNELS = 0;
    private static final int OURS = 1;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final PacketSocket socket;
    private final MemorySegment ring;
    private final PortCapabilities capabilities;
    private int block;
    /** Frames of the current block that were not looked at; 0 before the block is known to be ours. */
    private int remaining;

    private long frameAt;
    private long unusable;

    private PacketRing(PacketSocket socket, MemorySegment ring, String why) {
        this.socket = socket;
        this.ring = ring;
        this.capabilities = socket.capabilities("AF_PACKET, ring (TPACKET_V3), sends messages: " + why);
    }

    /**
     * @param why the method was chosen, for people
     * @throws DeviceException when the kernel or the rights do not allow it
     */
    static PacketRing open(TakenDevice device, Fanout fanout, String why) throws DeviceException {
        PacketSocket socket = PacketSocket.open(device.name());
        try {
            socket.option("PACKET_VERSION", VERSION, TPACKET_V3);
            socket.withOffloads();
            MemorySegment request = socket.arena()
                    .allocateFrom(
                            ValueLayout.JAVA_INT, BLOCK, BLOCKS, FRAME, BLOCK / FRAME * BLOCKS, RETIRE_MILLIS, 0, 0);
            socket.option("PACKET_RX_RING", RX_RING, request);
            long octets = (long) BLOCK * BLOCKS;
            long address = Libc.mmap(socket.state(), socket.fd(), octets, 0);
            if (address == -1) {
                throw socket.failed("mmap of the ring");
            }
            MemorySegment ring = MemorySegment.ofAddress(address).reinterpret(octets, socket.arena(), Libc::munmap);
            socket.bind(device.index(), fanout);
            return new PacketRing(socket, ring, why);
        } catch (DeviceException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public PortCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int descriptor() {
        return socket.fd();
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        int added = 0;
        while (!into.isFull() && hasFrame()) {
            Packet packet = pool.take();
            if (packet == null) {
                break;
            }
            if (copy(packet)) {
                into.add(packet);
                added++;
            } else {
                unusable++;
                pool.give(packet);
            }
            next();
        }
        return added;
    }

    /** Whether a frame lies at {@link #frameAt}; opens the next block when it is ours. */
    private boolean hasFrame() {
        long at = (long) block * BLOCK;
        while (remaining == 0) {
            if (((int) INT.getAcquire(ring, at + BLOCK_STATUS) & OURS) == 0) {
                return false;
            }
            remaining = ring.get(ValueLayout.JAVA_INT, at + BLOCK_PACKETS);
            frameAt = at + ring.get(ValueLayout.JAVA_INT, at + BLOCK_FIRST);
            if (remaining == 0) {
                release();
                at = (long) block * BLOCK;
            }
        }
        return true;
    }

    private void next() {
        frameAt += ring.get(ValueLayout.JAVA_INT, frameAt + FRAME_NEXT);
        if (--remaining == 0) {
            release();
        }
    }

    /** Gives the current block back to the kernel. */
    private void release() {
        INT.setRelease(ring, (long) block * BLOCK + BLOCK_STATUS, KERNELS);
        block = (block + 1) % BLOCKS;
    }

    /** @return false when the frame can not be used */
    private boolean copy(Packet packet) {
        int length = ring.get(ValueLayout.JAVA_INT, frameAt + FRAME_CAPTURED);
        if (length != ring.get(ValueLayout.JAVA_INT, frameAt + FRAME_LENGTH) || length > Packet.MAX_FRAME) {
            return false;
        }
        long frame = frameAt + (ring.get(ValueLayout.JAVA_SHORT, frameAt + FRAME_MAC) & 0xffff);
        MemorySegment.copy(ring, frame, packet.buffer(), packet.append(length), length);
        if (!VirtioHeader.read(ring, frame - VirtioHeader.LENGTH, packet)) {
            return false;
        }
        int status = ring.get(ValueLayout.JAVA_INT, frameAt + FRAME_STATUS);
        if ((status & PacketSocket.STATUS_VLAN_VALID) != 0 && length >= Ethernet.HEADER) {
            int type = (status & PacketSocket.STATUS_TPID_VALID) != 0
                    ? ring.get(ValueLayout.JAVA_SHORT, frameAt + FRAME_VLAN_TYPE) & 0xffff
                    : 0;
            PacketSocket.putTagBack(packet, type, ring.get(ValueLayout.JAVA_INT, frameAt + FRAME_VLAN_TAG) & 0xffff);
        }
        return true;
    }

    @Override
    public void settle() {
        socket.takeError();
    }

    @Override
    public PortStatistics statistics() {
        return new PortStatistics(socket.full(), unusable);
    }

    @Override
    public int send(PacketBurst burst) {
        return socket.send(burst);
    }

    @Override
    public void close() {
        socket.close();
    }
}
