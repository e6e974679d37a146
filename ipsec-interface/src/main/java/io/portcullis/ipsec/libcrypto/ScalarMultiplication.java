package io.portcullis.ipsec.libcrypto;

import static io.portcullis.ipsec.libcrypto.LibCrypto.failed;
import static io.portcullis.ipsec.libcrypto.LibCrypto.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scalar multiplication by OpenSSL's libcrypto 3 through the foreign-function interface: a quarter (X25519) to a tenth
 * (NIST P-256) of the time that the JDK takes. All functions used are constant-time in the scalar and safe to call from
 * several threads.
 */
public final class ScalarMultiplication {
    /** {@code NID_X25519}. */
    private static final int X25519 = 1034;

    private static final int X25519_OCTETS = 32;

    /** {@code POINT_CONVERSION_UNCOMPRESSED}, also the first octet of such a point (SEC 1 section 2.3.3). */
    private static final byte UNCOMPRESSED = 4;

    /** {@code BN_FLG_CONSTTIME}. */
    private static final int CONSTANT_TIME = 4;

    private ScalarMultiplication() {}

    /** The public value of an X25519 scalar (RFC 7748 section 5). */
    public static byte[] x25519Public(byte[] scalar) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = x25519Private(arena, scalar);
            try {
                MemorySegment out = arena.allocate(X25519_OCTETS);
                MemorySegment length = arena.allocateFrom(JAVA_LONG, X25519_OCTETS);
                require((int) LibCrypto.PUBLIC_OF.invokeExact(key, out, length) == 1);
                return out.toArray(JAVA_BYTE);
            } finally {
                LibCrypto.KEY_FREE.invokeExact(key);
            }
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** The shared secret, or empty where it would be all zeros. */
    public static Optional<byte[]> x25519(byte[] scalar, byte[] peer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = x25519Private(arena, scalar);
            MemorySegment other = (MemorySegment) LibCrypto.PUBLIC_KEY.invokeExact(
                    X25519, MemorySegment.NULL, arena.allocateFrom(JAVA_BYTE, peer), (long) peer.length);
            MemorySegment context = (MemorySegment) LibCrypto.DERIVE_NEW.invokeExact(own, MemorySegment.NULL);
            MemorySegment out = arena.allocate(X25519_OCTETS);
            try {
                MemorySegment length = arena.allocateFrom(JAVA_LONG, X25519_OCTETS);
                require((int) LibCrypto.DERIVE_INIT.invokeExact(context) == 1);
                require((int) LibCrypto.DERIVE_PEER.invokeExact(context, other) == 1);
                boolean derived = (int) LibCrypto.DERIVE.invokeExact(context, out, length) == 1;
                return derived ? Optional.of(out.toArray(JAVA_BYTE)) : Optional.empty();
            } finally {
                out.fill((byte) 0);
                LibCrypto.DERIVE_END.invokeExact(context);
                LibCrypto.KEY_FREE.invokeExact(other);
                LibCrypto.KEY_FREE.invokeExact(own);
            }
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    private static MemorySegment x25519Private(Arena arena, byte[] scalar) throws Throwable {
        MemorySegment raw = arena.allocateFrom(JAVA_BYTE, scalar);
        MemorySegment key = (MemorySegment)
                LibCrypto.PRIVATE_KEY.invokeExact(X25519, MemorySegment.NULL, raw, (long) scalar.length);
        raw.fill((byte) 0);
        require(key.address() != 0);
        return key;
    }

    /**
     * A curve, of which there is one for the life of the program.
     *
     * @param nid libcrypto's number of it
     */
    public static MemorySegment curve(int nid) {
        try {
            MemorySegment group = (MemorySegment) LibCrypto.GROUP_NEW.invokeExact(nid);
            require(group.address() != 0);
            return group;
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Both coordinates of {@code scalar} times the generator. */
    public static byte[] multiply(MemorySegment curve, byte[] scalar, int coordinate) {
        return product(curve, scalar, null, coordinate).orElseThrow();
    }

    /** Both coordinates of {@code scalar} times a point, or empty when that is not on the curve. */
    public static Optional<byte[]> multiply(MemorySegment curve, byte[] scalar, byte[] point, int coordinate) {
        return product(curve, scalar, point, coordinate);
    }

    private static Optional<byte[]> product(
            MemorySegment curve, byte[] scalar, byte @Nullable [] point, int coordinate) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocateFrom(JAVA_BYTE, scalar);
            MemorySegment factor =
                    (MemorySegment) LibCrypto.NUMBER_READ.invokeExact(raw, scalar.length, MemorySegment.NULL);
            LibCrypto.NUMBER_FLAGS.invokeExact(factor, CONSTANT_TIME);
            raw.fill((byte) 0);
            MemorySegment numbers = (MemorySegment) LibCrypto.NUMBERS_NEW.invokeExact();
            MemorySegment operand = (MemorySegment) LibCrypto.POINT_NEW.invokeExact(curve);
            MemorySegment result = (MemorySegment) LibCrypto.POINT_NEW.invokeExact(curve);
            MemorySegment octets = arena.allocate(1 + 2L * coordinate);
            try {
                MemorySegment none = MemorySegment.NULL;
                if (point == null) {
                    require((int) LibCrypto.POINT_MULTIPLY.invokeExact(curve, result, factor, none, none, numbers)
                            == 1);
                } else {
                    octets.set(JAVA_BYTE, 0, UNCOMPRESSED);
                    MemorySegment.copy(point, 0, octets, JAVA_BYTE, 1, 2 * coordinate);
                    if ((int) LibCrypto.POINT_READ.invokeExact(curve, operand, octets, octets.byteSize(), numbers)
                            != 1) {
                        return Optional.empty();
                    }
                    require((int) LibCrypto.POINT_MULTIPLY.invokeExact(curve, result, none, operand, factor, numbers)
                            == 1);
                }
                long written = (long) LibCrypto.POINT_WRITE.invokeExact(
                        curve, result, (int) UNCOMPRESSED, octets, octets.byteSize(), numbers);
                require(written == octets.byteSize());
                return Optional.of(octets.asSlice(1).toArray(JAVA_BYTE));
            } finally {
                octets.fill((byte) 0);
                LibCrypto.POINT_FREE.invokeExact(result);
                LibCrypto.POINT_FREE.invokeExact(operand);
                LibCrypto.NUMBER_FREE.invokeExact(factor);
                LibCrypto.NUMBERS_FREE.invokeExact(numbers);
            }
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }
}
