package io.portcullis.core.pipeline;

import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** IPv4 fragments as a sender makes them. */
final class Fragments {
    private Fragments() {}

    /** Cuts the datagram after every {@code octets} of payload. */
    static List<byte[]> of(byte[] datagram, int octets) {
        List<byte[]> pieces = new ArrayList<>();
        int payload = datagram.length - Ipv4.HEADER;
        for (int offset = 0; offset < payload; offset += octets) {
            int length = Math.min(octets, payload - offset);
            pieces.add(piece(datagram, offset, length, offset + length < payload));
        }
        return pieces;
    }

    /** One fragment: these octets of the payload. */
    static byte[] piece(byte[] datagram, int offset, int length, boolean more) {
        byte[] piece = Arrays.copyOf(datagram, Ipv4.HEADER + length);
        System.arraycopy(datagram, Ipv4.HEADER + offset, piece, Ipv4.HEADER, length);
        return Datagrams.changed(piece, b -> {
            Octets.u16(b, 2, Ipv4.HEADER + length);
            Octets.u16(b, 6, (more ? 0x2000 : 0) | offset >>> 3);
        });
    }
}
