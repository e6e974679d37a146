package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** The NIST prime curves (RFC 5903): both coordinates on the wire, the x coordinate as secret. */
final class EcpExchange implements KeyExchange {
    private final DhGroup group;
    private final ECPrivateKey privateKey;
    private final ECPoint publicPoint;

    private EcpExchange(DhGroup group, ECPrivateKey privateKey, ECPoint publicPoint) {
        this.group = group;
        this.privateKey = privateKey;
        this.publicPoint = publicPoint;
    }

    static EcpExchange generate(DhGroup group, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve(group)), random);
            KeyPair pair = generator.generateKeyPair();
            return new EcpExchange(group, (ECPrivateKey) pair.getPrivate(), ((ECPublicKey) pair.getPublic()).getW());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks " + group.wireName(), missing);
        }
    }

    /** A known private value, for vectors. */
    static EcpExchange of(DhGroup group, BigInteger scalar, byte[] publicValue) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve(group)));
        ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
        ECPrivateKey key =
                (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(scalar, spec));
        return new EcpExchange(group, key, point(publicValue));
    }

    @Override
    public DhGroup group() {
        return group;
    }

    @Override
    public byte[] publicValue() {
        int half = group.publicOctets() / 2;
        byte[] out = Arrays.copyOf(FixedLength.bigEndian(publicPoint.getAffineX(), half), 2 * half);
        System.arraycopy(FixedLength.bigEndian(publicPoint.getAffineY(), half), 0, out, half, half);
        return out;
    }

    /** RFC 6989 section 2.3: coordinates below p, and the point on the curve; these curves have cofactor 1. */
    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicValue {
        KeyExchange.requireLength(group, peer);
        ECParameterSpec spec = privateKey.getParams();
        ECPoint point = point(peer);
        requireOnCurve(spec, point);
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(privateKey);
            agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, spec)), true);
            return FixedLength.bigEndian(new BigInteger(1, agreement.generateSecret()), group.publicOctets() / 2);
        } catch (GeneralSecurityException refused) {
            throw new InvalidPublicValue("the provider refuses the point: " + refused.getMessage());
        }
    }

    private static void requireOnCurve(ECParameterSpec spec, ECPoint point) throws InvalidPublicValue {
        BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            throw new InvalidPublicValue("a coordinate is not below p");
        }
        BigInteger right = x.pow(3)
                .add(spec.getCurve().getA().multiply(x))
                .add(spec.getCurve().getB());
        if (!y.pow(2).subtract(right).mod(p).equals(BigInteger.ZERO)) {
            throw new InvalidPublicValue("the point is not on the curve");
        }
    }

    private static ECPoint point(byte[] wire) {
        int half = wire.length / 2;
        return new ECPoint(
                new BigInteger(1, Arrays.copyOf(wire, half)),
                new BigInteger(1, Arrays.copyOfRange(wire, half, wire.length)));
    }

    private static String curve(DhGroup group) {
        return switch (group) {
            case ECP_256 -> "secp256r1";
            case ECP_384 -> "secp384r1";
            case ECP_521 -> "secp521r1";
            case MODP_2048, MODP_3072, MODP_4096, CURVE25519 ->
                throw new IllegalArgumentException(group + " is not a NIST curve");
        };
    }
}
