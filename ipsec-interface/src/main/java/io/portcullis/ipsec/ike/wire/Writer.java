package io.portcullis.ipsec.ike.wire;

import java.util.Arrays;

/**
 * Writes octets from front to back, growing as needed, and fills in lengths afterwards. Every octet up to
 * {@link #size()} has been written by somebody. A number outside its field is a bug: IllegalArgumentException.
 */
final class Writer {
    private byte[] buffer;
    private int at;

    /** @param buffer where to begin; what stands in it does not matter */
    Writer(byte[] buffer) {
        this.buffer = buffer;
    }

    int size() {
        return at;
    }

    Writer u8(int value) {
        return number(value, 1);
    }

    Writer u16(int value) {
        return number(value, 2);
    }

    Writer u24(int value) {
        return number(value, 3);
    }

    Writer i32(int value) {
        return raw(value, 4);
    }

    Writer i64(long value) {
        return raw(value, 8);
    }

    Writer octets(Octets value) {
        room(value.size());
        value.copyTo(buffer, at);
        at += value.size();
        return this;
    }

    /** Overwrites the 16 bits at an offset with the number of octets written since {@code from}. */
    void lengthAt(int offset, int from) {
        int length = at - from;
        if (length > 0xffff) {
            throw new IllegalArgumentException("length " + length + " does not fit 16 bits");
        }
        buffer[offset] = (byte) (length >>> 8);
        buffer[offset + 1] = (byte) length;
    }

    /** What was written. */
    byte[] toArray() {
        return Arrays.copyOf(buffer, at);
    }

    private Writer number(int value, int octets) {
        if (value < 0 || value >>> (8 * octets) != 0) {
            throw new IllegalArgumentException(value + " does not fit " + octets + " octets");
        }
        return raw(value, octets);
    }

    private Writer raw(long value, int octets) {
        room(octets);
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            buffer[at++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void room(int octets) {
        if (buffer.length - at < octets) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, at + octets));
        }
    }
}
