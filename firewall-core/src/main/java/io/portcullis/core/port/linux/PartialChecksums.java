package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * Finds checksums that a kernel on the same machine left to be finished, where the way in does not tell. Such a field
 * holds the folded sum of the pseudo-header. A right checksum does so in one packet of 65,536, so it is only then
 * summed.
 */
final class PartialChecksums {
    private static final int NEXT_HEADER = 6;

    private PartialChecksums() {}

    /** Says on the packet, a received frame, whether its checksum is partial. */
    static void find(Packet packet) {
        MemorySegment b = packet.buffer();
        int frame = packet.start();
        if (Ethernet.check(b, frame, packet.end()) != DropReason.NONE) {
            return;
        }
        int at = frame + Ethernet.headerLength(b, frame);
        boolean suspect = switch (Ethernet.type(b, frame)) {
            case EtherType.IPV4 -> isSuspectV4(b, at, packet.end());
            case EtherType.IPV6 -> isSuspectV6(b, at, packet.end());
            default -> false;
        };
        if (suspect) {
            packet.bounds(at, packet.end());
            if (Headers.parse(packet) == DropReason.NONE && !packet.isFragment()) {
                look(packet);
            }
            packet.bounds(frame, packet.end());
            packet.forgetHeaders();
        }
    }

    private static boolean isSuspectV4(MemorySegment b, int at, int end) {
        if (end - at < Ipv4.HEADER) {
            return false;
        }
        int protocol = Ipv4.protocol(b, at);
        int offset = offset(protocol);
        int headerLength = Ipv4.headerLength(b, at);
        int field = at + headerLength + offset;
        return offset != 0
                && field + 2 <= end
                && Octets.u16(b, field)
                        == Checksum.fold(Ipv4.pseudoHeader(b, at, protocol, Ipv4.totalLength(b, at) - headerLength));
    }

    private static boolean isSuspectV6(MemorySegment b, int at, int end) {
        if (end - at < Ipv6.HEADER) {
            return false;
        }
        int protocol = Octets.u8(b, at + NEXT_HEADER);
        int offset = offset(protocol);
        int field = at + Ipv6.HEADER + offset;
        if (offset == 0) {
            return protocol == IpProtocol.HOP_BY_HOP
                    || protocol == IpProtocol.ROUTING
                    || protocol == IpProtocol.DESTINATION_OPTIONS;
        }
        return field + 2 <= end
                && Octets.u16(b, field) == Checksum.fold(Ipv6.pseudoHeader(b, at, protocol, Ipv6.payloadLength(b, at)));
    }

    /** Where a transport header has the checksum that kernels leave; 0 when it has none. */
    private static int offset(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> Tcp.CHECKSUM;
            case IpProtocol.UDP -> Udp.CHECKSUM;
            default -> 0;
        };
    }

    /** The packet is parsed. */
    private static void look(Packet packet) {
        int offset = offset(packet.protocol());
        if (offset == 0) {
            return;
        }
        int at = packet.transportAt();
        int field = Octets.u16(packet.buffer(), at + offset);
        if (field == Checksum.fold(Headers.pseudoHeader(packet, packet.payloadEnd() - at))
                && Headers.verifyTransport(packet) != DropReason.NONE) {
            packet.partialChecksum(at, offset);
        }
    }
}
