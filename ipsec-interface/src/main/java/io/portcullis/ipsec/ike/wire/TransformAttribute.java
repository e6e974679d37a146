package io.portcullis.ipsec.ike.wire;

/**
 * An attribute of a transform (RFC 7296 section 3.3.5).
 *
 * @param type 0..32767
 * @param fixed the short form, whose value is 2 octets and stands without a length
 * @param value the value, 2 octets in the short form
 */
public record TransformAttribute(int type, boolean fixed, Octets value) {
    /** Key Length, the only attribute type that is defined. */
    public static final int KEY_LENGTH = 14;

    /** @throws IllegalArgumentException when a short form has not 2 octets */
    public TransformAttribute {
        if (fixed && value.size() != 2) {
            throw new IllegalArgumentException("a short attribute has 2 octets, not " + value.size());
        }
    }

    /** Key Length in bits, 0..65535. */
    public static TransformAttribute keyLength(int bits) {
        return new TransformAttribute(KEY_LENGTH, true, Octets.of((byte) (bits >>> 8), (byte) bits));
    }

    boolean isKeyLength() {
        return type == KEY_LENGTH && fixed;
    }
}
