package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.math.BigInteger;
import java.security.SecureRandom;

/** Exponentiation modulo a safe prime of RFC 3526, generator 2. */
final class ModpExchange implements KeyExchange {
    /** More than twice the strength of the largest group here (RFC 3526 section 8), so one length serves all. */
    private static final int EXPONENT_BITS = 400;

    private static final BigInteger GENERATOR = BigInteger.TWO;

    private final DhGroup group;
    private final BigInteger prime;
    private final BigInteger exponent;
    private final byte[] publicValue;

    ModpExchange(DhGroup group, BigInteger exponent) {
        this.group = group;
        this.prime = ModpPrime.of(group);
        this.exponent = exponent;
        this.publicValue = FixedLength.bigEndian(GENERATOR.modPow(exponent, prime), group.publicOctets());
    }

    static ModpExchange generate(DhGroup group, SecureRandom random) {
        return new ModpExchange(group, new BigInteger(EXPONENT_BITS, random).setBit(EXPONENT_BITS - 1));
    }

    @Override
    public DhGroup group() {
        return group;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    /** RFC 6989 section 2.1: with a safe prime the peer's value must lie strictly between 1 and p-1. */
    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicValue {
        KeyExchange.requireLength(group, peer);
        BigInteger value = new BigInteger(1, peer);
        if (value.compareTo(BigInteger.ONE) <= 0 || value.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
            throw new InvalidPublicValue("value is not strictly between 1 and p-1");
        }
        return FixedLength.bigEndian(value.modPow(exponent, prime), group.publicOctets());
    }
}
