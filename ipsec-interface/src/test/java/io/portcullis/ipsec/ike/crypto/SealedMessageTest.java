package io.portcullis.ipsec.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SealedMessageTest {
    private static final int HEAD = 32;

    static List<EspSuite> suites() {
        return List.of(
                new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE),
                new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE),
                new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE),
                new EspSuite(Encr.AES_CBC, 128, Integ.HMAC_SHA1_96),
                new EspSuite(Encr.AES_CBC, 192, Integ.HMAC_SHA2_256_128),
                new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_384_192),
                new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_512_256));
    }

    private static SealedMessage of(EspSuite suite) {
        Random random = new Random(7);
        byte[] key = new byte[suite.keyBits() / 8];
        byte[] salt = new byte[suite.encryption().saltOctets()];
        byte[] integrity = new byte[suite.integrity().keyOctets()];
        random.nextBytes(key);
        random.nextBytes(salt);
        random.nextBytes(integrity);
        return new SealedMessage(suite, new SecretKeys(key, salt, integrity), new SecureRandom());
    }

    @ParameterizedTest
    @MethodSource("suites")
    void opensWhatItSealed(EspSuite suite) {
        SealedMessage sealed = of(suite);
        Random random = new Random(11);
        for (int length = 0; length < 70; length++) {
            byte[] head = new byte[HEAD];
            byte[] plaintext = new byte[length];
            random.nextBytes(head);
            random.nextBytes(plaintext);
            byte[] message = sealed.seal(head, plaintext);
            assertEquals(HEAD + sealed.bodyOctets(length), message.length);
            assertArrayEquals(head, Arrays.copyOf(message, HEAD));
            assertArrayEquals(plaintext, sealed.open(message, HEAD).orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everyFlippedBitAndEveryTruncationIsRefused(EspSuite suite) {
        SealedMessage sealed = of(suite);
        byte[] message = sealed.seal(new byte[HEAD], new byte[] {1, 2, 3, 4, 5});
        for (int bit = 0; bit < 8 * message.length; bit++) {
            byte[] flipped = message.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertEquals(Optional.empty(), sealed.open(flipped, HEAD), "bit " + bit);
        }
        for (int length = HEAD; length < message.length; length++) {
            assertTrue(sealed.open(Arrays.copyOf(message, length), HEAD).isEmpty(), "length " + length);
        }
    }

    /** RFC 7634 appendix B: an INFORMATIONAL response with a Notify payload. */
    @Test
    void opensTheMessageOfRfc7634() {
        HexFormat hex = HexFormat.of();
        SecretKeys keys = new SecretKeys(
                hex.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
                hex.parseHex("a0a1a2a3"),
                new byte[0]);
        byte[] message = hex.parseHex("c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"
                + "1011121314151617"
                + "610394701f8d017f7c12924889"
                + "6b71bfe25236efd7cdc67066906315b2");
        SealedMessage sealed =
                new SealedMessage(new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE), keys, new SecureRandom());
        assertArrayEquals(
                hex.parseHex("0000000c000040010000000a"),
                sealed.open(message, HEAD).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("suites")
    void neverTheSameIvTwice(EspSuite suite) {
        SealedMessage sealed = of(suite);
        byte[] first = sealed.seal(new byte[HEAD], new byte[4]);
        byte[] second = sealed.seal(new byte[HEAD], new byte[4]);
        int end = HEAD + suite.encryption().ivOctets();
        assertFalse(Arrays.equals(Arrays.copyOfRange(first, HEAD, end), Arrays.copyOfRange(second, HEAD, end)));
    }
}
