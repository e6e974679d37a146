package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.Prf;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The negotiated pseudorandom function and prf+ (RFC 7296 section 2.13). */
public final class PrfFunction {
    private static final int MAX_BLOCKS = 255;

    private PrfFunction() {}

    /** {@code prf(key, data[0] | data[1] | ...)}. An empty key counts as zeros, as HMAC pads it. */
    public static byte[] prf(Prf prf, byte[] key, byte[]... data) {
        Mac mac = hmac(prf.jcaName(), key);
        for (byte[] part : data) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /**
     * {@code prf+(key, seed)}, the first {@code octets} of it.
     *
     * @throws IllegalArgumentException for more than 255 blocks, which the construction does not define
     */
    public static byte[] expand(Prf prf, byte[] key, byte[] seed, int octets) {
        int blocks = (octets + prf.octets() - 1) / prf.octets();
        if (blocks > MAX_BLOCKS) {
            throw new IllegalArgumentException("prf+ yields at most " + MAX_BLOCKS * prf.octets() + " octets");
        }
        Mac mac = hmac(prf.jcaName(), key);
        byte[] out = new byte[octets];
        byte[] block = {};
        for (int i = 1; i <= blocks; i++) {
            mac.update(block);
            mac.update(seed);
            mac.update((byte) i);
            block = mac.doFinal();
            int at = (i - 1) * block.length;
            System.arraycopy(block, 0, out, at, Math.min(block.length, octets - at));
        }
        return out;
    }

    static Mac hmac(String jcaName, byte[] key) {
        try {
            Mac mac = Mac.getInstance(jcaName);
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, jcaName));
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks " + jcaName, missing);
        }
    }
}
