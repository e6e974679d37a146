package io.portcullis.ipsec.ike.iana;

/** Names of the algorithms that a peer may offer and this product has no use for, so that people can read an offer. */
final class OtherNames {
    private OtherNames() {}

    static String encr(int id) {
        return switch (id) {
            case 1 -> "ENCR_DES_IV64";
            case 2 -> "ENCR_DES";
            case 3 -> "ENCR_3DES";
            case 4 -> "ENCR_RC5";
            case 5 -> "ENCR_IDEA";
            case 6 -> "ENCR_CAST";
            case 7 -> "ENCR_BLOWFISH";
            case 8 -> "ENCR_3IDEA";
            case 9 -> "ENCR_DES_IV32";
            case 11 -> "ENCR_NULL";
            case 13 -> "ENCR_AES_CTR";
            case 14 -> "ENCR_AES_CCM_8";
            case 15 -> "ENCR_AES_CCM_12";
            case 16 -> "ENCR_AES_CCM_16";
            case 18 -> "ENCR_AES_GCM_8";
            case 19 -> "ENCR_AES_GCM_12";
            case 21 -> "ENCR_NULL_AUTH_AES_GMAC";
            case 23 -> "ENCR_CAMELLIA_CBC";
            case 24 -> "ENCR_CAMELLIA_CTR";
            case 25 -> "ENCR_CAMELLIA_CCM_8";
            case 26 -> "ENCR_CAMELLIA_CCM_12";
            case 27 -> "ENCR_CAMELLIA_CCM_16";
            case 29 -> "ENCR_AES_CCM_8_IIV";
            case 30 -> "ENCR_AES_GCM_16_IIV";
            case 31 -> "ENCR_CHACHA20_POLY1305_IIV";
            case 32 -> "ENCR_KUZNYECHIK_MGM_KTREE";
            case 33 -> "ENCR_MAGMA_MGM_KTREE";
            case 34 -> "ENCR_KUZNYECHIK_MGM_MAC_KTREE";
            case 35 -> "ENCR_MAGMA_MGM_MAC_KTREE";
            default -> "ENCR(" + id + ")";
        };
    }

    static String prf(int id) {
        return switch (id) {
            case 1 -> "PRF_HMAC_MD5";
            case 3 -> "PRF_HMAC_TIGER";
            case 4 -> "PRF_AES128_XCBC";
            case 8 -> "PRF_AES128_CMAC";
            case 9 -> "PRF_HMAC_STREEBOG_512";
            default -> "PRF(" + id + ")";
        };
    }

    static String integ(int id) {
        return switch (id) {
            case 1 -> "AUTH_HMAC_MD5_96";
            case 3 -> "AUTH_DES_MAC";
            case 4 -> "AUTH_KPDK_MD5";
            case 5 -> "AUTH_AES_XCBC_96";
            case 6 -> "AUTH_HMAC_MD5_128";
            case 7 -> "AUTH_HMAC_SHA1_160";
            case 8 -> "AUTH_AES_CMAC_96";
            case 9 -> "AUTH_AES_128_GMAC";
            case 10 -> "AUTH_AES_192_GMAC";
            case 11 -> "AUTH_AES_256_GMAC";
            default -> "AUTH(" + id + ")";
        };
    }

    /** In the short form of {@link DhGroup}; IANA describes groups in words. */
    static String group(int id) {
        return switch (id) {
            case 0 -> "NONE";
            case 1 -> "MODP_768";
            case 2 -> "MODP_1024";
            case 5 -> "MODP_1536";
            case 17 -> "MODP_6144";
            case 18 -> "MODP_8192";
            case 22 -> "MODP_1024_160";
            case 23 -> "MODP_2048_224";
            case 24 -> "MODP_2048_256";
            case 25 -> "ECP_192";
            case 26 -> "ECP_224";
            case 27 -> "BRAINPOOL_P224R1";
            case 28 -> "BRAINPOOL_P256R1";
            case 29 -> "BRAINPOOL_P384R1";
            case 30 -> "BRAINPOOL_P512R1";
            case 32 -> "CURVE448";
            case 33 -> "GOST3410_2012_256";
            case 34 -> "GOST3410_2012_512";
            case 35 -> "ML_KEM_512";
            case 36 -> "ML_KEM_768";
            case 37 -> "ML_KEM_1024";
            case 38 -> "FRODOKEM_640_AES";
            case 39 -> "FRODOKEM_976_AES";
            case 40 -> "FRODOKEM_1344_AES";
            default -> "GROUP(" + id + ")";
        };
    }
}
