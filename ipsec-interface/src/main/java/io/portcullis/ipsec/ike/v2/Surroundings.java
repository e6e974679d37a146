package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.tunnel.TunnelList;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What an IKE SA may ask at once, without an action.
 *
 * @param random for SPIs, nonces, keys, IVs and jitter
 * @param keys private values for key exchanges; asked away from the IKE thread
 * @param espSpis reserves an inbound ESP SPI for a tunnel; given back with {@link Action.ReleaseSpi}
 * @param usage counters of the pair with this inbound SPI
 * @param tunnels the active configuration's
 */
public record Surroundings(
        SecureRandom random,
        KeyExchangeSource keys,
        ToIntFunction<String> espSpis,
        IntFunction<Optional<SaUsage>> usage,
        Supplier<TunnelList> tunnels,
        IkeSettings settings) {

    long ikeSpi() {
        long spi = random.nextLong();
        return spi == 0 ? ikeSpi() : spi;
    }

    /** A nonce of 32 octets: enough for the largest PRF here (RFC 7296 section 2.10). */
    byte[] nonce() {
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        return nonce;
    }

    /** A random share of this many nanoseconds, 0 for none. */
    long jitter(long most) {
        return most <= 0 ? 0 : random.nextLong(most);
    }
}
