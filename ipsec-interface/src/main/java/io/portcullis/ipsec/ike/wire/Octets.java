package io.portcullis.ipsec.ike.wire;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of octets with value equality. Never for key material: {@link #toString()} shows them all. */
public final class Octets {
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these octets. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** A copy of {@code from} up to, not including, {@code to}. @throws IndexOutOfBoundsException outside the array */
    public static Octets of(byte[] bytes, int from, int to) {
        return from == to ? EMPTY : new Octets(Arrays.copyOfRange(bytes, from, to));
    }

    /** That many zero octets: room for what is computed later. */
    public static Octets zeros(int size) {
        return size == 0 ? EMPTY : new Octets(new byte[size]);
    }

    /** From hexadecimal digits without separators. @throws IllegalArgumentException on anything else */
    public static Octets hex(String digits) {
        return of(HexFormat.of().parseHex(digits));
    }

    /** The 4 octets of a number, network order: an ESP SPI. */
    public static Octets ofInt(int value) {
        return new Octets(
                new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /** The 8 octets of a number, network order: an IKE SPI. */
    public static Octets ofLong(long value) {
        byte[] out = new byte[8];
        for (int i = 0; i < 8; i++) {
            out[i] = (byte) (value >>> (56 - 8 * i));
        }
        return new Octets(out);
    }

    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The octet at an index, 0..255. @throws IndexOutOfBoundsException outside */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /** The first 4 octets as a number, network order. @throws IndexOutOfBoundsException when there are fewer */
    public int toInt() {
        return at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
    }

    /** The first 8 octets as a number, network order. @throws IndexOutOfBoundsException when there are fewer */
    public long toLong() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | at(i);
        }
        return value;
    }

    /** {@code from} up to, not including, {@code to}. @throws IndexOutOfBoundsException outside */
    public Octets slice(int from, int to) {
        if (from < 0 || to < from || to > bytes.length) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + bytes.length);
        }
        return of(bytes, from, to);
    }

    /** A copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Copies all of them. @throws IndexOutOfBoundsException when they do not fit */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
