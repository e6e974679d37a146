package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.crypto.EspBurst;
import java.lang.foreign.MemorySegment;

/**
 * Takes packets out of ESP tunnel mode (RFC 4303 section 3.4), where they lie. After NONE the packet is the inner one,
 * unparsed. Owned by one worker.
 */
final class Decapsulator {
    private final EspBurst burst = new EspBurst();

    /**
     * @param espAt offset of the ESP header
     * @param espEnd offset behind the ICV; both inside the packet
     * @param outerEcn ECN field of the outer header
     */
    DropReason open(Packet packet, int espAt, int espEnd, InboundSa sa, int outerEcn, long now) {
        MemorySegment b = packet.buffer();
        int textAt = espAt + Esp.HEADER + sa.transform.ivOctets();
        int text = espEnd - textAt - sa.transform.icvOctets();
        int alignment = sa.transform.alignment();
        if (text < alignment || (text & (alignment - 1)) != 0) {
            return DropReason.BAD_LENGTH;
        }
        long sequence = sa.window.full(Esp.sequence(b, espAt));
        if (!sa.window.mayAccept(sequence)) {
            sa.replayed++;
            return DropReason.REPLAYED;
        }
        burst.clear();
        burst.add(b, espAt, text, sequence);
        sa.transform.open(burst);
        if (!burst.authentic(0)) {
            sa.forged++;
            return DropReason.BAD_ICV;
        }
        sa.window.accepted(sequence);
        sa.packets++;
        sa.octets += text;
        sa.lastNanos = now;
        return inner(packet, textAt, text, outerEcn);
    }

    private static DropReason inner(Packet packet, int textAt, int text, int outerEcn) {
        MemorySegment b = packet.buffer();
        int trailerAt = textAt + text - EspOverhead.TRAILER;
        int padding = u8(b, trailerAt);
        int nextHeader = u8(b, trailerAt + 1);
        if (padding > text - EspOverhead.TRAILER) {
            return DropReason.BAD_PADDING;
        }
        for (int i = 1; i <= padding; i++) {
            if (u8(b, trailerAt - padding + i - 1) != i) {
                return DropReason.BAD_PADDING;
            }
        }
        int end = trailerAt - padding;
        return switch (nextHeader) {
            case IpProtocol.IPV4 -> innerV4(packet, textAt, end, outerEcn);
            case IpProtocol.IPV6 -> innerV6(packet, textAt, end, outerEcn);
            case IpProtocol.NO_NEXT_HEADER -> DropReason.DUMMY;
            default -> DropReason.BAD_VERSION;
        };
    }

    private static DropReason innerV4(Packet packet, int at, int end, int outerEcn) {
        MemorySegment b = packet.buffer();
        if (end - at < Ipv4.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, at) >>> 4 != 4) {
            return DropReason.BAD_VERSION;
        }
        int ecn = Ecn.decapsulate(Ipv4.ecn(b, at), outerEcn);
        if (ecn == Ecn.DROP) {
            return DropReason.BAD_ECN;
        }
        if (ecn != Ipv4.ecn(b, at)) {
            Ipv4.tos(b, at, (Ipv4.tos(b, at) & 0xfc) | ecn);
        }
        // What lies between the packet's own length and the trailer hides its length (RFC 4303 section 2.7).
        return became(packet, at, end, Ipv4.totalLength(b, at), Ipv4.HEADER);
    }

    private static DropReason innerV6(Packet packet, int at, int end, int outerEcn) {
        MemorySegment b = packet.buffer();
        if (end - at < Ipv6.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, at) >>> 4 != 6) {
            return DropReason.BAD_VERSION;
        }
        int ecn = Ecn.decapsulate(Ipv6.ecn(b, at), outerEcn);
        if (ecn == Ecn.DROP) {
            return DropReason.BAD_ECN;
        }
        if (ecn != Ipv6.ecn(b, at)) {
            Ipv6.trafficClass(b, at, (Ipv6.trafficClass(b, at) & 0xfc) | ecn);
        }
        return became(packet, at, end, Ipv6.HEADER + Ipv6.payloadLength(b, at), Ipv6.HEADER);
    }

    private static DropReason became(Packet packet, int at, int end, int length, int least) {
        if (length < least || length > end - at) {
            return DropReason.BAD_LENGTH;
        }
        packet.bounds(at, at + length);
        packet.forgetHeaders();
        packet.clearOffload();
        return DropReason.NONE;
    }
}
