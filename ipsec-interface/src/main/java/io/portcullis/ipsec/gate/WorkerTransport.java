package io.portcullis.ipsec.gate;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.ike.IkeTransport;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * IKE's way out: datagrams of the firewall's own, routed, counted and, when a route says so, encrypted like any other.
 */
public final class WorkerTransport implements IkeTransport {
    /** The longest payload: what a UDP datagram over IPv4 holds. */
    static final int LONGEST = 65_535 - Ipv4.HEADER - Udp.HEADER;

    private static final int TTL = 64;

    private final WorkerMailbox worker;
    private final RandomGenerator random;

    /** @param random for identifications of datagrams that may be fragmented */
    public WorkerTransport(WorkerMailbox worker, RandomGenerator random) {
        this.worker = worker;
        this.random = random;
    }

    @Override
    public void send(IpAddress local, int localPort, IpAddress remote, int remotePort, byte[] payload) {
        if (payload.length > LONGEST || local.isV4() != remote.isV4()) {
            return;
        }
        int identification = random.nextInt(0x1_0000);
        worker.execute((on, now) -> {
            Packet packet = on.pool().take();
            if (packet == null) {
                return;
            }
            int at = packet.append(payload.length);
            MemorySegment.copy(payload, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, payload.length);
            originate(packet, local, localPort, remote, remotePort, identification, on, now);
        });
    }

    private static void originate(
            Packet packet,
            IpAddress local,
            int localPort,
            IpAddress remote,
            int remotePort,
            int identification,
            PacketWorker worker,
            long now) {
        MemorySegment b = packet.buffer();
        int udpAt = packet.push(Udp.HEADER);
        int length = packet.length();
        Udp.write(b, udpAt, localPort, remotePort, length);
        if (local.isV4()) {
            int at = packet.push(Ipv4.HEADER);
            // No DF: a long message must be able to come through in fragments (RFC 7296 section 2).
            Ipv4.write(
                    b,
                    at,
                    0,
                    Ipv4.HEADER + length,
                    identification,
                    false,
                    TTL,
                    IpProtocol.UDP,
                    local.v4Bits(),
                    remote.v4Bits());
            Udp.computeChecksum(b, udpAt, Ipv4.pseudoHeader(b, at, IpProtocol.UDP, length));
        } else {
            int at = packet.push(Ipv6.HEADER);
            Ipv6.write(
                    b, at, 0, 0, length, IpProtocol.UDP, TTL, local.high(), local.low(), remote.high(), remote.low());
            Udp.computeChecksum(b, udpAt, Ipv6.pseudoHeader(b, at, IpProtocol.UDP, length));
        }
        worker.originate(packet, now);
    }
}
