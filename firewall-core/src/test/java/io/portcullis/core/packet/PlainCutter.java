package io.portcullis.core.packet;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network card with segmentation offload does, written down by itself so that it shares no mistake with the code
 * under test: octets in, octets out, checksums a word at a time over the whole.
 */
final class PlainCutter {
    private PlainCutter() {}

    /** The packets that a card would put on the wire. The IP header is at start(), nothing need be parsed. */
    static List<byte[]> cut(Packet packet) {
        byte[] all = packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
        if (packet.gso() == Packet.Gso.NONE) {
            if (packet.partialChecksum()) {
                throw new AssertionError("a single packet whose checksum is not whole");
            }
            return List.of(all);
        }
        boolean v4 = all[0] >>> 4 == 4;
        int transport = v4 ? (all[0] & 15) * 4 : 40;
        boolean tcp = all[v4 ? 9 : 6] == 6;
        int field = transport + (tcp ? 16 : 6);
        int payload = transport + (tcp ? (all[transport + 12] >>> 4 & 15) * 4 : 8);
        int kept = ByteBuffer.wrap(all).getShort(field) & 0xffff;
        if (!packet.partialChecksum()
                || packet.checksumStart() + packet.checksumOffset() - packet.start() != field
                || kept != pseudo(all, v4, tcp, all.length - transport)) {
            throw new AssertionError("the partial checksum is wrong");
        }
        List<byte[]> out = new ArrayList<>();
        for (int at = payload; at < all.length; at += packet.gsoSize()) {
            int end = Math.min(all.length, at + packet.gsoSize());
            byte[] one = Arrays.copyOf(all, payload + end - at);
            System.arraycopy(all, at, one, payload, end - at);
            ByteBuffer b = ByteBuffer.wrap(one);
            if (v4) {
                b.putShort(2, (short) one.length);
                b.putShort(4, (short) (b.getShort(4) + out.size()));
                b.putShort(10, (short) 0);
                b.putShort(10, (short) ~sum(one, 0, transport, 0));
            } else {
                b.putShort(4, (short) (one.length - 40));
            }
            if (tcp) {
                int flags = one[transport + 13];
                flags = end < all.length ? flags & ~(Tcp.FIN | Tcp.PSH) : flags;
                flags = at > payload ? flags & ~Tcp.CWR : flags;
                one[transport + 13] = (byte) flags;
                b.putInt(transport + 4, b.getInt(transport + 4) + at - payload);
            } else {
                b.putShort(transport + 4, (short) (one.length - transport));
            }
            checksum(one, v4, tcp, transport, field);
            out.add(one);
        }
        return out;
    }

    /** Writes the right transport checksum. */
    static void checksum(byte[] packet, boolean v4, boolean tcp, int transport, int field) {
        ByteBuffer b = ByteBuffer.wrap(packet);
        b.putShort(field, (short) 0);
        int checksum = ~sum(packet, transport, packet.length, pseudo(packet, v4, tcp, packet.length - transport));
        b.putShort(field, (short) (!tcp && (checksum & 0xffff) == 0 ? 0xffff : checksum));
    }

    static int pseudo(byte[] packet, boolean v4, boolean tcp, int length) {
        return sum(packet, v4 ? 12 : 8, v4 ? 20 : 40, (tcp ? 6 : 17) + length);
    }

    static int sum(byte[] b, int from, int to, int sum) {
        for (int i = from; i < to; i++) {
            sum += (b[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (sum & 0xffff) + (sum >>> 16);
    }
}
