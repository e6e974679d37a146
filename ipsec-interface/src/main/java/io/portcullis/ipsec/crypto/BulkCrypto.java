package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bulk encryption of one worker. Transforms may be made on any thread; they are used on the worker only.
 */
public final class BulkCrypto implements AutoCloseable {
    private final CryptoSelection selection;
    private final SecureRandom random;
    private final Map<EspSuite, CryptoUse> uses = new LinkedHashMap<>();
    private final Map<CryptoProvider, Workspace> workspaces = new HashMap<>();

    BulkCrypto(CryptoSelection selection, SecureRandom random) {
        this.selection = selection;
        this.random = random;
        CryptoSelection.suites().forEach(suite -> uses.put(suite, new CryptoUse()));
    }

    /**
     * A keyed transform for one direction of an SA. Waits for the algorithm's self-test, some milliseconds, when it is
     * the first of its algorithm.
     *
     * @param extended 64-bit sequence numbers
     * @throws IllegalArgumentException when the suite is unknown or the keys have the wrong lengths
     */
    public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended) {
        CryptoProvider provider = selection.provider(suite);
        CryptoUse use = Optional.ofNullable(uses.get(suite)).orElseThrow();
        return workspace(provider).transform(suite, keys, extended, use);
    }

    private synchronized Workspace workspace(CryptoProvider provider) {
        return workspaces.computeIfAbsent(provider, opened -> opened.open(random));
    }

    CryptoUse use(EspSuite suite) {
        return Optional.ofNullable(uses.get(suite)).orElseThrow();
    }

    /** Gives back what the worker computed with. No transform of it is used afterwards; what it counted stays. */
    @Override
    public synchronized void close() {
        workspaces.values().forEach(Workspace::close);
        workspaces.clear();
    }
}
