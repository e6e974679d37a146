package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.libcrypto.LibCrypto;
import io.portcullis.ipsec.libcrypto.ScalarMultiplication;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * X25519 and the NIST prime curves, computed by libcrypto: the same rules as {@link CurveExchange} and
 * {@link EcpExchange}, which serve where the library is missing or fails its test.
 */
final class NativeExchange implements KeyExchange {
    /** A NIST curve: its number in libcrypto, the octets of a coordinate, and the order of its group (FIPS 186-4). */
    private enum Curve {
        P256(415, 32, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        P384(
                715,
                48,
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
        P521(
                716,
                66,
                "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709"
                        + "a5d03bb5c9b8899c47aebb6fb71e91386409");

        private final MemorySegment group;
        private final int coordinate;
        private final BigInteger order;

        Curve(int nid, int coordinate, String order) {
            this.group = ScalarMultiplication.curve(nid);
            this.coordinate = coordinate;
            this.order = new BigInteger(order, 16);
        }

        static Optional<Curve> of(DhGroup group) {
            return switch (group) {
                case ECP_256 -> Optional.of(P256);
                case ECP_384 -> Optional.of(P384);
                case ECP_521 -> Optional.of(P521);
                case CURVE25519, MODP_2048, MODP_3072, MODP_4096 -> Optional.empty();
            };
        }
    }

    private static final boolean TRUSTED = LibCrypto.trouble().isEmpty() && passesVectors();

    private final DhGroup group;
    private final byte[] scalar;
    private final byte[] publicValue;

    private NativeExchange(DhGroup group, byte[] scalar, byte[] publicValue) {
        this.group = group;
        this.scalar = scalar;
        this.publicValue = publicValue;
    }

    /** Whether this group is computed here. */
    static boolean serves(DhGroup group) {
        return TRUSTED && (group == DhGroup.CURVE25519 || Curve.of(group).isPresent());
    }

    static NativeExchange generate(DhGroup group, SecureRandom random) {
        Optional<Curve> curve = Curve.of(group);
        if (curve.isEmpty()) {
            byte[] scalar = new byte[group.publicOctets()];
            random.nextBytes(scalar);
            return of(group, scalar);
        }
        BigInteger order = curve.get().order;
        BigInteger scalar;
        do {
            scalar = new BigInteger(order.bitLength(), random);
        } while (scalar.signum() == 0 || scalar.compareTo(order) >= 0);
        return of(group, FixedLength.bigEndian(scalar, curve.get().coordinate));
    }

    /** With a known private value. */
    static NativeExchange of(DhGroup group, byte[] scalar) {
        byte[] publicValue = Curve.of(group)
                .map(curve -> ScalarMultiplication.multiply(curve.group, scalar, curve.coordinate))
                .orElseGet(() -> ScalarMultiplication.x25519Public(scalar));
        return new NativeExchange(group, scalar, publicValue);
    }

    @Override
    public DhGroup group() {
        return group;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    /** libcrypto checks the range of the coordinates and that the point is on the curve (RFC 6989 section 2.3). */
    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicValue {
        KeyExchange.requireLength(group, peer);
        Optional<Curve> curve = Curve.of(group);
        if (curve.isPresent()) {
            byte[] point = ScalarMultiplication.multiply(curve.get().group, scalar, peer, curve.get().coordinate)
                    .orElseThrow(() -> new InvalidPublicValue("the point is not on the curve"));
            return Arrays.copyOf(point, curve.get().coordinate);
        }
        return ScalarMultiplication.x25519(scalar, peer)
                .orElseThrow(() -> new InvalidPublicValue("the point has small order: the secret is all zeros"));
    }

    /** RFC 7748 section 6.1 and RFC 5903 section 8.1. */
    private static boolean passesVectors() {
        return agrees(
                        DhGroup.CURVE25519,
                        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
                        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
                        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
                && agrees(
                        DhGroup.ECP_256,
                        "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
                        "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
                                + "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
                        "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
    }

    private static boolean agrees(DhGroup group, String scalar, String peer, String secret) {
        HexFormat hex = HexFormat.of();
        try {
            return hex.formatHex(of(group, hex.parseHex(scalar)).agree(hex.parseHex(peer)))
                    .equals(secret);
        } catch (InvalidPublicValue | RuntimeException | LinkageError wrong) {
            return false;
        }
    }
}
