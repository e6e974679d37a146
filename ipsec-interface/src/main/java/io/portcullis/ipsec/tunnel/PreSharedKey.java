package io.portcullis.ipsec.tunnel;

import java.security.MessageDigest;
import java.util.Arrays;

/** A pre-shared key. Compares in constant time and never prints. */
public final class PreSharedKey {
    private final byte[] octets;

    public PreSharedKey(byte[] octets) {
        this.octets = octets.clone();
    }

    public byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PreSharedKey key && MessageDigest.isEqual(octets, key.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "PreSharedKey[hidden]";
    }
}
