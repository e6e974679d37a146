package io.portcullis.ipsec.tunnel;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a list allows into suites in order of preference: AES-GCM, ChaCha20-Poly1305, AES-CBC;
 * longer hashes first.
 */
final class AlgorithmSuites {
    private AlgorithmSuites() {}

    /**
     * What a list allows.
     *
     * @param gcmBits key sizes of AES-GCM in order of preference
     * @param chaCha ChaCha20-Poly1305
     * @param cbcBits key sizes of AES-CBC in order of preference
     */
    record Allowed(
            List<Integer> gcmBits,
            boolean chaCha,
            List<Integer> cbcBits,
            boolean sha512,
            boolean sha384,
            boolean sha256,
            boolean sha1) {
        private List<Hash> hashes() {
            List<Hash> out = new ArrayList<>();
            add(sha512, Integ.HMAC_SHA2_512_256, Prf.HMAC_SHA2_512, out);
            add(sha384, Integ.HMAC_SHA2_384_192, Prf.HMAC_SHA2_384, out);
            add(sha256, Integ.HMAC_SHA2_256_128, Prf.HMAC_SHA2_256, out);
            add(sha1, Integ.HMAC_SHA1_96, Prf.HMAC_SHA1, out);
            return out;
        }

        private static void add(boolean enabled, Integ integrity, Prf prf, List<Hash> to) {
            if (enabled) {
                to.add(new Hash(integrity, prf));
            }
        }
    }

    private record Hash(Integ integrity, Prf prf) {}

    static List<EspSuite> esp(Allowed allowed) {
        List<EspSuite> suites = new ArrayList<>();
        for (int bits : allowed.gcmBits()) {
            suites.add(new EspSuite(Encr.AES_GCM_16, bits, Integ.NONE));
        }
        if (allowed.chaCha()) {
            suites.add(new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE));
        }
        for (int bits : allowed.cbcBits()) {
            for (Hash hash : allowed.hashes()) {
                suites.add(new EspSuite(Encr.AES_CBC, bits, hash.integrity()));
            }
        }
        return List.copyOf(suites);
    }

    static List<IkeSuite> ike(Allowed allowed) {
        List<IkeSuite> suites = new ArrayList<>();
        for (EspSuite protection : esp(allowed)) {
            // The hash that protects is also the first choice as pseudo-random function.
            for (Hash hash : allowed.hashes()) {
                if (hash.integrity() == protection.integrity()) {
                    suites.add(new IkeSuite(protection, hash.prf()));
                }
            }
            for (Hash hash : allowed.hashes()) {
                if (hash.integrity() != protection.integrity()) {
                    suites.add(new IkeSuite(protection, hash.prf()));
                }
            }
        }
        return List.copyOf(suites);
    }
}
