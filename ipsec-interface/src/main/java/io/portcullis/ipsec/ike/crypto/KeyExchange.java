package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.security.SecureRandom;

/**
 * One side of a Diffie-Hellman exchange: our private value, for one use. Slow (up to some milliseconds): made and
 * used away from the IKE thread.
 */
public sealed interface KeyExchange permits NativeExchange, ModpExchange, EcpExchange, CurveExchange {
    /** A fresh private value. */
    static KeyExchange generate(DhGroup group, SecureRandom random) {
        if (NativeExchange.serves(group)) {
            return NativeExchange.generate(group, random);
        }
        return switch (group) {
            case MODP_2048, MODP_3072, MODP_4096 -> ModpExchange.generate(group, random);
            case ECP_256, ECP_384, ECP_521 -> EcpExchange.generate(group, random);
            case CURVE25519 -> CurveExchange.generate(random);
        };
    }

    DhGroup group();

    /** Key exchange data for the KE payload, {@link DhGroup#publicOctets} long, leading zeros kept. */
    byte[] publicValue();

    /**
     * The shared secret, of fixed length, leading zeros kept.
     *
     * @param peer the peer's key exchange data
     * @throws InvalidPublicValue when the value fails the tests of RFC 6989 or RFC 8031; the exchange must fail
     */
    byte[] agree(byte[] peer) throws InvalidPublicValue;

    /** The peer's public value is not one of the group's. The message says which test it failed. */
    final class InvalidPublicValue extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidPublicValue(String message) {
            super(message);
        }
    }

    /** @throws InvalidPublicValue when the data has not the group's length */
    static void requireLength(DhGroup group, byte[] peer) throws InvalidPublicValue {
        if (peer.length != group.publicOctets()) {
            throw new InvalidPublicValue(
                    group.wireName() + " values have " + group.publicOctets() + " octets, not " + peer.length);
        }
    }
}
