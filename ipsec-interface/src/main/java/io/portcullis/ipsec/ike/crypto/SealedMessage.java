package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Protects the Encrypted payload of one direction of an IKE SA: IV, ciphertext with padding, checksum (RFC 7296
 * section 3.14; for an AEAD RFC 5282 and RFC 7634). Owned by the IKE thread: the AEAD's IV is a counter.
 */
public final class SealedMessage {
    private final EspSuite suite;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final byte[] integrityKey;
    private final SecureRandom random;
    private long sealed;

    public SealedMessage(EspSuite suite, SecretKeys keys, SecureRandom random) {
        this.suite = suite;
        this.key =
                new SecretKeySpec(keys.encryption(), suite.encryption() == Encr.CHACHA20_POLY1305 ? "ChaCha20" : "AES");
        this.salt = keys.salt();
        this.integrityKey = keys.integrity();
        this.random = random;
    }

    /** Octets of the Encrypted payload's body for this much plaintext: IV, padding, pad length and checksum. */
    public int bodyOctets(int plaintextOctets) {
        return suite.encryption().ivOctets() + paddedOctets(plaintextOctets) + icvOctets();
    }

    /**
     * The whole message.
     *
     * @param head everything up to and with the Encrypted payload's generic header, its lengths already those of the
     *     whole message
     * @param plaintext the inner payloads
     */
    public byte[] seal(byte[] head, byte[] plaintext) {
        Encr encr = suite.encryption();
        byte[] iv = nextIv();
        byte[] padded = Arrays.copyOf(plaintext, paddedOctets(plaintext.length));
        padded[padded.length - 1] = (byte) (padded.length - plaintext.length - 1);
        ByteBuffer out = ByteBuffer.allocate(head.length + bodyOctets(plaintext.length));
        out.put(head).put(iv);
        try {
            out.put(cipher(Cipher.ENCRYPT_MODE, iv, head, head.length).doFinal(padded));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(suite + " cannot encrypt", impossible);
        }
        if (!encr.isAead()) {
            out.put(checksum(out.array(), out.position()));
        }
        return out.array();
    }

    /**
     * The plaintext of a message, or empty when its checksum or padding is wrong: such a message is dropped and
     * changes nothing.
     *
     * @param message the whole message
     * @param bodyAt where the Encrypted payload's body starts, behind its generic header; it ends with the message
     */
    public Optional<byte[]> open(byte[] message, int bodyAt) {
        Encr encr = suite.encryption();
        int textAt = bodyAt + encr.ivOctets();
        int textEnd = message.length - icvOctets();
        int textOctets = textEnd - textAt;
        if (textOctets < 1 || textOctets % encr.blockOctets() != 0) {
            return Optional.empty();
        }
        if (!encr.isAead()) {
            byte[] came = Arrays.copyOfRange(message, textEnd, message.length);
            if (!MessageDigest.isEqual(came, checksum(message, textEnd))) {
                return Optional.empty();
            }
        }
        byte[] iv = Arrays.copyOfRange(message, bodyAt, textAt);
        try {
            int sealedEnd = encr.isAead() ? message.length : textEnd;
            byte[] padded =
                    cipher(Cipher.DECRYPT_MODE, iv, message, bodyAt).doFinal(message, textAt, sealedEnd - textAt);
            int padLength = padded[padded.length - 1] & 0xff;
            return padLength + 1 > padded.length
                    ? Optional.empty()
                    : Optional.of(Arrays.copyOf(padded, padded.length - padLength - 1));
        } catch (GeneralSecurityException forged) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] iv, byte[] associated, int associatedOctets)
            throws GeneralSecurityException {
        byte[] nonce =
                ByteBuffer.allocate(salt.length + iv.length).put(salt).put(iv).array();
        return switch (suite.encryption()) {
            case AES_CBC -> {
                Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
                cbc.init(mode, key, new IvParameterSpec(iv));
                yield cbc;
            }
            case AES_GCM_16 -> {
                Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
                gcm.init(mode, key, new GCMParameterSpec(8 * suite.encryption().icvOctets(), nonce));
                gcm.updateAAD(associated, 0, associatedOctets);
                yield gcm;
            }
            case CHACHA20_POLY1305 -> {
                Cipher chaCha = Cipher.getInstance("ChaCha20-Poly1305");
                chaCha.init(mode, key, new IvParameterSpec(nonce));
                chaCha.updateAAD(associated, 0, associatedOctets);
                yield chaCha;
            }
        };
    }

    private byte[] nextIv() {
        if (suite.encryption().isAead()) {
            return ByteBuffer.allocate(8).putLong(++sealed).array();
        }
        byte[] iv = new byte[suite.encryption().ivOctets()];
        random.nextBytes(iv);
        return iv;
    }

    private byte[] checksum(byte[] message, int octets) {
        Mac mac = PrfFunction.hmac(suite.integrity().jcaName(), integrityKey);
        mac.update(message, 0, octets);
        return Arrays.copyOf(mac.doFinal(), icvOctets());
    }

    private int icvOctets() {
        return suite.encryption().isAead()
                ? suite.encryption().icvOctets()
                : suite.integrity().icvOctets();
    }

    private int paddedOctets(int plaintextOctets) {
        int block = suite.encryption().blockOctets();
        return (plaintextOctets + 1 + block - 1) / block * block;
    }

    @Override
    public String toString() {
        return "SealedMessage[" + suite + "]";
    }
}
