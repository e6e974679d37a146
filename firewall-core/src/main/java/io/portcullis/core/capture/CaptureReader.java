package io.portcullis.core.capture;

import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds one packet in a capture file, pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng) in either byte
 * order. Anybody may have made the file: what is not as it should be is an error with its place, and no more than one
 * packet and the names of the interfaces is ever kept.
 */
public final class CaptureReader {
    private static final int PCAPNG = 0x0a0d_0d0a;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
    private static final int PCAP_MICROSECONDS = 0xa1b2_c3d4;
    private static final int PCAP_NANOSECONDS = 0xa1b2_3c4d;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int IF_NAME = 2;
    private static final int EPB_FLAGS = 2;
    private static final int OUTBOUND = 2;

    private static final int MOST_INTERFACES = 4096;
    private static final int MOST_NAME = 64;
    /** What no device exceeds; larger lengths are nonsense. */
    private static final int LARGEST_PACKET = 262_144;

    private static final int LARGEST_BLOCK = 16 << 20;

    private final DataInputStream in;
    private final long wanted;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private long count;
    private long at;

    private record Interface(int linkType, long snaplen, String name) {}

    /**
     * A packet of a capture.
     *
     * @param packet its IP header at its start; in memory of its own
     * @param iface name of the interface that it was captured on, empty when the file does not say
     * @param outbound whether the file says that it was leaving
     */
    public record Found(Packet packet, String iface, boolean outbound) {}

    private CaptureReader(InputStream in, long wanted) {
        this.in = new DataInputStream(in);
        this.wanted = wanted;
    }

    /**
     * Reads up to the packet of this number.
     *
     * @param in buffered; the caller's to close
     * @param number from 1, as Wireshark counts
     * @param into empty, for the packet
     * @throws IOException with a sentence: the file is no capture, or damaged; it has fewer packets; that one was not
     *     captured whole, or is no IP packet
     */
    public static Found read(InputStream in, long number, Packet into) throws IOException {
        CaptureReader reader = new CaptureReader(in, number);
        try {
            return reader.read(into);
        } catch (EOFException _) {
            throw new IOException("the file ends inside a block, at octet " + reader.at);
        }
    }

    private Found read(Packet into) throws IOException {
        ByteBuffer start = next(4);
        int magic = start.getInt(0);
        if (magic == PCAPNG) {
            return blocks(into);
        }
        for (ByteOrder candidate : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            int ordered = start.order(candidate).getInt(0);
            if (ordered == PCAP_MICROSECONDS || ordered == PCAP_NANOSECONDS) {
                order = candidate;
                return records(into);
            }
        }
        throw new IOException("the file is neither pcap nor pcapng");
    }

    private Found records(Packet into) throws IOException {
        ByteBuffer header = next(20);
        // The upper bits say whether a checksum follows each frame.
        Interface only = new Interface(header.getInt(16) & 0xffff, LARGEST_PACKET, "");
        while (hasMore()) {
            ByteBuffer record = next(16);
            int kept = record.getInt(8);
            int whole = record.getInt(12);
            check(kept, "a packet");
            if (++count == wanted) {
                return found(next(kept), kept, whole, only, false, into);
            }
            skip(kept);
        }
        throw tooFew();
    }

    private Found blocks(Packet into) throws IOException {
        sectionHeader();
        while (hasMore()) {
            int type = next(4).getInt(0);
            if (type == PCAPNG) {
                sectionHeader();
                continue;
            }
            int length = length(next(4).getInt(0));
            boolean isPacket = type == ENHANCED_PACKET || type == PACKET || type == SIMPLE_PACKET;
            if (isPacket && ++count == wanted) {
                return packet(type, next(length), into);
            }
            if (type == INTERFACE_DESCRIPTION && length <= LARGEST_PACKET) {
                describe(next(length));
            } else {
                skip(length);
            }
            skip(4);
        }
        throw tooFew();
    }

