package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Inner packets for tests: UDP from 10.1.0.1 or 2001:db8:1::1 to 10.2.0.1 or 2001:db8:2::1, port 1000 to 2000. */
final class Inner {
    static final IpAddress V4_FROM = IpAddress.literal("10.1.0.1");
    static final IpAddress V4_TO = IpAddress.literal("10.2.0.1");
    static final IpAddress V6_FROM = IpAddress.literal("2001:db8:1::1");
    static final IpAddress V6_TO = IpAddress.literal("2001:db8:2::1");

    private Inner() {}

    static byte[] v4(int length) {
        return v4(length, 0, true);
    }

    /** @param length octets of the whole packet */
    static byte[] v4(int length, int tos, boolean dontFragment) {
        byte[] packet = new byte[length];
        MemorySegment b = MemorySegment.ofArray(packet);
        Ipv4.write(b, 0, tos, length, 7, dontFragment, 63, IpProtocol.UDP, V4_FROM.v4Bits(), V4_TO.v4Bits());
        udp(b, Ipv4.HEADER, Ipv4.pseudoHeader(b, 0, IpProtocol.UDP, length - Ipv4.HEADER));
        return packet;
    }

    static byte[] v6(int length, int trafficClass) {
        byte[] packet = new byte[length];
        MemorySegment b = MemorySegment.ofArray(packet);
        Ipv6.write(
                b,
                0,
                trafficClass,
                5,
                length - Ipv6.HEADER,
                IpProtocol.UDP,
                63,
                V6_FROM.high(),
                V6_FROM.low(),
                V6_TO.high(),
                V6_TO.low());
        udp(b, Ipv6.HEADER, Ipv6.pseudoHeader(b, 0, IpProtocol.UDP, length - Ipv6.HEADER));
        return packet;
    }

    private static void udp(MemorySegment b, int at, long pseudo) {
        int length = (int) b.byteSize() - at;
        for (int i = Udp.HEADER; i < length; i++) {
            b.set(ValueLayout.JAVA_BYTE, at + i, (byte) i);
        }
        Udp.write(b, at, 1000, 2000, length);
        Udp.computeChecksum(b, at, pseudo);
    }
}
