package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** One ESP packet for each algorithm that somebody else made: whoever opens it computes the algorithm. */
final class KnownAnswers {
    private static final HexFormat HEX = HexFormat.of();
    private static final int CBC_TEXT = 64;

    /** Key, salt, packet, text. */
    private record Answer(String key, String salt, String packet, String text) {}

    // D. McGrew, "Test Cases for the use of GCM and GMAC in IPsec ESP" (draft-mcgrew-gcm-test-01), section 4.
    private static final Answer GCM_128 = new Answer(
            "feffe9928665731c6d6a8f9467308308",
            "cafebabe",
            "0000a5f80000000afacedbaddecaf888deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c"
                    + "3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41"
                    + "ad4a",
            "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000010000000000000373697009637962"
                    + "65726369747902646b00000100010001");
    private static final Answer GCM_192 = new Answer(
            "feffe9928665731c6d6a8f9467308308feffe9928665731c",
            "cafebabe",
            "0000a5f80000000afacedbaddecaf888a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0"
                    + "315b27452144cc7795457b9652037f5318027b5b4cd7a636",
            "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d075680001");
    private static final Answer GCM_256 = new Answer(
            "abbccddef00112233445566778899aababbccddef00112233445566778899aab",
            "11223344",
            "4a2cbfe3000000020102030405060708ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763"
                    + "748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c4915956c96",
            "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b401010402"
                    + "01020201");

    // RFC 7634 appendix A.
    private static final Answer CHACHA = new Answer(
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
            "a0a1a2a3",
            "01020304000000051011121314151617"
                    + "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7"
                    + "2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0"
                    + "76aaa8266b7fb0f7b11b369907e1ad43",
            "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d0e0f10111213"
                    + "1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637"
                    + "01020204");

    // Made with the openssl command, 3.0.19 (enc -aes-N-cbc -nopad, then mac -digest … HMAC over all of it): keys count
    // from 1, the text counts from 0.
    private static final String CBC_HEAD = "0102030400000005f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

    private KnownAnswers() {}

    /** What a transform does wrong, if anything. */
    static Optional<String> check(EspSuite suite, CryptoProvider.Workspace workspace) {
        return switch (suite.encryption()) {
            case AES_CBC -> check(suite, workspace, cbc(suite), SelfTest.keys(suite), counting());
            case CHACHA20_POLY1305 -> check(suite, workspace, CHACHA);
            case AES_GCM_16 ->
                check(
                        suite,
                        workspace,
                        switch (suite.keyBits()) {
                            case 128 -> GCM_128;
                            case 192 -> GCM_192;
                            default -> GCM_256;
                        });
        };
    }

    private static Optional<String> check(EspSuite suite, CryptoProvider.Workspace workspace, Answer answer) {
        SecretKeys keys = new SecretKeys(HEX.parseHex(answer.key), HEX.parseHex(answer.salt), new byte[0]);
        return check(suite, workspace, HEX.parseHex(answer.packet), keys, HEX.parseHex(answer.text));
    }

    private static Optional<String> check(
            EspSuite suite, CryptoProvider.Workspace workspace, byte[] packet, SecretKeys keys, byte[] text) {
        EspTransform transform = workspace.transform(suite, keys, false, new CryptoUse());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, packet);
            EspBurst burst = new EspBurst();
            burst.add(memory, 0, text.length, 0);
            transform.open(burst);
            byte[] opened = memory.asSlice(EspBurst.HEADER + transform.ivOctets(), text.length)
                    .toArray(ValueLayout.JAVA_BYTE);
            return burst.authentic(0) && Arrays.equals(opened, text)
                    ? Optional.empty()
                    : Optional.of("it does not open the known packet");
        } finally {
            transform.destroy();
        }
    }

    private static byte[] counting() {
        byte[] text = new byte[CBC_TEXT];
        for (int i = 0; i < CBC_TEXT; i++) {
            text[i] = (byte) i;
        }
        return text;
    }

    private static byte[] cbc(EspSuite suite) {
        return HEX.parseHex(CBC_HEAD
                + switch (suite.keyBits()) {
                    case 128 ->
                        "763d6074c1fc092a825a3747518ae28fe440769bf8b43e720aaa0f52a4f373a1"
                                + "e4279465cf2320d4f802224247948c3e314ffde0f78943bb1afb81079495074b"
                                + icv128(suite.integrity());
                    case 192 ->
                        "8b2a2747b17dfeeaf0f863bf19163cfc3c7773a6ad935008fbc626080977f1af"
                                + "e60004114eb26665ce0ab324be979c7e841e0852176d4d8ae5b8062163a3f85c"
                                + icv192(suite.integrity());
                    default ->
                        "89217b0d1c999c2e46d255faa83255f77dc1eb0c2a95cd3470a3c3724043cc98"
                                + "eabebbdd5b7cbc17bb9893217b9e2d61d7db82bfe2a7d7a1bd986e17936119b6"
                                + icv256(suite.integrity());
                });
    }

    private static String icv128(Integ integrity) {
        return switch (integrity) {
            case NONE -> "";
            case HMAC_SHA1_96 -> "e63cd93cc155dee45c2902a6";
            case HMAC_SHA2_256_128 -> "4188eb3a721d76d9b8804b699735ba14";
            case HMAC_SHA2_384_192 -> "3f547d03b6a2a7af9057c58ab4caa76cffdd82a5fd399eba";
            case HMAC_SHA2_512_256 -> "8f4599b99dfcb85dd43d7fa69d1b11499ca5dfdd1d92ed30f63f0c7791225d00";
        };
    }

    private static String icv192(Integ integrity) {
        return switch (integrity) {
            case NONE -> "";
            case HMAC_SHA1_96 -> "508316504e11f49a8f7646e3";
            case HMAC_SHA2_256_128 -> "326de807394f650abfc2b92648ba3809";
            case HMAC_SHA2_384_192 -> "67c94c006ff4214b95a9bdd7a583c015b62e3be514ef271f";
            case HMAC_SHA2_512_256 -> "e0dde7d5306fe5d623fb714631c09638d7c035630a0dc918ff41b2d2cf0b635b";
        };
    }

    private static String icv256(Integ integrity) {
        return switch (integrity) {
            case NONE -> "";
            case HMAC_SHA1_96 -> "4b7564fc34ae2403b31c4ca6";
            case HMAC_SHA2_256_128 -> "cf5a5faa5de50cdbfe38d39a2e088e56";
            case HMAC_SHA2_384_192 -> "337075502133c5253ab91ca586b42a997241ff747f5120db";
            case HMAC_SHA2_512_256 -> "f748aea99daedcedc170323947102d6be23c438277f7c51f129603ac2e33b21f";
        };
    }
}
