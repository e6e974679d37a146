package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * Finds checksums that a kernel on the same machine left to be finished, where the way in does not tell. Such a field
 * holds the folded sum of the pseudo-header. A right checksum does so in one packet of 65,536, so it is only then summed.
 */
final class PartialChecksums {
    private PartialChecksums() {}

    /** Says on the packet, a received frame, whether its checksum is partial. */
    static void find(Packet packet) {
        MemorySegment b = packet.buffer();
        int frame = packet.start();
        if (Ethernet.check(b, frame, packet.end()) != DropReason.NONE) {
            return;
        }
        int type = Ethernet.type(b, frame);
        if (type != EtherType.IPV4 && type != EtherType.IPV6) {
            return;
        }
        packet.pull(Ethernet.headerLength(b, frame));
        if (Headers.parse(packet) == DropReason.NONE && !packet.isFragment()) {
            look(packet);
        }
        packet.bounds(frame, packet.end());
        packet.forgetHeaders();
    }

    private static void look(Packet packet) {
        int offset = switch (packet.protocol()) {
            case IpProtocol.TCP -> Tcp.CHECKSUM;
            case IpProtocol.UDP -> Udp.CHECKSUM;
            default -> 0;
        };
        if (offset == 0) {
            return;
        }
        int at = packet.transportAt();
        int length = packet.payloadEnd() - at;
        int field = Octets.u16(packet.buffer(), at + offset);
        if (field == Checksum.fold(Headers.pseudoHeader(packet, length))
                && Headers.verifyTransport(packet) != DropReason.NONE) {
            packet.partialChecksum(at, offset);
        }
    }
}
