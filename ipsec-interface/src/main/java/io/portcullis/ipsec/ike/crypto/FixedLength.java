package io.portcullis.ipsec.ike.crypto;

import java.math.BigInteger;

/** Unsigned integers as octets of fixed length: a secret with a leading zero keeps it. */
final class FixedLength {
    private FixedLength() {}

    /** Network order, zeros in front. The value must fit. */
    static byte[] bigEndian(BigInteger value, int octets) {
        byte[] signed = value.toByteArray();
        int skip = signed.length > octets ? signed.length - octets : 0;
        byte[] out = new byte[octets];
        System.arraycopy(signed, skip, out, octets - (signed.length - skip), signed.length - skip);
        return out;
    }

    static byte[] reversed(byte[] octets) {
        byte[] out = new byte[octets.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = octets[out.length - 1 - i];
        }
        return out;
    }
}
