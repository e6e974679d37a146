package io.portcullis.core.slaac;

import io.portcullis.core.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A router's message, written as RFC 4861 section 4.2 draws it. */
public final class Advertisement {
    public static final IpAddress ROUTER = IpAddress.literal("fe80::1");

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    /** @param seconds that the router is one by default */
    public Advertisement(int seconds) {
        octets.writeBytes(ByteBuffer.allocate(16)
                .put((byte) 134)
                .put((byte) 0)
                .putShort((short) 0)
                .put((byte) 64)
                .put((byte) 0)
                .putShort((short) seconds)
                .array());
    }

    /** A prefix that is on the link and that addresses are made of. */
    public Advertisement prefix(String network, int length, long valid, long preferred) {
        return prefix(network, length, 0xc0, valid, preferred);
    }

    public Advertisement prefix(String network, int length, int flags, long valid, long preferred) {
        octets.writeBytes(ByteBuffer.allocate(32)
                .put((byte) 3)
                .put((byte) 4)
                .put((byte) length)
                .put((byte) flags)
                .putInt((int) valid)
                .putInt((int) preferred)
                .putInt(0)
                .put(IpAddress.literal(network).octets())
                .array());
        return this;
    }

    public Advertisement mtu(int mtu) {
        octets.writeBytes(ByteBuffer.allocate(8).putInt(0x0501_0000).putInt(mtu).array());
        return this;
    }

    public byte[] octets() {
        return octets.toByteArray();
    }

    RouterAdvertisement read() {
        return RouterAdvertisement.read(octets(), ROUTER).orElseThrow();
    }
}
