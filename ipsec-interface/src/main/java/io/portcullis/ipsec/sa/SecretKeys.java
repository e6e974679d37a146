package io.portcullis.ipsec.sa;

import java.util.Arrays;

/**
 * Keys of one direction. Never printed: {@link #toString} names lengths only.
 */
public final class SecretKeys {
    private final byte[] encryption;
    private final byte[] salt;
    private final byte[] integrity;

    /**
     * @param encryption cipher key
     * @param salt implicit part of an AEAD's nonce (RFC 4106 section 4), empty for CBC
     * @param integrity HMAC key, empty for an AEAD
     */
    public SecretKeys(byte[] encryption, byte[] salt, byte[] integrity) {
        this.encryption = encryption.clone();
        this.salt = salt.clone();
        this.integrity = integrity.clone();
    }

    public byte[] encryption() {
        return encryption.clone();
    }

    public byte[] salt() {
        return salt.clone();
    }

    public byte[] integrity() {
        return integrity.clone();
    }

    /** Overwrites them; {@link #encryption} and the others give zeros from then on. */
    public void destroy() {
        Arrays.fill(encryption, (byte) 0);
        Arrays.fill(salt, (byte) 0);
        Arrays.fill(integrity, (byte) 0);
    }

    @Override
    public String toString() {
        return "SecretKeys[" + encryption.length + "+" + salt.length + "+" + integrity.length + " octets]";
    }
}
