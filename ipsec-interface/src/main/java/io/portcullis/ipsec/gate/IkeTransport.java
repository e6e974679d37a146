package io.portcullis.ipsec.gate;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.esp.WorkerCommands;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * IKE's way out: datagrams of the firewall's own, routed, counted and, when a route says so, encrypted like any other.
 * Like the network itself it may lose a message: IKE repeats them. Called on the IKE thread.
 */
public final class IkeTransport {
    /** The longest message: a UDP datagram with marker over IPv4. */
    public static final int LONGEST = 65_535 - Ipv4.HEADER - Udp.HEADER - Esp.NON_ESP_MARKER;

    private static final int TTL = 64;
    private static final int KEEPALIVE = 0xff;

    private final WorkerCommands worker;
    private final RandomGenerator random;

    /** @param random for identifications of datagrams that may be fragmented */
    public IkeTransport(WorkerCommands worker, RandomGenerator random) {
        this.worker = worker;
        this.random = random;
    }

    /**
     * Sends a message, behind the non-ESP marker where it leaves from port 4500 (RFC 3948 section 2.2).
     *
     * @param message not changed afterwards
     * @return false when it was given up at once: too long, or the worker's mailbox is full
     */
    public boolean send(IpAddress local, int localPort, IpAddress remote, int remotePort, byte[] message) {
        if (message.length > LONGEST) {
            return false;
        }
        int identification = random.nextInt(0x1_0000);
        boolean marker = localPort != IpsecGateway.IKE_PORT;
        return worker.offer((on, now) -> {
            Packet packet = on.pool().take();
            if (packet == null) {
                return;
            }
            MemorySegment b = packet.buffer();
            if (marker) {
                i32(b, packet.append(Esp.NON_ESP_MARKER), 0);
            }
            int at = packet.append(message.length);
            MemorySegment.copy(message, 0, b, ValueLayout.JAVA_BYTE, at, message.length);
            originate(packet, local, localPort, remote, remotePort, identification, on, now);
        });
    }

    /** Sends the octet that keeps a NAT's mapping alive (RFC 3948 section 2.3). */
    public boolean keepalive(IpAddress local, int localPort, IpAddress remote, int remotePort) {
        int identification = random.nextInt(0x1_0000);
        return worker.offer((on, now) -> {
            Packet packet = on.pool().take();
            if (packet != null) {
                u8(packet.buffer(), packet.append(1), KEEPALIVE);
                originate(packet, local, localPort, remote, remotePort, identification, on, now);
            }
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
