package io.portcullis.core.iface;

import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.icmp.EchoResponder;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.pipeline.IpsecGate;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.trace.Trail;
import org.jspecify.annotations.Nullable;

/**
 * The firewall itself as an interface, {@code core}: what is routed to an own address arrives here. IKE and ESP go to
 * the IPsec gate, echo is answered, monitors hear what they asked for, the rest goes to the TUN device by which the
 * program's own sockets are reached; the first worker has that.
 */
public final class CoreInterface implements NetworkInterface {
    public static final String NAME = "core";
    /** Nothing here is too long for it. */
    public static final int MTU = 65_535;

    /** The worker that has the TUN device. */
    private static final int SOCKETS = 0;

    private final int index;
    private final IpsecGate gate;
    private final EchoClient echo;
    private final TcpClient tcp;
    private final @Nullable Port tun;
    private final InterfaceCounters counters = new InterfaceCounters();
    private final PacketBurst waiting = new PacketBurst();

    /** @param tun the device behind which the program's sockets are; null when there is none */
    public CoreInterface(int index, IpsecGate gate, EchoClient echo, TcpClient tcp, @Nullable Port tun) {
        this.index = index;
        this.gate = gate;
        this.echo = echo;
        this.tcp = tcp;
        this.tun = tun;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int mtu() {
        return MTU;
    }

    @Override
    public InterfaceCounters counters() {
        return counters;
    }

    /** The device behind which the program's sockets are. */
    public @Nullable Port tun() {
        return tun;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        worker.passes(packet, this, true);
        if (gate.claims(packet)) {
            return gate.take(packet, worker, now);
        }
        if (EchoResponder.isRequest(packet)) {
            return EchoResponder.answer(packet, worker, now);
        }
        if (EchoResponder.isReply(packet) ? echo.heard(packet, now) : tcp.heard(packet, worker, now)) {
            worker.pool().give(packet);
            return DropReason.NONE;
        }
        if (tun == null) {
            return DropReason.NO_SERVICE;
        }
        if (worker.index() != SOCKETS) {
            worker.sendBy(SOCKETS, packet, this, null);
            return DropReason.NONE;
        }
        if (!tun.status().state().takesFrames()) {
            return DropReason.INTERFACE_DOWN;
        }
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        PortCapabilities can = tun.capabilities();
        if (!can.cuts(packet.gso())) {
            return cut(packet, worker, now);
        }
        enqueue(packet, can, worker, now);
        return DropReason.NONE;
    }

    @Override
    public DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        if (gate.claims(packet)) {
            return gate.trace(packet, trail, worker);
        }
        if (EchoResponder.isRequest(packet)) {
            trail.end("answered by the firewall itself");
            return Headers.verifyTransport(packet);
        }
        if (EchoResponder.isReply(packet) ? echo.awaits(packet) : tcp.awaits(packet)) {
            trail.end("taken by the firewall itself, which has asked for it");
            return DropReason.NONE;
        }
        if (tun == null) {
            return DropReason.NO_SERVICE;
        }
        trail.end("handed to the sockets of the firewall itself");
        return tun.status().state().takesFrames() ? DropReason.NONE : DropReason.INTERFACE_DOWN;
    }

    private DropReason cut(Packet packet, PacketWorker worker, long now) {
        int count = Segmenter.count(packet);
        if (count == 0 || tun == null) {
            return DropReason.BAD_LENGTH;
        }
        for (int i = 0; i < count; i++) {
            Packet segment = worker.pool().take();
            if (segment == null) {
                return DropReason.NO_BUFFER;
            }
            Segmenter.cut(packet, i, segment);
            enqueue(segment, tun.capabilities(), worker, now);
        }
        worker.pool().give(packet);
        return DropReason.NONE;
    }

    private void enqueue(Packet packet, PortCapabilities can, PacketWorker worker, long now) {
        if (!can.partialChecksum()) {
            Checksums.complete(packet);
        }
        if (waiting.isFull()) {
            flush(worker, now);
        }
        if (waiting.isEmpty()) {
            worker.flushLater(this);
        }
        waiting.add(packet);
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        if (tun == null || waiting.isEmpty()) {
            return;
        }
        tun.send(waiting);
        for (int i = 0; i < waiting.size(); i++) {
            Packet packet = waiting.get(i);
            if (!waiting.isRefused(i)) {
                counters.of(worker).sent(packet.length());
                worker.pool().give(packet);
            } else {
                counters.of(worker).dropped(DropReason.PORT_FULL);
                worker.drop(packet, DropReason.PORT_FULL);
            }
        }
        waiting.clear();
    }

    @Override
    public String toString() {
        return NAME;
    }
}
