package io.portcullis.ipsec.esp;

import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network card with UDP segmentation does, written down from Linux' description of UDP_SEGMENT and by itself, so
 * that it shares no mistake with the code under test: octets in, octets out, one word at a time.
 */
final class PlainCutter {
    private PlainCutter() {}

    /** The packets that a card would put on the wire. */
    static List<byte[]> cut(Packet packet) {
        byte[] all = packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
        boolean v4 = all[0] >>> 4 == 4;
        int udp = v4 ? (all[0] & 15) * 4 : 40;
        boolean isUdp = all[v4 ? 9 : 6] == 17;
        if (!packet.partialChecksum()) {
            if (packet.gso() != Packet.Gso.NONE) {
                throw new AssertionError("a super-packet without a partial checksum");
            }
            return List.of(all);
        }
        if (!isUdp || packet.checksumStart() != packet.start() + udp || packet.checksumOffset() != 6) {
            throw new AssertionError("only UDP is sent here");
        }
        int length = ByteBuffer.wrap(all).getShort(udp + 4) & 0xffff;
        if (length != all.length - udp
                || (ByteBuffer.wrap(all).getShort(udp + 6) & 0xffff) != pseudo(all, v4, length)) {
            throw new AssertionError("length or pseudo-header's sum is wrong");
        }
        int size = packet.gso() == Packet.Gso.NONE ? all.length : packet.gsoSize();
        List<byte[]> out = new ArrayList<>();
        for (int at = udp + 8; at < all.length; at += size) {
            int end = Math.min(all.length, at + size);
            byte[] one = Arrays.copyOf(all, udp + 8 + end - at);
            System.arraycopy(all, at, one, udp + 8, end - at);
            ByteBuffer b = ByteBuffer.wrap(one);
            if (v4) {
                b.putShort(2, (short) one.length);
                b.putShort(4, (short) (b.getShort(4) + out.size()));
                b.putShort(10, (short) 0);
                b.putShort(10, (short) ~sum(one, 0, udp, 0));
            } else {
                b.putShort(4, (short) (one.length - 40));
            }
            b.putShort(udp + 4, (short) (one.length - udp));
            b.putShort(udp + 6, (short) 0);
            int checksum = ~sum(one, udp, one.length, pseudo(one, v4, one.length - udp)) & 0xffff;
            b.putShort(udp + 6, (short) (checksum == 0 ? 0xffff : checksum));
            out.add(one);
        }
        return out;
    }

    private static int pseudo(byte[] packet, boolean v4, int length) {
        return sum(packet, v4 ? 12 : 8, v4 ? 20 : 40, 17 + length);
    }

    private static int sum(byte[] b, int from, int to, int sum) {
        for (int i = from; i < to; i++) {
            sum += (b[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (sum & 0xffff) + (sum >>> 16);
    }

    /** A packet with these octets as a device hands it over that received it merged. */
    static void load(byte[] octets, Packet into) {
        int at = into.append(octets.length);
        MemorySegment.copy(octets, 0, into.buffer(), ValueLayout.JAVA_BYTE, at, octets.length);
    }
}
