package io.portcullis.test.bench.generator;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What the generator sends: UDP over IPv4 without UDP checksum (RFC 768 allows that), so that ports can vary without
 * arithmetic.
 *
 * @param length octets of the frame without FCS, 42 to 1514
 * @param fromMac as {@code ip link} prints it
 * @param toMac the next hop's
 * @param from IPv4 address
 * @param to IPv4 address
 * @param sources source ports; together with the destinations they are the flows
 * @param destinations these change when all sources have had their turn
 */
public record Frame(
        int length, String fromMac, String toMac, String from, String to, PortRange sources, PortRange destinations) {
    static final int SOURCE_PORT_AT = 34;
    static final int DESTINATION_PORT_AT = 36;
    private static final int ETHERNET = 14;
    private static final int IP = 20;
    private static final int UDP = 8;
    private static final int CHECKSUM_AT = 24;

    /** Headers; the ports are left to the generator. */
    byte[] header() {
        ByteBuffer all = ByteBuffer.allocate(ETHERNET + IP + UDP);
        all.put(mac(toMac)).put(mac(fromMac)).putShort((short) 0x0800);
        all.put((byte) 0x45).put((byte) 0).putShort((short) (length - ETHERNET));
        all.putInt(0x4000).put((byte) 64).put((byte) 17).putShort((short) 0);
        all.put(address(from)).put(address(to));
        all.putInt(0).putShort((short) (length - ETHERNET - IP)).putShort((short) 0);
        int sum = 0;
        for (int at = ETHERNET; at < ETHERNET + IP; at += 2) {
            sum += all.getShort(at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return all.putShort(CHECKSUM_AT, (short) ~sum).array();
    }

    private static byte[] mac(String text) {
        return HexFormat.ofDelimiter(":").parseHex(text);
    }

    static byte[] address(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            octets[i] = (byte) Integer.parseInt(parts[i]);
        }
        return octets;
    }
}
