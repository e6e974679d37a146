package io.portcullis.core.packet;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A sender of TCP segments or UDP datagrams that mostly behaves, as a seed says. Flows differ in their source address.
 */
final class RandomFlow {
    final int number;
    private final Random random;
    private final boolean v4;
    private final boolean tcp;
    private final int identifications;
    private final int options;
    private final int segment;
    /** How often it does something odd, of 100. */
    private final int odd;

    private int sequence;
    private int identification;
    private int acknowledgement;
    private int window = 1000;
    private int tos;
    private int flags = Tcp.ACK;
    private int timestamp = 7;

    RandomFlow(int number, Random random) {
        this.number = number;
        this.random = random;
        v4 = random.nextInt(3) > 0;
        tcp = random.nextInt(3) > 0;
        identifications = random.nextInt(4);
        options = random.nextBoolean() ? 12 : 0;
        segment = 1 + random.nextInt(1400);
        odd = random.nextInt(3) * 8;
        sequence = random.nextInt();
        identification = random.nextInt();
    }

    private boolean odd() {
        return random.nextInt(100) < odd;
    }

    byte[] next() {
        int payload = odd() ? random.nextInt(segment + 40) : random.nextInt(12) == 0 ? segment / 2 + 1 : segment;
        boolean extended = !v4 && odd();
        boolean longer = v4 && odd();
        int network = v4 ? longer ? 24 : 20 : extended ? 48 : 40;
        int transport = tcp ? 20 + options : 8;
        byte[] packet = new byte[network + transport + payload];
        for (int i = network + transport; i < packet.length; i++) {
            packet[i] = (byte) random.nextInt();
        }
        ByteBuffer b = ByteBuffer.wrap(packet);
        tos = odd() ? random.nextInt(256) : tos;
        int protocol = tcp ? 6 : 17;
        if (v4) {
            switch (identifications) {
                case 0 -> identification = 0;
                case 1 -> identification = random.nextInt();
                default -> identification++;
            }
            b.put((byte) (0x40 | network / 4)).put((byte) tos).putShort((short) packet.length);
            b.putShort((short) identification);
            b.putShort((short) (odd() ? random.nextInt(0x10000) & 0x4003 : 0x4000));
            b.put((byte) (odd() ? 63 : 64)).put((byte) protocol).putShort((short) 0);
            b.putInt(0x0a000000 | number).putInt(0x0b000001);
            if (longer) {
                b.putInt(0x01010100);
            }
            b.putShort(10, (short) ~PlainCutter.sum(packet, 0, network, 0));
            if (odd()) {
                b.putShort(10, (short) (odd() ? 0xffff : 1));
            }
        } else {
            b.putInt(0x60000000 | tos << 20 | 5).putShort((short) (packet.length - 40));
            b.put((byte) (extended ? 60 : protocol)).put((byte) (odd() ? 63 : 64));
            b.putLong(0xfd00L << 48).putLong(number).putLong(0xfd00L << 48).putLong(0xb000001);
            if (extended) {
                b.put(40, (byte) protocol).put(42, (byte) 1).put(43, (byte) 4);
            }
        }
        transport(ByteBuffer.wrap(packet, network, packet.length - network).slice(), payload);
        if (!extended) {
            PlainCutter.checksum(packet, v4, tcp, network, network + (tcp ? 16 : 6));
        }
        if (odd()) {
            b.putShort(network + (tcp ? 16 : 6), (short) (random.nextBoolean() ? 0 : random.nextInt()));
        }
        return packet;
    }

    private void transport(ByteBuffer b, int payload) {
        b.putShort((short) (tcp ? 443 : 53)).putShort((short) 1000);
        if (!tcp) {
            b.putShort((short) (8 + payload));
            return;
        }
        sequence = odd() ? sequence + random.nextInt(3) - 1 : sequence;
        acknowledgement += odd() ? 1 : 0;
        window += odd() ? 1 : 0;
        timestamp += odd() ? 1 : 0;
        flags = odd() ? Tcp.ACK | random.nextInt(256) : odd() ? flags : Tcp.ACK;
        int now = random.nextInt(10) == 0 ? flags | Tcp.PSH : flags;
        b.putInt(sequence).putInt(acknowledgement);
        b.put((byte) (((20 + options) << 2) | (odd() ? 1 : 0))).put((byte) now);
        b.putShort((short) window).putShort((short) 0).putShort((short) (odd() ? 1 : 0));
        if (options > 0) {
            b.putInt(0x0101080a).putInt(timestamp).putInt(9);
        }
        sequence += payload;
    }
}
