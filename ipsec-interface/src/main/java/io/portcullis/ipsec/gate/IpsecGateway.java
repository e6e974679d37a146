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
        return switch (packet.protocol()) {
            case IpProtocol.ESP ->
                esp.takeAlone(packet, packet.transportAt(), packet.payloadEnd(), EspInput.RAW, worker, now);
            case IpProtocol.UDP ->
                packet.gso() == Packet.Gso.NONE ? datagram(packet, worker, now) : merged(packet, worker, now);
            default -> {
                quoted.heed(packet, now);
                worker.pool().give(packet);
                yield NONE;
            }
        };
    }

    private DropReason datagram(Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt() + Udp.HEADER;
        int end = packet.transportAt() + Udp.length(b, packet.transportAt());
        if (isEsp(packet, at, end)) {
            return esp.takeAlone(packet, at, end, packet.sourcePort(), worker, now);
        }
        DropReason why = withoutEsp(packet, at, end);
        if (why == NONE) {
            worker.pool().give(packet);
        }
        return why;
    }

    /** Datagrams that a device merged: each is taken for itself, where it lies. */
    private DropReason merged(Packet packet, PacketWorker worker, long now) {
        int count = Segmenter.count(packet);
        if (count == 0 || count > EspInput.MOST_MERGED) {
            return DropReason.BAD_LENGTH;
        }
        MemorySegment b = packet.buffer();
        int end = packet.payloadEnd();
        int size = packet.gsoSize();
        int first = packet.transportAt() + Udp.HEADER;
        int port = packet.sourcePort();
        int ofEsp = 0;
        // First what is copied out of the buffer: the first inner packet takes it over.
        for (int at = first; at < end; at += size) {
            int to = Math.min(at + size, end);
            if (isEsp(packet, at, to)) {
                ofEsp++;
                continue;
            }
            DropReason why = withoutEsp(packet, at, to);
            if (why != NONE) {
                worker.lost(packet.ingress(), why);
            }
        }
        if (ofEsp == 0) {
            worker.pool().give(packet);
            return NONE;
        }
        esp.begin(packet, worker, now);
        for (int at = first; at < end; at += size) {
            int to = Math.min(at + size, end);
            if (holdsEsp(b, at, to)) {
                esp.take(packet, at, to, port, worker, now);
            }
        }
        esp.end(packet, worker);
        return NONE;
    }

    /** RFC 3948 section 2: what a datagram on these ports is. */
    private static boolean isEsp(Packet packet, int at, int end) {
        return packet.destinationPort() == NAT_PORT && holdsEsp(packet.buffer(), at, end);
    }

    private static boolean holdsEsp(MemorySegment b, int at, int end) {
        return end - at >= Esp.NON_ESP_MARKER && i32(b, at) != 0;
    }

    /** Takes a copy of an IKE message; a keepalive has done its work already. The packet stays the caller's. */
    private DropReason withoutEsp(Packet packet, int at, int end) {
        if (packet.destinationPort() == IKE_PORT) {
            return punt(packet, at, end);
        }
        if (end - at == 1 && u8(packet.buffer(), at) == KEEPALIVE) {
            return NONE;
        }
        return end - at < Esp.NON_ESP_MARKER ? DropReason.SHORT_HEADER : punt(packet, at, end);
    }

    private DropReason punt(Packet packet, int at, int end) {
        NetworkInterface ingress = packet.ingress();
        boolean taken = ike.received(
                new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                packet.destinationPort(),
                new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                packet.sourcePort(),
                ingress == null ? "" : ingress.name(),
                packet.buffer().asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE));
        return taken ? NONE : DropReason.IKE_QUEUE_FULL;
    }
}
