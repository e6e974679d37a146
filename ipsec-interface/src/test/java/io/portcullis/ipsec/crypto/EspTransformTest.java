package io.portcullis.ipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EspTransformTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final SecureRandom RANDOM = new SecureRandom();

    static Stream<EspSuite> suites() {
        return CryptoSelection.suites().stream();
    }

    private static final CpuFeatures CPU = CpuFeatures.of(Path.of("/proc/cpuinfo"));

    static List<CryptoProvider> providers() {
        return Stream.of(new IpsecMbProvider(CPU), new OpensslProvider(), new JceProvider())
                .filter(provider -> provider.trouble().isEmpty())
                .toList();
    }

    /** One packet in memory of its own, the ICV's room and a guard behind it. */
    private static MemorySegment packet(byte[] octets, int room) {
        MemorySegment memory = Arena.ofAuto().allocate(octets.length + room);
        memory.fill((byte) 0xa5);
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
        return memory;
    }

    private static byte[] slice(MemorySegment memory, int from, int length) {
        return memory.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static EspBurst burst(MemorySegment memory, int text, long sequence) {
        EspBurst burst = new EspBurst();
        burst.add(memory, 0, text, sequence);
        return burst;
    }

    // D. McGrew, "Test Cases for the use of GCM and GMAC in IPsec ESP" (draft-mcgrew-gcm-test-01), section 4:
    // key, salt, sequence number, 64 bits or 32, text, packet.
    private static final String[][] GCM = {
        {
            "4c80cdefbb5d10da906ac73c3613a634",
            "2e443b68",
            "8765432100000000",
            "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f7564700373"
                    + "69700963796265726369747902646b000021000101020201",
            "00004321000000004956ed7e3b244cfefecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34"
                    + "cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732459018148f6c"
                    + "be722fd04796562dfdb4"
        },
        {
            "feffe9928665731c6d6a8f9467308308",
            "cafebabe",
            "0000000a",
            "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000010000000000000373697009637962"
                    + "65726369747902646b00000100010001",
            "0000a5f80000000afacedbaddecaf888deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c"
                    + "3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41"
                    + "ad4a"
        },
        {
            "abbccddef00112233445566778899aababbccddef00112233445566778899aab",
            "11223344",
            "00000002",
            "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b401010402"
                    + "01020201",
            "4a2cbfe3000000020102030405060708ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763"
                    + "748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c4915956c96"
        },
        {
            "feffe9928665731c6d6a8f9467308308feffe9928665731c",
            "cafebabe",
            "0000000a",
            "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d075680001",
            "0000a5f80000000afacedbaddecaf888a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0"
                    + "315b27452144cc7795457b9652037f5318027b5b4cd7a636"
        },
        {
            "6c6567616c697a656d6172696a75616e61616e64646f69746265666f72656961",
            "7475726e",
            "ffffffffffffffff",
            "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f7071727374"
                    + "01020201",
            "796b6963ffffffff333021696765746df97ab2aa356d8edce17644ac8c78e25dd24dedbb29ebf1b64a274b39b49c3a86"
                    + "4cd3d78ca4ae68a32b42458fb57dbe821dcc63b9d0937ba2945f669368661a329fb4c053"
        },
    };

    @Test
    void opensThePacketsOfTheGcmTestCases() {
        for (String[] line : GCM) {
            byte[] key = HEX.parseHex(line[0]);
            byte[] packet = HEX.parseHex(line[4]);
            byte[] text = HEX.parseHex(line[3]);
            EspSuite suite = new EspSuite(Encr.AES_GCM_16, key.length * 8, Integ.NONE);
            SecretKeys keys = new SecretKeys(key, HEX.parseHex(line[1]), new byte[0]);
            for (CryptoProvider provider : providers()) {
                EspTransform transform =
                        provider.open(RANDOM).transform(suite, keys, line[2].length() == 16, new CryptoUse());
                MemorySegment memory = packet(packet, 0);
                EspBurst burst = burst(memory, text.length, Long.parseUnsignedLong(line[2], 16));
                transform.open(burst);
                assertTrue(burst.authentic(0), provider.name() + " " + line[4]);
                assertArrayEquals(text, slice(memory, 16, text.length), provider.name());
            }
        }
    }

    @Test
    void cbcEncryptsAsRfc3602Case5() throws Exception {
        byte[] text = HEX.parseHex("08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "202122232425262728292a2b2c2d2e2f30313233343536370102030405060708090a0b0c0d0e0e01");
        byte[] sealed =
                HEX.parseHex("0000432100000001e96e8c08ab465763fd098d45dd3ff893f663c25d325c18c6a9453e194e120849a4870b"
                        + "66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b87"
                        + "4aa269add047ad2d5913ac19b7cfbad4a6");
        EspSuite suite = new EspSuite(Encr.AES_CBC, 128, Integ.HMAC_SHA2_256_128);
        SecretKeys keys = new SecretKeys(
                HEX.parseHex("90d382b410eeba7ad938c46cec1a82bf"),
                new byte[0],
                SelfTest.keys(suite).integrity());
        byte[] iv = Arrays.copyOfRange(sealed, 8, 24);
        EspTransform transform = new JceCbcHmac(
                suite,
                keys,
                false,
                (to, at) -> MemorySegment.copy(iv, 0, to, ValueLayout.JAVA_BYTE, at, 16),
                new byte[4096],
                new CryptoUse());
        byte[] plain = new byte[24 + text.length];
        System.arraycopy(sealed, 0, plain, 0, 8);
        System.arraycopy(text, 0, plain, 24, text.length);
        MemorySegment memory = packet(plain, 16);
        EspBurst burst = burst(memory, text.length, 1);
        transform.seal(burst);
        assertArrayEquals(sealed, slice(memory, 0, sealed.length));
        transform.open(burst);
        assertTrue(burst.authentic(0));
        assertArrayEquals(text, slice(memory, 24, text.length));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void providersUnderstandEachOtherOnRandomPackets(EspSuite suite) {
        long seed = RANDOM.nextLong();
        Random random = new Random(seed);
        for (CryptoProvider sealer : providers()) {
            for (CryptoProvider opener : providers()) {
                boolean extended = random.nextBoolean();
                EspTransform sealing =
                        sealer.open(RANDOM).transform(suite, SelfTest.keys(suite), extended, new CryptoUse());
                EspTransform opening =
                        opener.open(RANDOM).transform(suite, SelfTest.keys(suite), extended, new CryptoUse());
                for (int round = 0; round < 50; round++) {
                    int text = sealing.alignment() * (1 + random.nextInt(100));
                    byte[] plain = new byte[8 + sealing.ivOctets() + text];
                    random.nextBytes(plain);
                    MemorySegment memory = packet(plain, sealing.icvOctets() + 8);
                    EspBurst burst = burst(memory, text, round + 1);
                    sealing.seal(burst);
                    byte[] guard = slice(memory, (int) memory.byteSize() - 8, 8);
                    assertArrayEquals(HEX.parseHex("a5a5a5a5a5a5a5a5"), guard, "seed " + seed);
                    assertFalse(Arrays.equals(
                            Arrays.copyOfRange(plain, plain.length - text, plain.length),
                            slice(memory, plain.length - text, text)));
                    opening.open(burst);
                    assertTrue(burst.authentic(0), "seed " + seed);
                    assertArrayEquals(
                            Arrays.copyOfRange(plain, plain.length - text, plain.length),
                            slice(memory, plain.length - text, text),
                            "seed " + seed);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everyOctetOfThePacketIsAuthenticated(EspSuite suite) {
        for (CryptoProvider provider : providers()) {
            EspTransform transform =
                    provider.open(RANDOM).transform(suite, SelfTest.keys(suite), true, new CryptoUse());
            int text = 32;
            byte[] plain = new byte[8 + transform.ivOctets() + text];
            MemorySegment memory = packet(plain, transform.icvOctets());
            transform.seal(burst(memory, text, 0x1_0000_0001L));
            byte[] sealed = slice(memory, 0, (int) memory.byteSize());
            for (int i = 0; i < sealed.length; i++) {
                // The database derives the number from the packet: a forged field arrives as a forged number.
                byte[] forged = sealed.clone();
                forged[i] ^= 0x40;
                MemorySegment copy = packet(forged, 0);
                long sequence = i >= 4 && i < 8 ? 1L << 32 | fieldAt(forged) : 0x1_0000_0001L;
                EspBurst burst = burst(copy, text, sequence);
                transform.open(burst);
                assertFalse(burst.authentic(0), provider.name() + " octet " + i);
            }
            EspBurst wrongHigh = burst(packet(sealed, 0), text, 0x2_0000_0001L);
            transform.open(wrongHigh);
            assertFalse(wrongHigh.authentic(0));
        }
    }

    private static long fieldAt(byte[] packet) {
        return (packet[4] & 0xffL) << 24 | (packet[5] & 0xff) << 16 | (packet[6] & 0xff) << 8 | (packet[7] & 0xff);
    }

    @Test
    void whatDoesNotLieInTheBufferIsNotTouched() {
        EspSuite suite = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
        for (CryptoProvider provider : providers()) {
            EspTransform transform =
                    provider.open(RANDOM).transform(suite, SelfTest.keys(suite), false, new CryptoUse());
            MemorySegment memory = packet(new byte[16 + 64], 15);
            assertThrows(IndexOutOfBoundsException.class, () -> transform.seal(burst(memory, 64, 1)), provider.name());
            assertThrows(IndexOutOfBoundsException.class, () -> transform.open(burst(memory, 64, 1)), provider.name());
        }
    }

    @Test
    void keysOfOtherLengthsAreRefusedWithoutNamingThem() {
        EspSuite suite = new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE);
        SecretKeys keys = new SecretKeys(new byte[16], new byte[4], new byte[0]);
        BulkCrypto crypto = CryptoSelection.jdkOnly(new SystemClock(), RANDOM).worker();
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> crypto.transform(suite, keys, false));
        assertEquals("aes-gcm-256 needs an encryption key of 32 octets, not 16", refused.getMessage());
    }

    @Test
    void cbcNeverRepeatsAnIv() throws Exception {
        EncryptedCounter ivs = new EncryptedCounter(RANDOM);
        Set<String> seen = new HashSet<>();
        MemorySegment iv = Arena.ofAuto().allocate(16);
        for (int i = 0; i < 1000; i++) {
            ivs.next(iv, 0);
            assertTrue(seen.add(HEX.formatHex(iv.toArray(ValueLayout.JAVA_BYTE))), "IV " + i);
        }
    }
}
