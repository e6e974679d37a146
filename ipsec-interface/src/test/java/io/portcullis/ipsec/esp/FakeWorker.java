package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A worker that keeps what it is given; commands run at once. */
final class FakeWorker implements PacketWorker, WorkerMailbox, AutoCloseable {
    final PacketPool pool = new PacketPool(160);
    final List<Packet> originated = new ArrayList<>();
    final List<Packet> decapsulated = new ArrayList<>();
    private final ArrayDeque<BurstCollector> collectors = new ArrayDeque<>();
    final List<DropReason> dropped = new ArrayList<>();
    Consumer<Packet> onOriginate = _ -> {};
    long now = 1_000;

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public void originate(Packet packet, long at) {
        onOriginate.accept(packet);
        originated.add(packet);
    }

    @Override
    public void decapsulated(Packet packet, NetworkInterface tunnel, long at) {
        tunnel.counters().of(this).received(packet.length());
        packet.depth(packet.depth() + 1);
        decapsulated.add(packet);
    }

    @Override
    public void drop(Packet packet, DropReason reason) {
        dropped.add(reason);
        pool.give(packet);
    }

    @Override
    public void lost(NetworkInterface ingress, DropReason reason) {
        dropped.add(reason);
    }

    @Override
    public void flushLater(BurstCollector collector) {
        collectors.addLast(collector);
    }

    /** Ends the burst: what was collected comes out. */
    void end() {
        while (!collectors.isEmpty()) {
            collectors.removeFirst().flush(this, now);
        }
    }

    @Override
    public boolean execute(WorkerCommand command) {
        command.run(this, now);
        return true;
    }

    /** A parsed packet with these octets. */
    Packet packet(byte[] octets) {
        Packet packet = pool.take();
        packet.append(octets.length);
        MemorySegment.copy(octets, 0, packet.buffer(), ValueLayout.JAVA_BYTE, packet.start(), octets.length);
        DropReason why = Headers.parse(packet);
        if (why != DropReason.NONE) {
            throw new IllegalArgumentException(why + " in " + Arrays.toString(octets));
        }
        return packet;
    }

    static byte[] octets(Packet packet) {
        return packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        pool.close();
    }
}
