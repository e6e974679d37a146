package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A device by messages (recvmmsg(2)), a batch of frames with each system call, straight into packets. VLAN tags, which
 * the kernel takes off frames and hands over beside them, are put back.
 */
final class PacketMessages implements DeviceIo {
    private static final int AUXDATA = 8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    /** A control message header and struct tpacket_auxdata, padded. */
    private static final int AUXDATA_ROOM = 40;

    private static final int AUX_STATUS = 16;
    private static final int AUX_VLAN = 32;

    private static final int BATCH = PacketBurst.CAPACITY;

    private final PacketSocket socket;
    private final PortCapabilities capabilities;
    private final Arena arena = Arena.ofShared();
    private final MessageArray in = new MessageArray(arena, BATCH, AUXDATA_ROOM);

    /** Empty packets that {@link #in} points at; those in use are null. */
    private final @Nullable Packet[] waiting = new Packet[BATCH];

    private @Nullable PacketPool waitingFrom;
    private long unusable;

    private PacketMessages(PacketSocket socket, String why) {
        this.socket = socket;
        this.capabilities = socket.capabilities("AF_PACKET, messages in batches of " + BATCH + ": " + why);
    }

    /**
     * @param why the method was chosen, for people
     * @throws DeviceException when the kernel or the rights do not allow it
     */
    static PacketMessages open(TakenDevice device, Fanout fanout, String why) throws DeviceException {
        PacketSocket socket = PacketSocket.open(device.name());
        try {
            socket.withOffloads();
            socket.option("PACKET_AUXDATA", AUXDATA, 1);
            socket.bind(device.index(), fanout);
            return new PacketMessages(socket, why);
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
        int ready = fill(pool, BATCH - into.size());
        if (ready == 0) {
            return 0;
        }
        // A failure (the device went down, a frame that no header can describe) ends this batch and is told once.
        int received = Libc.recvmmsg(socket.fd(), in.from(0), ready, MSG_DONTWAIT);
        int added = 0;
        for (int i = 0; i < received; i++) {
            Packet packet = waiting[i];
            waiting[i] = null;
            if (packet != null) {
                if (finish(packet, i)) {
                    into.add(packet);
                    added++;
                } else {
                    unusable++;
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
            if ((status & PacketSocket.STATUS_VLAN_VALID) != 0 && length >= Ethernet.HEADER) {
                int vlan = in.control(index, AUX_VLAN);
                int protocol = (status & PacketSocket.STATUS_TPID_VALID) != 0 ? vlan >>> 16 : 0;
                PacketSocket.putTagBack(packet, protocol, vlan & 0xffff);
            }
        }
        return true;
    }

    @Override
    public PortStatistics statistics() {
        return new PortStatistics(socket.full(), unusable);
    }

    @Override
    public int send(PacketBurst burst) {
        return socket.send(burst);
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

    @Override
    public void close() {
        giveBack();
        socket.close();
        arena.close();
    }
}
