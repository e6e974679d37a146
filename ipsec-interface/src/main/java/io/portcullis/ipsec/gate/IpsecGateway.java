package io.portcullis.ipsec.gate;

import static io.portcullis.core.packet.DropReason.NONE;
import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.pipeline.IpsecGate;
import io.portcullis.ipsec.esp.EspInput;
import io.portcullis.ipsec.esp.SaDatabase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ESP and IKE for the firewall's own addresses: ESP is decrypted here and now, IKE waits for its own thread, and routers
 * that find our packets too long are heard. Owned by one worker.
 */
public final class IpsecGateway implements IpsecGate {
    static final int IKE_PORT = 500;
    static final int NAT_PORT = 4500;
    private static final int KEEPALIVE = 0xff;

    private final EspInput esp;
    private final IkeInbox ike;
    private final QuotedPackets quoted;

    public IpsecGateway(SaDatabase database, IkeInbox ike) {
        esp = new EspInput(database);
        this.ike = ike;
        quoted = new QuotedPackets(database);
    }

    @Override
    public boolean claims(Packet packet) {
        return switch (packet.protocol()) {
            case IpProtocol.ESP -> true;
            case IpProtocol.UDP -> packet.destinationPort() == IKE_PORT || packet.destinationPort() == NAT_PORT;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> QuotedPackets.claims(packet);
            default -> false;
        };
    }

    @Override
    public DropReason take(Packet packet, PacketWorker worker, long now) {
        return packet.gso() == Packet.Gso.NONE ? takeOne(packet, worker, now) : takeAll(packet, worker, now);
    }

    /** Datagrams that a device merged: each is a packet of its own. */
    private DropReason takeAll(Packet merged, PacketWorker worker, long now) {
        int count = Segmenter.count(merged);
        if (count == 0) {
            return DropReason.BAD_LENGTH;
        }
        for (int i = 0; i < count; i++) {
            Packet packet = worker.pool().take();
            if (packet == null) {
                return DropReason.NO_BUFFER;
            }
            Segmenter.cut(merged, i, packet);
            DropReason why = takeOne(packet, worker, now);
            if (why != NONE) {
                worker.drop(packet, why);
            }
        }
        worker.pool().give(merged);
        return NONE;
    }

    private DropReason takeOne(Packet packet, PacketWorker worker, long now) {
        return switch (packet.protocol()) {
            case IpProtocol.ESP ->
                esp.take(packet, packet.transportAt(), packet.payloadEnd(), EspInput.RAW, worker, now);
            case IpProtocol.UDP -> udp(packet, worker, now);
            default -> {
                quoted.heed(packet, now);
                worker.pool().give(packet);
                yield NONE;
            }
        };
    }

    /** RFC 3948 section 2: what a datagram on these ports is. */
    private DropReason udp(Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt() + Udp.HEADER;
        int end = packet.transportAt() + Udp.length(b, packet.transportAt());
        if (packet.destinationPort() == IKE_PORT) {
            return punt(packet, at, end, worker);
        }
        if (end - at == 1 && u8(b, at) == KEEPALIVE) {
            worker.pool().give(packet);
            return NONE;
        }
        if (end - at < Esp.NON_ESP_MARKER) {
            return DropReason.SHORT_HEADER;
        }
        if (i32(b, at) == 0) {
            return punt(packet, at, end, worker);
        }
        return esp.take(packet, at, end, packet.sourcePort(), worker, now);
    }

    private DropReason punt(Packet packet, int at, int end, PacketWorker worker) {
        NetworkInterface ingress = packet.ingress();
        boolean taken = ike.received(
                new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                packet.destinationPort(),
                new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                packet.sourcePort(),
                ingress == null ? "" : ingress.name(),
                packet.buffer().asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE));
        if (!taken) {
            return DropReason.IKE_QUEUE_FULL;
        }
        worker.pool().give(packet);
        return NONE;
    }
}