    /** Behind the type of the block; a section has its own byte order and interfaces. */
    private void sectionHeader() throws IOException {
        ByteBuffer header = next(8);
        if (header.order(ByteOrder.BIG_ENDIAN).getInt(4) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (header.order(ByteOrder.LITTLE_ENDIAN).getInt(4) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            throw damaged("a section without byte order");
        }
        interfaces.clear();
        int length = length(header.order(order).getInt(0));
        if (length < 4) {
            throw damaged("a section header of " + length + " octets");
        }
        skip(length - 4);
        skip(4);
    }

    /** Octets between a block's two lengths. */
    private int length(int total) throws IOException {
        if (total < 12 || total > LARGEST_BLOCK || total % 4 != 0) {
            throw damaged("a block of " + Integer.toUnsignedString(total) + " octets");
        }
        return total - 12;
    }

    private void describe(ByteBuffer body) throws IOException {
        if (body.remaining() < 8) {
            throw damaged("an interface description of " + body.remaining() + " octets");
        }
        if (interfaces.size() == MOST_INTERFACES) {
            throw damaged("more than " + MOST_INTERFACES + " interfaces");
        }
        int linkType = body.getShort(0) & 0xffff;
        long snaplen = body.getInt(4) & 0xffff_ffffL;
        ByteBuffer name = option(body.position(8), IF_NAME);
        byte[] octets = new byte[Math.min(name.remaining(), MOST_NAME)];
        name.get(octets);
        interfaces.add(new Interface(linkType, snaplen, new String(octets, StandardCharsets.UTF_8)));
    }

    private Found packet(int type, ByteBuffer body, Packet into) throws IOException {
        boolean isSimple = type == SIMPLE_PACKET;
        int header = isSimple ? 4 : 20;
        if (body.remaining() < header) {
            throw damaged("a packet block of " + body.remaining() + " octets");
        }
        int index = isSimple ? 0 : type == PACKET ? body.getShort(0) & 0xffff : body.getInt(0);
        if (index < 0 || index >= interfaces.size()) {
            throw damaged("a packet of interface " + Integer.toUnsignedString(index) + ", which is not described");
        }
        Interface on = interfaces.get(index);
        int whole = body.getInt(isSimple ? 0 : 16);
        int kept = isSimple ? (int) Math.min(whole & 0xffff_ffffL, body.remaining() - 4L) : body.getInt(12);
        check(kept, "a packet");
        if (kept > body.remaining() - header) {
            throw damaged("a packet longer than its block");
        }
        boolean outbound = false;
        int options = header + kept + 3 & ~3;
        if (type == ENHANCED_PACKET && options < body.limit()) {
            ByteBuffer flags = option(body.duplicate().order(order).position(options), EPB_FLAGS);
            outbound = flags.remaining() == 4 && (flags.getInt(flags.position()) & 3) == OUTBOUND;
        }
        return found(body.slice(header, kept), kept, whole, on, outbound, into);
    }

    /** The value of the first option of this code, empty when there is none. */
    private ByteBuffer option(ByteBuffer options, int wantedCode) {
        while (options.remaining() >= 4) {
            int code = options.getShort() & 0xffff;
            int length = options.getShort() & 0xffff;
            if (code == 0 || length > options.remaining()) {
                break;
            }
            if (code == wantedCode) {
                return options.slice(options.position(), length).order(order);
            }
            options.position(Math.min(options.limit(), options.position() + (length + 3 & ~3)));
        }
        return ByteBuffer.allocate(0);
    }

    private Found found(ByteBuffer octets, int kept, int whole, Interface on, boolean outbound, Packet into)
            throws IOException {
        String name = "packet " + count;
        if (kept < whole || kept == 0) {
            throw new IOException(name + " was cut to " + kept + " of its " + Integer.toUnsignedString(whole)
                    + " octets when it was captured");
        }
        int ip = network(octets, on.linkType(), into);
        if (ip < 0) {
            throw new IOException(
                    name + " is no IP packet, or its link layer, " + on.linkType() + ", is not known here");
        }
        int length = kept - ip;
        if (length > Packet.MAX_FRAME) {
            throw new IOException(name + " has " + length + " octets: more than an IP packet can have");
        }
        MemorySegment.copy(
                MemorySegment.ofBuffer(octets),
                ValueLayout.JAVA_BYTE,
                ip,
                into.buffer(),
                ValueLayout.JAVA_BYTE,
                into.append(length),
                length);
        return new Found(into, on.name(), outbound);
    }

    /** Where the IP header is, behind a header of the link layer (tcpdump.org/linktypes.html); -1 for none. */
    private static int network(ByteBuffer frame, int linkType, Packet into) {
        return switch (linkType) {
            case 1 -> {
                if (frame.limit() < 14) {
                    yield -1;
                }
                into.link(0, (frame.get(0) & 1) != 0);
                yield ethernet(frame, 12);
            }
            // Raw IP; of one version.
            case 101, 12, 14, 228, 229 -> 0;
            case 113 -> ethernet(frame, 14);
            case 276 -> frame.limit() >= 20 && isIp(type(frame, 0)) ? 20 : -1;
            case 0, 108 -> 4;
            default -> -1;
        };
    }

    /** Behind the type at this offset and up to two tags (IEEE 802.1Q, 802.1ad). */
    private static int ethernet(ByteBuffer frame, int typeAt) {
        int where = typeAt;
        for (int tags = 0; tags < 2 && isTag(type(frame, where)); tags++) {
            where += 4;
        }
        return isIp(type(frame, where)) ? where + 2 : -1;
    }

    private static int type(ByteBuffer frame, int where) {
        return where + 2 > frame.limit() ? 0 : (frame.get(where) & 0xff) << 8 | (frame.get(where + 1) & 0xff);
    }

    private static boolean isTag(int type) {
        return type == EtherType.VLAN || type == 0x88a8;
    }

    private static boolean isIp(int type) {
        return type == EtherType.IPV4 || type == EtherType.IPV6;
    }

    private void check(int octets, String what) throws IOException {
        if (octets < 0 || octets > LARGEST_PACKET) {
            throw damaged(what + " of " + Integer.toUnsignedString(octets) + " octets");
        }
    }

    private IOException damaged(String what) {
        return new IOException("the file is damaged: " + what + ", before octet " + at);
    }

    private IOException tooFew() {
        return new IOException("the file has " + count + " packets, and no packet " + wanted);
    }

    private boolean hasMore() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted after " + count + " packets");
        }
        in.mark(1);
        boolean more = in.read() >= 0;
        in.reset();
        return more;
    }

    private ByteBuffer next(int octets) throws IOException {
        // Not all at once: a length is only a claim.
        byte[] read = in.readNBytes(octets);
        at += read.length;
        if (read.length < octets) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(read).order(order);
    }

    private void skip(int octets) throws IOException {
        in.skipNBytes(octets);
        at += octets;
    }
}
