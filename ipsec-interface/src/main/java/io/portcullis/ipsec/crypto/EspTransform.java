package io.portcullis.ipsec.crypto;

/**
 * Encryption and integrity of one direction of one SA, keyed. Used by one worker only; made and self-tested on any
 * thread before it is handed over.
 */
public interface EspTransform {
    /** Octets of the IV that the packet carries. */
    int ivOctets();

    /** Octets of the integrity check value. */
    int icvOctets();

    /** What the text's length is a multiple of: the cipher's block, and ESP's four octets at least. */
    int alignment();

    /**
     * Writes IV, ciphertext and ICV of each packet in place. The IV is unique for counter modes (the sequence number
     * itself, RFC 4106 section 3.1) and unpredictable for CBC (RFC 3602 section 3).
     */
    void seal(EspBurst burst);

    /**
     * Checks each packet, says so with {@link EspBurst#authentic}, and decrypts in place those that are authentic. The
     * others hold nothing useful afterwards.
     */
    void open(EspBurst burst);

    /** Overwrites what it holds of the key and gives its memory back, at once. Not used afterwards. */
    void destroy();
}
