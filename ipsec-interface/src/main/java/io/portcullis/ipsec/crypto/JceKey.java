package io.portcullis.ipsec.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/** A key for the JDK that can be wiped. What a cipher has made of it goes with the cipher, at the collector's time. */
final class JceKey implements SecretKey {
    private static final long serialVersionUID = 1;

    private final transient byte[] octets;
    private final String algorithm;

    /** @param octets taken over */
    JceKey(byte[] octets, String algorithm) {
        this.octets = octets;
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return octets.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public String toString() {
        return algorithm + "[" + octets.length + " octets]";
    }
}
