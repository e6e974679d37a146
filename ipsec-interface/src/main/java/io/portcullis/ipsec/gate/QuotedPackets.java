package io.portcullis.ipsec.gate;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.time.RateLimit;
import io.portcullis.ipsec.esp.SaDatabase;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * "Fragmentation needed" and "packet too big" that quote an ESP packet of ours: how the outer path's MTU is learned
 * (RFC 4301 section 8.2). They are not authenticated, so what is learned never goes below what every path carries.
 */
final class QuotedPackets {
    /** SPI and sequence number, or the UDP header: what every router quotes. */
    private static final int LEAST = 8;

    /** Anybody can send them, and each is held against every SA. Routers repeat themselves. */
    static final int HEARD_A_SECOND = 100;

    private final SaDatabase database;
    private final RateLimit[] limits = new RateLimit[WorkerMailbox.MOST_WORKERS];

    QuotedPackets(SaDatabase database) {
        this.database = database;
        Arrays.setAll(limits, _ -> new RateLimit(HEARD_A_SECOND));
    }

    /** Whether a worker may hear one more that came to it. */
    boolean mayHeed(PacketWorker worker, long now) {
        return limits[worker.index()].allows(now);
    }

    /** Whether a parsed ICMP packet is such an error about a packet of its receiver. */
    static boolean claims(Packet packet) {
        MemorySegment b = packet.buffer();
        int error = packet.transportAt();
        int at = error + Icmp.HEADER;
        int end = packet.payloadEnd();
        if (packet.protocol() == IpProtocol.ICMP) {
            return packet.ipVersion() == 4
                    && Icmp.type(b, error) == Icmp.UNREACHABLE
                    && Icmp.code(b, error) == Icmp.FRAGMENTATION_NEEDED
                    && end - at >= Ipv4.HEADER
                    && u8(b, at) >>> 4 == 4
                    && end - at >= Ipv4.headerLength(b, at) + LEAST
                    && Ipv4.source(b, at) == (int) packet.destinationLow()
                    && isOurs(b, Ipv4.protocol(b, at), at + Ipv4.headerLength(b, at));
        }
        return packet.ipVersion() == 6
                && Icmpv6.type(b, error) == Icmpv6.PACKET_TOO_BIG
                && end - at >= Ipv6.HEADER + LEAST
                && u8(b, at) >>> 4 == 6
                && Ipv6.sourceHigh(b, at) == packet.destinationHigh()
                && Ipv6.sourceLow(b, at) == packet.destinationLow()
                && isOurs(b, Ipv6.nextHeader(b, at), at + Ipv6.HEADER);
    }

    private static boolean isOurs(MemorySegment b, int protocol, int at) {
        return protocol == IpProtocol.ESP
                || (protocol == IpProtocol.UDP
                        && (Udp.sourcePort(b, at) == IpsecGateway.NAT_PORT
                                || Udp.sourcePort(b, at) == IpsecGateway.IKE_PORT));
    }

    /** Lets the SA that the quoted packet belongs to know the MTU. */
    void heed(Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int error = packet.transportAt();
        int at = error + Icmp.HEADER;
        boolean v4 = packet.ipVersion() == 4;
        IpAddress remote = v4
                ? IpAddress.v4(Ipv4.destination(b, at))
                : new IpAddress(Ipv6.destinationHigh(b, at), Ipv6.destinationLow(b, at));
        int mtu = v4 ? Icmp.mtu(b, error) : (int) Math.min(65_535, Icmpv6.mtu(b, error));
        int protocol = v4 ? Ipv4.protocol(b, at) : Ipv6.nextHeader(b, at);
        int inside = at + (v4 ? Ipv4.headerLength(b, at) : Ipv6.HEADER);
        if (protocol == IpProtocol.ESP) {
            database.espTooLong(worker, remote, Esp.spi(b, inside), mtu, now);
        } else {
            database.udpTooLong(worker, remote, Udp.sourcePort(b, inside), Udp.destinationPort(b, inside), mtu, now);
        }
    }
}
