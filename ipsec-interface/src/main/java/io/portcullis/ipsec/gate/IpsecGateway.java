package io.portcullis.ipsec.gate;

import static io.portcullis.core.packet.DropReason.NONE;
import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.pipeline.IpsecGate;
import io.portcullis.core.trace.Trail;
import io.portcullis.ipsec.esp.EspInput;
import io.portcullis.ipsec.esp.SaDatabase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ESP and IKE for the firewall's own addresses: ESP is decrypted here and now, IKE waits for its own thread, and
 * routers that find our packets too long are heard. Each worker has its own input.
 */
public final class IpsecGateway implements IpsecGate {
    static final int IKE_PORT = 500;
    static final int NAT_PORT = 4500;
    private static final int KEEPALIVE = 0xff;

    private final SaDatabase database;
    private final @Nullable EspInput[] inputs = new @Nullable EspInput[WorkerMailbox.MOST_WORKERS];
    private final IkeInbox ike;
    private final QuotedPackets quoted;

    public IpsecGateway(SaDatabase database, IkeInbox ike) {
        this.database = database;
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

    /** ESP belongs to the worker of its SA. */
    @Override
    public int worker(Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if (packet.protocol() == IpProtocol.ESP) {
            return database.worker(Esp.spi(b, at));
        }
        if (packet.protocol() != IpProtocol.UDP || packet.destinationPort() != NAT_PORT) {
            return BY_FLOW;
        }
        boolean isMerged = packet.gso() != Packet.Gso.NONE;
        int end = isMerged ? packet.payloadEnd() : at + Udp.length(b, at);
        int size = isMerged ? packet.gsoSize() : end - at;
        int owner = BY_FLOW;
        for (int one = at + Udp.HEADER; size > 0 && one + Esp.HEADER <= end; one += size) {
            int its = i32(b, one) == 0 ? owner : database.worker(Esp.spi(b, one));
            if (owner != BY_FLOW && its != owner) {
                return SEVERAL;
            }
            owner = its;
        }
        return owner;
    }

    /** What a router says of our packets may be meant for any worker's SAs. */
    @Override
    public void overhear(Packet packet, PacketWorker worker, long now) {
        quoted.heed(packet, worker, now);
    }

    private EspInput input(PacketWorker worker) {
        EspInput mine = inputs[worker.index()];
        if (mine == null) {
            mine = new EspInput(database);
            inputs[worker.index()] = mine;
        }
        return mine;
    }

    @Override
    public DropReason take(Packet packet, PacketWorker worker, long now) {
        return switch (packet.protocol()) {
            case IpProtocol.ESP ->
                input(worker).takeAlone(packet, packet.transportAt(), packet.payloadEnd(), EspInput.RAW, worker, now);
            case IpProtocol.UDP ->
                packet.gso() == Packet.Gso.NONE ? datagram(packet, worker, now) : merged(packet, worker, now);
            default -> error(packet, worker, now);
        };
    }

    @Override
    public DropReason trace(Packet packet, Trail trail, int worker) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int data = at + Udp.HEADER;
        return switch (packet.protocol()) {
            case IpProtocol.ESP -> traceEsp(packet, at, packet.payloadEnd(), trail, worker);
            case IpProtocol.UDP -> {
                int end = at + Udp.length(b, at);
                if (isEsp(packet, data, end)) {
                    yield traceEsp(packet, data, end, trail, worker);
                }
                trail.end("taken by IKE");
                yield packet.destinationPort() == NAT_PORT && isShort(packet, data, end)
                        ? DropReason.SHORT_HEADER
                        : NONE;
            }
            default -> {
                trail.end("heard by IPsec: an error about its packets");
                yield NONE;
            }
        };
    }

    private DropReason traceEsp(Packet packet, int at, int end, Trail trail, int worker) {
        if (end - at < Esp.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        int spi = Esp.spi(packet.buffer(), at);
        Optional<String> tunnel = database.tunnelOf(spi, worker);
        trail.step(
                "Tunnel",
                tunnel.map(name -> name
                                + ": decrypts it with its SA 0x%08x; trace what is inside from interface %s"
                                        .formatted(spi, name))
                        .orElse("no SA has SPI 0x%08x".formatted(spi)));
        trail.end("decrypted by tunnel " + tunnel.orElse(""));
        return tunnel.isPresent() ? NONE : DropReason.UNKNOWN_SPI;
    }

    /** The SA that it is about may be any worker's. */
    private DropReason error(Packet packet, PacketWorker worker, long now) {
        if (!quoted.mayHeed(worker, now)) {
            return DropReason.TOO_MANY_ERRORS;
        }
        quoted.heed(packet, worker, now);
        worker.tellOthers(packet);
        worker.pool().give(packet);
        return NONE;
    }

    private DropReason datagram(Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt() + Udp.HEADER;
        int end = packet.transportAt() + Udp.length(b, packet.transportAt());
        if (isEsp(packet, at, end)) {
            return input(worker).takeAlone(packet, at, end, packet.sourcePort(), worker, now);
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
        EspInput esp = input(worker);
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
        if (isKeepalive(packet, at, end)) {
            return NONE;
        }
        return isShort(packet, at, end) ? DropReason.SHORT_HEADER : punt(packet, at, end);
    }

    private static boolean isKeepalive(Packet packet, int at, int end) {
        return end - at == 1 && u8(packet.buffer(), at) == KEEPALIVE;
    }

    private static boolean isShort(Packet packet, int at, int end) {
        return end - at < Esp.NON_ESP_MARKER && !isKeepalive(packet, at, end);
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
