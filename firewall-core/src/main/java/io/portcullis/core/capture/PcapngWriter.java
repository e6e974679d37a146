package io.portcullis.core.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes packets as pcapng (draft-ietf-opsawg-pcapng): one section, an interface description when an interface first
 * shows up, and an enhanced packet block for each packet, with its direction and a comment if there is one.
 */
final class PcapngWriter {
    private static final int SECTION_HEADER = 0x0a0d_0d0a;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;

    private static final int LINKTYPE_ETHERNET = 1;
    private static final int LINKTYPE_RAW = 101;

    private static final int OPT_END = 0;
    private static final int OPT_COMMENT = 1;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final int EPB_FLAGS = 2;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    /** Digits of a time stamp's fraction: nanoseconds. */
    private static final byte NANOSECONDS = 9;
    /** What a block has around the octets of a packet and its comment, at most. */
    private static final int AROUND = 256;

    private static final int MOST_COMMENT = 1024;

    private final OutputStream out;
    private final int snaplen;
    private final ByteBuffer block =
            ByteBuffer.allocate(Capture.MOST_SNAPLEN + MOST_COMMENT + AROUND).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<Interface, Integer> interfaces = new HashMap<>();
    private long written;

    private record Interface(String name, int linkType) {}

    /** @param application what made the file */
    PcapngWriter(OutputStream out, String application, int snaplen) throws IOException {
        this.out = out;
        this.snaplen = snaplen;
        begin(SECTION_HEADER);
        block.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(SHB_USERAPPL, application);
        end();
    }

    /** Octets so far. */
    long written() {
        return written;
    }

    /**
     * @param nanos since 1970
     * @param octets where the packet's lie
     */
    void packet(CapturedPacket packet, long nanos, byte[] octets) throws IOException {
        int iface = describe(new Interface(packet.iface(), packet.hasLink() ? LINKTYPE_ETHERNET : LINKTYPE_RAW));
        begin(ENHANCED_PACKET);
        block.putInt(iface).putInt((int) (nanos >>> 32)).putInt((int) nanos);
        block.putInt(packet.kept()).putInt(packet.length());
        block.put(octets, packet.at(), packet.kept());
        pad();
        block.putShort((short) EPB_FLAGS).putShort((short) Integer.BYTES);
        block.putInt(packet.isOutbound() ? OUTBOUND : INBOUND);
        if (!packet.comment().isEmpty()) {
            option(OPT_COMMENT, packet.comment());
        }
        end();
    }

    private int describe(Interface iface) throws IOException {
        Integer known = interfaces.get(iface);
        if (known != null) {
            return known;
        }
        begin(INTERFACE_DESCRIPTION);
        block.putShort((short) iface.linkType()).putShort((short) 0).putInt(snaplen);
        option(IF_NAME, iface.name());
        block.putShort((short) IF_TSRESOL).putShort((short) 1).put(NANOSECONDS);
        pad();
        end();
        int number = interfaces.size();
        interfaces.put(iface, number);
        return number;
    }

    private void begin(int type) {
        block.clear();
        block.putInt(type).putInt(0);
    }

    private void option(int code, String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(value.length, MOST_COMMENT);
        block.putShort((short) code).putShort((short) length).put(value, 0, length);
        pad();
    }

    private void pad() {
        while (block.position() % Integer.BYTES != 0) {
            block.put((byte) 0);
        }
    }

    private void end() throws IOException {
        block.putShort((short) OPT_END).putShort((short) 0);
        int length = block.position() + Integer.BYTES;
        block.putInt(length).putInt(Integer.BYTES, length);
        out.write(block.array(), 0, length);
        written += length;
    }
}
