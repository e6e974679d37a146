package io.portcullis.ipsec.esp;

import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Udp;
import io.portcullis.ipsec.sa.EspSuite;

/** What tunnel mode adds to a packet, to the octet (RFC 4303 section 2). */
public final class EspOverhead {
    /** Pad length and next header. */
    static final int TRAILER = 2;

    /** The largest packet whose outer packet still has a 16-bit length, whatever the suite. */
    private static final int LONGEST_INNER = 65_400;

    private EspOverhead() {}

    /**
     * The longest inner packet whose outer packet does not exceed the path's MTU.
     *
     * @param pathMtu longest outer IP packet, octets
     * @param outerV4 whether the outer header is IPv4's
     * @param udpEncapsulated whether ESP travels in UDP
     * @return octets, 0 when nothing fits
     */
    public static int innerMtu(int pathMtu, boolean outerV4, boolean udpEncapsulated, EspSuite suite) {
        int room = pathMtu - outside(outerV4, udpEncapsulated, suite);
        int align = alignment(suite);
        return Math.clamp(Math.floorDiv(room, align) * align - TRAILER, 0, LONGEST_INNER);
    }

    /** Length of the outer packet that carries an inner packet of this length. */
    public static int outerLength(int inner, boolean outerV4, boolean udpEncapsulated, EspSuite suite) {
        int align = alignment(suite);
        int text = (inner + TRAILER + align - 1) / align * align;
        return text + outside(outerV4, udpEncapsulated, suite);
    }

    /** Everything but the text: outer header, UDP, ESP header, IV, ICV. */
    private static int outside(boolean outerV4, boolean udpEncapsulated, EspSuite suite) {
        int icv = suite.encryption().isAead()
                ? suite.encryption().icvOctets()
                : suite.integrity().icvOctets();
        return (outerV4 ? Ipv4.HEADER : Ipv6.HEADER)
                + (udpEncapsulated ? Udp.HEADER : 0)
                + Esp.HEADER
                + suite.encryption().ivOctets()
                + icv;
    }

    private static int alignment(EspSuite suite) {
        return Math.max(4, suite.encryption().blockOctets());
    }
}
