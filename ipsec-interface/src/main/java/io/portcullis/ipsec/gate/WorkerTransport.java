package io.portcullis.ipsec.gate;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpHeader;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
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
        int udpAt = packet.push(Udp.HEADER);
        Udp.write(packet.buffer(), udpAt, localPort, remotePort, packet.length());
        // No DF: a long message must be able to come through in fragments (RFC 7296 section 2).
        long pseudoHeader = IpHeader.push(packet, local, remote, IpProtocol.UDP, identification);
        Udp.computeChecksum(packet.buffer(), udpAt, pseudoHeader);
        worker.originate(packet, now);
    }
}
