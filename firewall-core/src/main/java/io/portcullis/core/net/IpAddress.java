package io.portcullis.core.net;

import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits. IPv4 is held in its IPv4-mapped form (RFC 4291 section 2.5.5.2), so one
 * pair of longs names any address and compares by value.
 *
 * @param high the upper 64 bits, network order
 * @param low the lower 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;

    /** 0.0.0.0 */
    public static final IpAddress ANY_V4 = v4(0);
    /** :: */
    public static final IpAddress ANY_V6 = new IpAddress(0, 0);

    /** The IPv4 address with these 32 bits, network order. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_MAPPED | (bits & 0xffff_ffffL));
    }

    /** The address in network order. @throws IllegalArgumentException unless 4 or 16 octets */
    public static IpAddress of(byte[] octets) {
        return switch (octets.length) {
            case 4 -> v4((int) readLong(octets, 0, 4));
            case 16 -> new IpAddress(readLong(octets, 0, 8), readLong(octets, 8, 8));
            default -> throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.length);
        };
    }

    /** Parses a literal of either family; never resolves a name. Zone identifiers are refused. */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? IpText.parseV6(text) : IpText.parseV4(text);
    }

    /** A literal known to be right. @throws IllegalArgumentException when it is not */
    public static IpAddress literal(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is not an IP address"));
    }

    /** Whether this is an IPv4 address. */
    public boolean isV4() {
        return isV4(high, low);
    }

    /** As {@link #isV4()}, of an address that is no object. */
    public static boolean isV4(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffffL;
    }

    /** The 32 bits of an IPv4 address; meaningless for IPv6. */
    public int v4Bits() {
        return (int) low;
    }

    /** Width of the address in its own family: 32 or 128. */
    public int bits() {
        return isV4() ? 32 : 128;
    }

    /** The address in network order, 4 or 16 octets. */
    public byte[] octets() {
        byte[] out = new byte[bits() / 8];
        for (int i = 0; i < out.length; i++) {
            int fromEnd = out.length - 1 - i;
            out[i] = (byte) ((fromEnd < 8 ? low : high) >>> (8 * (fromEnd & 7)));
        }
        return out;
    }

    public boolean isUnspecified() {
        return high == 0 && (low == 0 || low == V4_MAPPED);
    }

    public boolean isLoopback() {
        return isLoopback(high, low);
    }

    private static boolean isLoopback(long high, long low) {
        return isV4(high, low) ? ((int) low >>> 24) == 127 : high == 0 && low == 1;
    }

    public boolean isMulticast() {
        return isMulticast(high, low);
    }

    private static boolean isMulticast(long high, long low) {
        return isV4(high, low) ? ((int) low >>> 28) == 0xe : (high >>> 56) == 0xff;
    }

    public boolean isLinkLocal() {
        return isLinkLocal(high, low);
    }

    /** As {@link #isLinkLocal()}, of an address that is two halves. */
    public static boolean isLinkLocal(long high, long low) {
        return isV4(high, low) ? ((int) low >>> 16) == 0xa9fe : (high >>> 54) == (0xfe80 >>> 6);
    }

    /** Private by RFC 1918 or unique local by RFC 4193: what automatic translation looks at. */
    public boolean isPrivate() {
        return isPrivate(high, low);
    }

    /** As {@link #isPrivate()}, of an address that is no object. */
    public static boolean isPrivate(long high, long low) {
        if (!isV4(high, low)) {
            return (high >>> 57) == (0xfc >>> 1);
        }
        int bits = (int) low;
        return (bits >>> 24) == 10 || (bits >>> 20) == 0xac1 || (bits >>> 16) == 0xc0a8;
    }

    /** Whether an address that is no object is none of those: not private, link-local, loopback or multicast. */
    public static boolean isPublic(long high, long low) {
        return !isPrivate(high, low) && !isLinkLocal(high, low) && !isLoopback(high, low) && !isMulticast(high, low);
    }

    /** The next address, wrapping at the end of the 128 bits. */
    public IpAddress next() {
        return low == -1L ? new IpAddress(high + 1, 0) : new IpAddress(high, low + 1);
    }

    /** The address before this one; before the lowest comes the highest. */
    IpAddress previous() {
        return low == 0 ? new IpAddress(high - 1, -1L) : new IpAddress(high, low - 1);
    }

    /** Orders by unsigned value; IPv4-mapped addresses sort among IPv6 by their mapped value. */
    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80} (RFC 5952 section 6). */
    public String withPort(int port) {
        return isV4() ? this + ":" + port : "[" + this + "]:" + port;
    }

    /** Dotted decimal, or RFC 5952 text. */
    @Override
    public String toString() {
        return isV4() ? IpText.formatV4(v4Bits()) : IpText.formatV6(high, low);
    }

    private static long readLong(byte[] octets, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (octets[at + i] & 0xff);
        }
        return value;
    }
}
