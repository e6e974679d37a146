package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;

/** What routers do to packets that pass: time to live, path MTU, and the MSS of TCP openers. */
final class Egress {
    private Egress() {}

    /** Whether the packet may leave this way; asked before anything is changed, so that an error can quote it. */
    static DropReason check(Packet packet, NetworkInterface in, NetworkInterface out, NetworkInterface core) {
        if (out.equals(packet.lastTunnel())) {
            return DropReason.TUNNEL_LOOP;
        }
        if (!in.equals(core) && !out.equals(core) && ttl(packet) <= 1) {
            return DropReason.TTL_EXPIRED;
        }
        return EthernetInterface.exceeds(packet, out.mtu()) && !Pieces.mayCut(packet, out.mtu())
                ? DropReason.TOO_BIG
                : NONE;
    }

    /** Takes one off the TTL of what is forwarded; clamps the MSS to the narrower of both sides. */
    static void prepare(Packet packet, NetworkInterface in, NetworkInterface out, NetworkInterface core) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        boolean v4 = packet.ipVersion() == 4;
        if (!in.equals(core) && !out.equals(core)) {
            if (v4) {
                Ipv4.ttl(b, at, Ipv4.ttl(b, at) - 1);
            } else {
                Ipv6.hopLimit(b, at, Ipv6.hopLimit(b, at) - 1);
            }
        }
        if (packet.protocol() == IpProtocol.TCP && (Tcp.flags(b, packet.transportAt()) & Tcp.SYN) != 0) {
            int headers = Tcp.HEADER + (v4 ? Ipv4.HEADER : Ipv6.HEADER);
            Checksums.clampMss(packet, Math.min(in.mtu(), out.mtu()) - headers);
        }
    }

    private static int ttl(Packet packet) {
        return packet.ipVersion() == 4
                ? Ipv4.ttl(packet.buffer(), packet.networkAt())
                : Ipv6.hopLimit(packet.buffer(), packet.networkAt());
    }
}
