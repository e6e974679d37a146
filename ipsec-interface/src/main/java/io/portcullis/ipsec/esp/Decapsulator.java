package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import java.lang.foreign.MemorySegment;

/**
 * Finds the inner packet in the decrypted text of ESP tunnel mode (RFC 4303 section 3.4.4.1), where it lies. Reused.
 */
final class Decapsulator {
    private int at;
    private int end;

    /** Offset of the inner packet's IP header, after NONE. */
    int at() {
        return at;
    }

    /** Offset behind its last octet, as its header says. */
    int end() {
        return end;
    }

    /**
     * Takes padding and trailer off, and brings the outer packet's congestion mark in.
     *
     * @param textAt offset of the text
     * @param text its octets, trailer included
     * @param outerEcn ECN field of the outer header
     */
    DropReason open(MemorySegment b, int textAt, int text, int outerEcn) {
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
        int limit = trailerAt - padding;
        return switch (nextHeader) {
            case IpProtocol.IPV4 -> innerV4(b, textAt, limit, outerEcn);
            case IpProtocol.IPV6 -> innerV6(b, textAt, limit, outerEcn);
            case IpProtocol.NO_NEXT_HEADER -> DropReason.DUMMY;
            default -> DropReason.BAD_VERSION;
        };
    }

    private DropReason innerV4(MemorySegment b, int innerAt, int limit, int outerEcn) {
        if (limit - innerAt < Ipv4.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, innerAt) >>> 4 != 4) {
            return DropReason.BAD_VERSION;
        }
        int ecn = Ecn.decapsulate(Ipv4.ecn(b, innerAt), outerEcn);
        if (ecn == Ecn.DROP) {
            return DropReason.BAD_ECN;
        }
        if (ecn != Ipv4.ecn(b, innerAt)) {
            Ipv4.tos(b, innerAt, (Ipv4.tos(b, innerAt) & 0xfc) | ecn);
        }
        return found(innerAt, limit, Ipv4.totalLength(b, innerAt), Ipv4.HEADER);
    }

    private DropReason innerV6(MemorySegment b, int innerAt, int limit, int outerEcn) {
        if (limit - innerAt < Ipv6.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, innerAt) >>> 4 != 6) {
            return DropReason.BAD_VERSION;
        }
        int ecn = Ecn.decapsulate(Ipv6.ecn(b, innerAt), outerEcn);
        if (ecn == Ecn.DROP) {
            return DropReason.BAD_ECN;
        }
        if (ecn != Ipv6.ecn(b, innerAt)) {
            Ipv6.trafficClass(b, innerAt, (Ipv6.trafficClass(b, innerAt) & 0xfc) | ecn);
        }
        return found(innerAt, limit, Ipv6.HEADER + Ipv6.payloadLength(b, innerAt), Ipv6.HEADER);
    }

    /** What lies between the packet's own length and the trailer hides its length (RFC 4303 section 2.7). */
    private DropReason found(int innerAt, int limit, int length, int least) {
        if (length < least || length > limit - innerAt) {
            return DropReason.BAD_LENGTH;
        }
        at = innerAt;
        end = innerAt + length;
        return DropReason.NONE;
    }
}
