package io.portcullis.core.connection;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * The packet that an ICMP error quotes behind its header (RFC 792, RFC 4443 section 2.4): its addresses and ports, and
 * their rewriting. One object per worker, read into again and again.
 */
final class Quotation {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    /** What of the quoted transport header must be there: ports, or an ICMP query's identifier. */
    private static final int LEAST = 8;

    int protocol;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    private int transportAt;

    /** Reads what the error quotes; false when it cannot be told. */
    boolean read(Packet error) {
        MemorySegment b = error.buffer();
        int at = error.transportAt() + Icmp.HEADER;
        int end = error.payloadEnd();
        if (error.isFragment() || !(error.ipVersion() == 4 ? readV4(b, at, end) : readV6(b, at, end))) {
            return false;
        }
        sourcePort = 0;
        destinationPort = 0;
        switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP -> {
                sourcePort = Tcp.sourcePort(b, transportAt);
                destinationPort = Tcp.destinationPort(b, transportAt);
            }
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                int type = Icmp.type(b, transportAt);
                if (IcmpQuery.answer(protocol, type) < 0 && IcmpQuery.question(protocol, type) < 0) {
                    return false;
                }
                sourcePort = Icmp.identifier(b, transportAt);
                destinationPort = type << 8;
            }
            default -> {}
        }
        return true;
    }

    private boolean readV4(MemorySegment b, int at, int end) {
        if (end - at < Ipv4.HEADER || Octets.u8(b, at) >>> 4 != 4 || Ipv4.fragmentOffset(b, at) != 0) {
            return false;
        }
        transportAt = at + Ipv4.headerLength(b, at);
        protocol = Ipv4.protocol(b, at);
        sourceHigh = 0;
        sourceLow = V4_MAPPED | (Ipv4.source(b, at) & 0xffff_ffffL);
        destinationHigh = 0;
        destinationLow = V4_MAPPED | (Ipv4.destination(b, at) & 0xffff_ffffL);
        return transportAt - at >= Ipv4.HEADER && end - transportAt >= LEAST;
    }

    private boolean readV6(MemorySegment b, int at, int end) {
        if (end - at < Ipv6.HEADER || Octets.u8(b, at) >>> 4 != 6) {
            return false;
        }
        long walked = Ipv6Extensions.walk(b, at, end);
        if (Ipv6Extensions.isBad(walked)) {
            return false;
        }
        int fragmentAt = Ipv6Extensions.fragmentAt(walked);
        if (fragmentAt != 0 && Ipv6Extensions.fragmentOffset(b, fragmentAt) != 0) {
            return false;
        }
        transportAt = Ipv6Extensions.transportAt(walked);
        protocol = Ipv6Extensions.protocol(walked);
        sourceHigh = Ipv6.sourceHigh(b, at);
        sourceLow = Ipv6.sourceLow(b, at);
        destinationHigh = Ipv6.destinationHigh(b, at);
        destinationLow = Ipv6.destinationLow(b, at);
        return end - transportAt >= LEAST;
    }

    /**
     * Rewrites the quoted packet, just read, into what the receiver of the error had sent: the opposite of what the
     * flow does to packets in the direction of the error. The error's own checksum is the caller's.
     */
    void translate(Packet error, Flow flow) {
        MemorySegment b = error.buffer();
        int at = error.transportAt() + Icmp.HEADER;
        int end = error.payloadEnd();
        if (error.ipVersion() == 4) {
            Ipv4.source(b, at, (int) flow.newDestinationLow());
            Ipv4.destination(b, at, (int) flow.newSourceLow());
        } else {
            Ipv6.source(b, at, flow.newDestinationHigh(), flow.newDestinationLow());
            Ipv6.destination(b, at, flow.newSourceHigh(), flow.newSourceLow());
        }
        boolean hasPorts = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
        int field = checksumField();
        boolean hasChecksum = field != 0 && transportAt + field + 2 <= end;
        int checksum = hasChecksum ? Octets.u16(b, transportAt + field) : 0;
        if (hasPorts) {
            checksum = Checksum.update16(checksum, sourcePort, flow.newDestinationPort());
            checksum = Checksum.update16(checksum, destinationPort, flow.newSourcePort());
            Tcp.sourcePort(b, transportAt, flow.newDestinationPort());
            Tcp.destinationPort(b, transportAt, flow.newSourcePort());
        } else if (IcmpQuery.isIcmp(protocol)) {
            checksum = Checksum.update16(checksum, sourcePort, flow.newSourcePort());
            Icmp.identifier(b, transportAt, flow.newSourcePort());
        }
        // The pseudo-header of ICMP for IPv4 is none (RFC 792).
        if (protocol != IpProtocol.ICMP) {
            checksum = Checksum.update64(checksum, sourceHigh, flow.newDestinationHigh());
            checksum = Checksum.update64(checksum, sourceLow, flow.newDestinationLow());
            checksum = Checksum.update64(checksum, destinationHigh, flow.newSourceHigh());
            checksum = Checksum.update64(checksum, destinationLow, flow.newSourceLow());
        }
        boolean none = protocol == IpProtocol.UDP && hasChecksum && Octets.u16(b, transportAt + field) == 0;
        if (hasChecksum && !none) {
            boolean wouldSayNone = protocol == IpProtocol.UDP && checksum == 0;
            Octets.u16(b, transportAt + field, wouldSayNone ? 0xffff : checksum);
        }
    }

    /** Sequence number of the quoted TCP segment, just read. */
    int sequence(Packet error) {
        return Tcp.sequence(error.buffer(), transportAt);
    }

    /** Adds to the sequence number of the quoted TCP segment, just read; the error's own checksum follows. */
    void shiftSequence(Packet error, int by) {
        MemorySegment b = error.buffer();
        int before = Tcp.sequence(b, transportAt);
        Tcp.sequence(b, transportAt, before + by);
        Checksums.word32(error, before, before + by);
        if (transportAt + Tcp.HEADER <= error.payloadEnd()) {
            int checksum = Tcp.checksum(b, transportAt);
            int adjusted = Checksum.update32(checksum, before, before + by);
            Tcp.checksum(b, transportAt, adjusted);
            Checksums.word16(error, checksum, adjusted);
        }
    }

    /** Where the checksum stands in the quoted transport header; 0 when there is none. */
    private int checksumField() {
        return switch (protocol) {
            case IpProtocol.TCP -> Tcp.CHECKSUM;
            case IpProtocol.UDP -> Udp.CHECKSUM;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> Icmp.CHECKSUM;
            default -> 0;
        };
    }
}
