package io.portcullis.ipsec.ike;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.crypto.PrfFunction;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.wire.Octets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * Cookies for initiators that must prove their address before they cost us state (RFC 7296 section 2.6): a version of
 * the secret, then a MAC over nonce, address and SPI. Nothing is kept but two secrets.
 */
final class Cookies {
    private static final long SECRET_NANOS = 60_000_000_000L;

    private final SecureRandom random;
    private byte[] secret = new byte[32];
    private byte[] before = new byte[32];
    private byte version;
    private long changedAt;

    Cookies(SecureRandom random, long now) {
        this.random = random;
        random.nextBytes(secret);
        random.nextBytes(before);
        changedAt = now;
    }

    Octets make(Octets nonce, IpAddress from, long initiatorSpi, long now) {
        if (now - changedAt > SECRET_NANOS) {
            before = secret;
            secret = new byte[32];
            random.nextBytes(secret);
            version++;
            changedAt = now;
        }
        return of(version, secret, nonce, from, initiatorSpi);
    }

    /** Whether this is a cookie of ours, not older than two lives of a secret. */
    boolean isRight(Octets cookie, Octets nonce, IpAddress from, long initiatorSpi) {
        return same(cookie, of(version, secret, nonce, from, initiatorSpi))
                || same(cookie, of((byte) (version - 1), before, nonce, from, initiatorSpi));
    }

    private static Octets of(byte version, byte[] secret, Octets nonce, IpAddress from, long initiatorSpi) {
        byte[] mac = PrfFunction.prf(
                Prf.HMAC_SHA2_256,
                secret,
                nonce.toArray(),
                from.octets(),
                Octets.ofLong(initiatorSpi).toArray());
        byte[] cookie = new byte[1 + mac.length];
        cookie[0] = version;
        System.arraycopy(mac, 0, cookie, 1, mac.length);
        return Octets.of(cookie);
    }

    private static boolean same(Octets a, Octets b) {
        return MessageDigest.isEqual(a.toArray(), b.toArray());
    }
}
