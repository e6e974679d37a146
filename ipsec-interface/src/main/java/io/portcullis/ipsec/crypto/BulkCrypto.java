package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bulk encryption of one worker: for each algorithm the fastest provider that computed the same as the JDK when
 * this was made. Transforms may be made on any thread; they are used on the worker only.
 */
public final class BulkCrypto {
    private final Map<EspSuite, Choice> choices;

    /** Which provider serves an algorithm, why, and what went through it. */
    record Choice(CryptoProvider provider, String reason, CryptoUse use) {}

    private BulkCrypto(Map<EspSuite, Choice> choices) {
        this.choices = choices;
    }

    /**
     * Looks for providers and tests them; takes some milliseconds.
     *
     * @param random for IVs of CBC
     */
    public static BulkCrypto choose(SecureRandom random) {
        return choose(List.of(new IpsecMbProvider()), new JceProvider(random));
    }

    /** With the JDK alone, as on a machine that has nothing faster. */
    public static BulkCrypto jdkOnly(SecureRandom random) {
        return choose(List.of(), new JceProvider(random));
    }

    static BulkCrypto choose(List<CryptoProvider> fast, CryptoProvider fallback) {
        Map<EspSuite, Choice> choices = new LinkedHashMap<>();
        for (EspSuite suite : suites()) {
            choices.put(suite, choice(suite, fast, fallback));
        }
        return new BulkCrypto(choices);
    }

    private static Choice choice(EspSuite suite, List<CryptoProvider> fast, CryptoProvider fallback) {
        String reason = fast.isEmpty() ? "asked for" : "no faster provider";
        for (CryptoProvider candidate : fast) {
            if (!candidate.supports(suite)) {
                if (suite.encryption() == Encr.AES_GCM_16) {
                    reason = candidate.name();
                }
                continue;
            }
            Optional<String> fault = SelfTest.compare(suite, candidate, fallback);
            if (fault.isEmpty()) {
                return new Choice(candidate, "self-test passed", new CryptoUse());
            }
            reason = candidate.name() + " failed its self-test: " + fault.get();
        }
        return new Choice(fallback, reason, new CryptoUse());
    }

    /** Every algorithm of this product, AEADs first. */
    static List<EspSuite> suites() {
        List<EspSuite> suites = new ArrayList<>();
        for (int bits : Encr.AES_GCM_16.keyBits()) {
            suites.add(new EspSuite(Encr.AES_GCM_16, bits, Integ.NONE));
        }
        for (Integ integrity : Integ.values()) {
            for (int bits : integrity == Integ.NONE ? List.<Integer>of() : Encr.AES_CBC.keyBits()) {
                suites.add(new EspSuite(Encr.AES_CBC, bits, integrity));
            }
        }
        return suites;
    }

    /**
     * A keyed transform for one direction of an SA.
     *
     * @param extended 64-bit sequence numbers
     * @throws IllegalArgumentException when the suite is unknown or the keys have the wrong lengths
     */
    public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended) {
        Choice choice = choices.get(suite);
        if (choice == null) {
            throw new IllegalArgumentException(suite + " is no algorithm of ESP here");
        }
        return choice.provider.transform(suite, keys, extended, choice.use);
    }

    Map<EspSuite, Choice> choices() {
        return choices;
    }
}
