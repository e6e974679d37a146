package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A server's message, written as RFC 2131 figure 1 draws it, and whatever options a test wants. */
public final class Reply {
    public static final MacAddress STATION = new MacAddress(0x0200_5e00_0001L);
    public static final String SERVER = "192.0.2.1";

    private final int transaction;
    private final String yours;
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();
    private byte[] file = new byte[128];
    private byte[] name = new byte[64];
    private MacAddress station = STATION;

    private Reply(int transaction, String yours) {
        this.transaction = transaction;
        this.yours = yours;
    }

    /** Nothing but its type. */
    public static Reply bare(int type, int transaction, String yours) {
        return new Reply(transaction, yours).octets(53, type);
    }

    /** An offer or acknowledgement of two minutes in 192.0.2.0/24, without anything that may be left out. */
    public static Reply lease(int type, int transaction, String yours) {
        return bare(type, transaction, yours)
                .addresses(54, SERVER)
                .addresses(1, "255.255.255.0")
                .seconds(51, 120);
    }

    public Reply octets(int code, int... octets) {
        options.write(code);
        options.write(octets.length);
        Arrays.stream(octets).forEach(options::write);
        return this;
    }

    public Reply addresses(int code, String... addresses) {
        options.write(code);
        options.write(4 * addresses.length);
        Arrays.stream(addresses)
                .forEach(text -> options.writeBytes(IpAddress.literal(text).octets()));
        return this;
    }

    public Reply seconds(int code, long seconds) {
        return octets(
                code,
                (int) (seconds >>> 24) & 0xff,
                (int) (seconds >>> 16) & 0xff,
                (int) (seconds >>> 8) & 0xff,
                (int) seconds & 0xff);
    }

    /** The client that it is for. */
    public Reply to(MacAddress client) {
        station = client;
        return this;
    }

    /** What stands in the field for a boot file, when options overload it. */
    public Reply file(int... octets) {
        file = filled(file.length, octets);
        return this;
    }

    /** What stands in the field for the server's name, when options overload it. */
    public Reply name(int... octets) {
        name = filled(name.length, octets);
        return this;
    }

    private static byte[] filled(int length, int... octets) {
        byte[] field = new byte[length];
        for (int i = 0; i < octets.length; i++) {
            field[i] = (byte) octets[i];
        }
        return field;
    }

    public byte[] octets() {
        ByteBuffer out = ByteBuffer.allocate(DhcpCodec.FIXED + options.size() + 1);
        out.put((byte) 2)
                .put((byte) 1)
                .put((byte) 6)
                .put((byte) 0)
                .putInt(transaction)
                .putInt(0);
        out.putInt(0).put(IpAddress.literal(yours).octets()).putInt(0).putInt(0);
        out.putShort((short) (station.bits() >>> 32))
                .putInt((int) station.bits())
                .put(new byte[10]);
        out.put(name).put(file).putInt(0x63825363);
        out.put(options.toByteArray()).put((byte) 255);
        return out.array();
    }

    DhcpReply read() {
        try {
            return DhcpCodec.read(octets());
        } catch (MalformedDhcp malformed) {
            throw new AssertionError(malformed);
        }
    }
}
