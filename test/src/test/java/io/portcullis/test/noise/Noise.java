package io.portcullis.test.noise;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Frames that nobody should send, from a seed: random, or right up to some depth and random from there. */
final class Noise {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int UDP = 8;
    private static final int IKE = 28;
    private static final int[] TYPES = {0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x0000, 0x05dc};
    private static final int[] PROTOCOLS = {1, 6, 17, 50, 51, 4, 41, 47, 132, 0, 255};

    private final Random random;
    private final byte[] target;
    private final byte[] address;
    private final byte[] origin;

    /**
     * @param target station address of the firewall's device
     * @param address its IPv4 address
     * @param origin IPv4 address that senders claim, mostly
     */
    Noise(Random random, byte[] target, String address, String origin) throws UnknownHostException {
        this.random = random;
        this.target = target.clone();
        this.address = InetAddress.getByName(address).getAddress();
        this.origin = InetAddress.getByName(origin).getAddress();
    }

    /** One frame of 14 to 1514 octets. */
    byte[] next() {
        byte[] frame = switch (random.nextInt(8)) {
            case 0 -> ethernet(TYPES[random.nextInt(TYPES.length)], octets(1500));
            case 1 -> ipv4(PROTOCOLS[random.nextInt(PROTOCOLS.length)], octets(1400));
            case 2 -> udp(500, octets(1400));
            case 3 -> udp(4500, octets(1400));
            case 4 -> ipv4(50, octets(1400));
            case 5 -> udp(500, ike());
            case 6 -> udp(4500, marked(ike()));
            default -> ipv6(octets(1400));
        };
        if (random.nextInt(4) == 0) {
            frame[ETHERNET + random.nextInt(frame.length - ETHERNET)] ^= (byte) (1 << random.nextInt(8));
        }
        int kept = ETHERNET + random.nextInt(frame.length - ETHERNET + 1);
        return random.nextInt(8) == 0 ? Arrays.copyOf(frame, kept) : frame;
    }

    private byte[] ethernet(int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + Math.max(1, payload.length));
        frame.put(random.nextInt(16) == 0 ? new byte[] {-1, -1, -1, -1, -1, -1} : target);
        frame.put(new byte[] {2, 0, 0, 0, 0, (byte) random.nextInt(256)});
        frame.putShort((short) type);
        frame.put(payload);
        return frame.array();
    }

    private byte[] ipv4(int protocol, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(IPV4 + payload.length);
        packet.put((byte) 0x45).put((byte) random.nextInt(256));
        packet.putShort((short) packet.capacity()).putShort((short) random.nextInt());
        // One in eight is a fragment, of a datagram that never becomes whole.
        packet.putShort((short) (random.nextInt(8) == 0 ? random.nextInt(0x4000) : 0x4000));
        packet.put((byte) (1 + random.nextInt(64))).put((byte) protocol).putShort((short) 0);
        packet.put(random.nextInt(8) == 0 ? octets(4, 4) : origin);
        packet.put(random.nextInt(32) == 0 ? octets(4, 4) : address);
        int sum = 0;
        for (int at = 0; at < IPV4; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        packet.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
        packet.put(payload);
        return ethernet(0x0800, packet.array());
    }

    private byte[] ipv6(byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
        packet.putInt(0x6000_0000).putShort((short) payload.length);
        packet.put((byte) (random.nextBoolean() ? 58 : random.nextInt(256))).put((byte) 255);
        packet.put((byte) 0xfe).put((byte) 0x80).put(octets(14, 14));
        packet.put((byte) 0xff).put((byte) 2).put(new byte[13]).put((byte) 1);
        packet.put(payload);
        return ethernet(0x86dd, packet.array());
    }

    /** With checksum 0, which UDP over IPv4 allows: so the payload is looked at. */
    private byte[] udp(int port, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(UDP + payload.length);
        datagram.putShort((short) (random.nextBoolean() ? port : random.nextInt()));
        datagram.putShort((short) port).putShort((short) datagram.capacity()).putShort((short) 0);
        datagram.put(payload);
        return ipv4(17, datagram.array());
    }

    private static byte[] marked(byte[] message) {
        return ByteBuffer.allocate(4 + message.length).putInt(0).put(message).array();
    }

    /** A header with a true length before payloads whose lengths are mostly true. */
    private byte[] ike() {
        ByteBuffer message = ByteBuffer.allocate(1200);
        message.putLong(random.nextLong()).putLong(random.nextInt(3) == 0 ? random.nextLong() : 0);
        message.put((byte) (random.nextInt(8) == 0 ? random.nextInt(256) : 33 + random.nextInt(16)));
        message.put((byte) (random.nextInt(16) == 0 ? random.nextInt(256) : 0x20));
        message.put((byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 34));
        message.put((byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 0x08));
        message.putInt(random.nextInt(4) == 0 ? random.nextInt() : 0).putInt(0);
        for (int payloads = random.nextInt(6); payloads >= 0; payloads--) {
            byte[] body = octets(180);
            message.put((byte) (payloads == 0 ? 0 : 33 + random.nextInt(16)));
            message.put((byte) (random.nextInt(8) == 0 ? 0x80 : 0));
            message.putShort((short) (random.nextInt(8) == 0 ? random.nextInt() : body.length + 4));
            message.put(body);
        }
        message.putInt(IKE - 4, message.position());
        return Arrays.copyOf(message.array(), message.position());
    }

    private byte[] octets(int most) {
        return octets(0, most);
    }

    private byte[] octets(int least, int most) {
        byte[] octets = new byte[least + random.nextInt(most - least + 1)];
        random.nextBytes(octets);
        return octets;
    }
}
