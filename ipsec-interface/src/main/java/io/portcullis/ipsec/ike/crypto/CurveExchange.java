package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** X25519 (RFC 7748, RFC 8031): little-endian u coordinates of 32 octets. */
final class CurveExchange implements KeyExchange {
    private static final int OCTETS = 32;

    private final PrivateKey privateKey;
    private final byte[] publicValue;

    private CurveExchange(PrivateKey privateKey, byte[] publicValue) {
        this.privateKey = privateKey;
        this.publicValue = publicValue;
    }

    static CurveExchange generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
            generator.initialize(NamedParameterSpec.X25519, random);
            KeyPair pair = generator.generateKeyPair();
            BigInteger u = ((XECPublicKey) pair.getPublic()).getU();
            return new CurveExchange(pair.getPrivate(), FixedLength.reversed(FixedLength.bigEndian(u, OCTETS)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks X25519", missing);
        }
    }

    /** A known private value, for vectors. */
    static CurveExchange of(byte[] scalar, byte[] publicValue) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("X25519")
                .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
        return new CurveExchange(key, publicValue);
    }

    @Override
    public DhGroup group() {
        return DhGroup.CURVE25519;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    /** RFC 8031 section 3.2: no check of the value itself, but an all-zero secret is refused. */
    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicValue {
        KeyExchange.requireLength(group(), peer);
        byte[] bigEndian = FixedLength.reversed(peer);
        bigEndian[0] &= 0x7f; // RFC 7748 section 5: the top bit is ignored
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(privateKey);
            agreement.doPhase(
                    factory.generatePublic(
                            new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
                    true);
            byte[] secret = agreement.generateSecret();
            int any = 0;
            for (byte octet : secret) {
                any |= octet;
            }
            if (any == 0) {
                throw new InvalidPublicValue("the secret is all zeros");
            }
            return secret;
        } catch (GeneralSecurityException smallOrder) {
            throw new InvalidPublicValue("the point has small order: the secret is all zeros");
        }
    }
}
