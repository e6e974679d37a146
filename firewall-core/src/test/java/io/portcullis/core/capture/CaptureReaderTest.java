package io.portcullis.core.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Packet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Files laid out by hand as draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng say. */
class CaptureReaderTest {
    private static final byte[] IP =
            HexFormat.of().parseHex("4500001c000000004011f7d0c0000201c6336401" + "0fa0003500080000");
    private static final byte[] FRAME = join(HexFormat.of().parseHex("0200000000010200000000020800"), IP);
    private static final byte[] TAGGED = join(HexFormat.of().parseHex("01005e0000010200000000028100000a0800"), IP);

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] pcap(ByteOrder order, int magic, int linkType, byte[]... packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(24)
                .order(order)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(linkType)
                .array());
        for (byte[] packet : packets) {
            out.writeBytes(ByteBuffer.allocate(16)
                    .order(order)
                    .putLong(0)
                    .putInt(packet.length)
                    .putInt(packet.length)
                    .array());
            out.writeBytes(packet);
        }
        return out.toByteArray();
    }

    private static byte[] block(ByteOrder order, int type, byte[] body) {
        int padded = body.length + 3 & ~3;
        return ByteBuffer.allocate(12 + padded)
                .order(order)
                .putInt(type)
                .putInt(12 + padded)
                .put(body)
                .position(8 + padded)
                .putInt(12 + padded)
                .array();
    }

    private static byte[] section(ByteOrder order) {
        return block(
                order,
                0x0a0d_0d0a,
                ByteBuffer.allocate(16)
                        .order(order)
                        .putInt(0x1a2b_3c4d)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1)
                        .array());
    }

    private static byte[] iface(ByteOrder order, int linkType, String name) {
        byte[] text = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return block(
                order,
                1,
                ByteBuffer.allocate(8 + 4 + (text.length + 3 & ~3) + 4)
                        .order(order)
                        .putShort((short) linkType)
                        .putShort((short) 0)
                        .putInt(0)
                        .putShort((short) 2)
                        .putShort((short) text.length)
                        .put(text)
                        .array());
    }

    private static byte[] enhanced(ByteOrder order, int iface, byte[] packet, int flags) {
        return block(
                order,
                6,
                ByteBuffer.allocate(20 + (packet.length + 3 & ~3) + 12)
                        .order(order)
                        .putInt(iface)
                        .putLong(0)
                        .putInt(packet.length)
                        .putInt(packet.length)
                        .put(packet)
                        .position(20 + (packet.length + 3 & ~3))
                        .putShort((short) 2)
                        .putShort((short) 4)
                        .putInt(flags)
                        .putInt(0)
                        .array());
    }

    private static byte[] pcapng(ByteOrder order) {
        byte[] unknown = block(order, 0x0bad, new byte[40]);
        return join(
                section(order),
                unknown,
                iface(order, 1, "lan"),
                iface(order, 101, "branch"),
                enhanced(order, 0, FRAME, 1),
                enhanced(order, 1, IP, 2),
                unknown,
                enhanced(order, 0, TAGGED, 0));
    }

    private static CaptureReader.Found read(byte[] file, long number) throws IOException {
        return CaptureReader.read(
                new ByteArrayInputStream(file),
                number,
                new Packet(Arena.ofAuto().allocate(Packet.CAPACITY)));
    }

    private static String failure(byte[] file, long number) {
        return assertThrows(IOException.class, () -> read(file, number)).getMessage();
    }

    private static byte[] octets(Packet packet) {
        return packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private static void assertIp(CaptureReader.Found found) {
        assertTrue(
                Arrays.equals(IP, octets(found.packet())), () -> HexFormat.of().formatHex(octets(found.packet())));
    }

    @Test
    void pcapInEitherOrder() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int magic : new int[] {0xa1b2_c3d4, 0xa1b2_3c4d}) {
                assertIp(read(pcap(order, magic, 1, new byte[60], FRAME), 2));
                assertIp(read(pcap(order, magic, 101, IP), 1));
            }
        }
    }

    @Test
    void pcapngInEitherOrder() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            CaptureReader.Found first = read(pcapng(order), 1);
            assertIp(first);
            assertEquals("lan", first.iface());
            assertFalse(first.outbound());
            CaptureReader.Found second = read(pcapng(order), 2);
            assertIp(second);
            assertEquals("branch", second.iface());
            assertTrue(second.outbound());
            CaptureReader.Found third = read(pcapng(order), 3);
            assertIp(third);
            assertTrue(third.packet().linkGroup(), "sent to a group");
        }
    }

    @Test
    void aSectionHasInterfacesOfItsOwn() throws IOException {
        byte[] two = join(
                pcapng(ByteOrder.LITTLE_ENDIAN),
                section(ByteOrder.BIG_ENDIAN),
                iface(ByteOrder.BIG_ENDIAN, 101, "other"),
                enhanced(ByteOrder.BIG_ENDIAN, 0, IP, 0));
        assertEquals("other", read(two, 4).iface());
        assertIp(read(two, 4));
    }

    @Test
    void whatCanNotBeReadIsSaid() {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        assertEquals("the file is neither pcap nor pcapng", failure(new byte[100], 1));
        assertEquals("the file has 3 packets, and no packet 4", failure(pcapng(order), 4));
        assertEquals("the file ends inside a block, at octet 3", failure(new byte[3], 1));
        byte[] arp = FRAME.clone();
        arp[13] = 6;
        assertEquals(
                "packet 1 is no IP packet, or its link layer, 1, is not known here",
                failure(pcap(order, 0xa1b2_c3d4, 1, arp), 1));
        byte[] cut = pcap(order, 0xa1b2_c3d4, 1, FRAME);
        cut[24 + 12] = 60;
        assertEquals("packet 1 was cut to 42 of its 60 octets when it was captured", failure(cut, 1));
        byte[] huge = pcap(order, 0xa1b2_c3d4, 1, FRAME);
        huge[24 + 11] = 0x7f;
        assertTrue(failure(huge, 1).startsWith("the file is damaged: a packet of "), failure(huge, 1));
        byte[] nobody = join(section(order), enhanced(order, 7, IP, 0));
        assertEquals(
                "the file is damaged: a packet of interface 7, which is not described, before octet 96",
                failure(nobody, 1));
    }

    /** Whatever the octets are: a packet, or a sentence. */
    @Test
    void noFileIsTooStrange() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] good = {
            pcapng(ByteOrder.LITTLE_ENDIAN),
            pcapng(ByteOrder.BIG_ENDIAN),
            pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2_c3d4, 1, FRAME, TAGGED, FRAME)
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] file = good[random.nextInt(good.length)].clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                file[random.nextInt(file.length)] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt(256));
            }
            if (random.nextInt(3) == 0) {
                file = Arrays.copyOf(file, random.nextInt(file.length));
            }
            try {
                assertTrue(read(file, random.nextInt(1, 5)).packet().length() <= Packet.MAX_FRAME);
            } catch (IOException said) {
                assertFalse(String.valueOf(said.getMessage()).isEmpty(), "seed " + seed);
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ", round " + i, defect);
            }
        }
    }
}
