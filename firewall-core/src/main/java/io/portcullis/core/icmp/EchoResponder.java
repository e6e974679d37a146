package io.portcullis.core.icmp;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;

/** Answers echo requests to own addresses, in place (RFC 1122 section 3.2.2.6, RFC 4443 section 4.2). */
public final class EchoResponder {
    private static final int TTL = 64;

    private EchoResponder() {}

    /** Whether the parsed packet asks for an echo. */
    public static boolean isRequest(Packet packet) {
        return is(packet, Icmp.ECHO_REQUEST, Icmpv6.ECHO_REQUEST);
    }

    /** Whether the parsed packet is an echo that somebody asked for. */
    public static boolean isReply(Packet packet) {
        return is(packet, Icmp.ECHO_REPLY, Icmpv6.ECHO_REPLY);
    }

    /** Turns a request into its reply and originates it; with NONE the packet is taken over. */
    public static DropReason answer(Packet packet, PacketWorker worker, long now) {
        if (Headers.verifyTransport(packet) != DropReason.NONE) {
            return DropReason.BAD_CHECKSUM;
        }
        MemorySegment b = packet.buffer();
        int ip = packet.networkAt();
        int echo = packet.transportAt();
        if (packet.ipVersion() == 4) {
            int source = Ipv4.source(b, ip);
            Ipv4.source(b, ip, Ipv4.destination(b, ip));
            Ipv4.destination(b, ip, source);
            Ipv4.ttl(b, ip, TTL);
            Icmp.type(b, echo, Icmp.ECHO_REPLY);
            Checksums.word16(packet, Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8);
        } else {
            Ipv6.source(b, ip, packet.destinationHigh(), packet.destinationLow());
            Ipv6.destination(b, ip, packet.sourceHigh(), packet.sourceLow());
            Ipv6.hopLimit(b, ip, TTL);
            Icmpv6.type(b, echo, Icmpv6.ECHO_REPLY);
            Checksums.word16(packet, Icmpv6.ECHO_REQUEST << 8, Icmpv6.ECHO_REPLY << 8);
        }
        packet.bounds(ip, packet.payloadEnd());
        packet.lastTunnel(null);
        worker.originate(packet, now);
        return DropReason.NONE;
    }

    private static boolean is(Packet packet, int type4, int type6) {
        return switch (packet.protocol()) {
                    case IpProtocol.ICMP -> packet.destinationPort() == type4 << 8;
                    case IpProtocol.ICMPV6 -> packet.destinationPort() == type6 << 8;
                    default -> false;
                }
                && !packet.isFragment();
    }
}
