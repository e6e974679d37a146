package io.portcullis.ipsec.ike.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * Scalar multiplication by OpenSSL's libcrypto 3 through the foreign-function interface: a quarter (X25519) to a tenth
 * (NIST P-256) of the time that the JDK takes. All functions used are constant-time in the scalar and safe to call from
 * several threads.
 */
final class LibCrypto {
    private static final String SONAME = "libcrypto.so.3";
    private static final int MAJOR = 3;

    /** {@code NID_X25519}. */
    private static final int X25519 = 1034;

    private static final int X25519_OCTETS = 32;

    /** {@code POINT_CONVERSION_UNCOMPRESSED}, also the first octet of such a point (SEC 1 section 2.3.3). */
    private static final byte UNCOMPRESSED = 4;

    /** {@code BN_FLG_CONSTTIME}. */
    private static final int CONSTANT_TIME = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Optional<SymbolLookup> LIBRARY = load();

    // Constants of this class, or the calls would not be compiled into their callers.
    private static final MethodHandle NEW_PRIVATE =
            pointer("EVP_PKEY_new_raw_private_key", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle NEW_PUBLIC =
            pointer("EVP_PKEY_new_raw_public_key", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle PUBLIC_OF = number("EVP_PKEY_get_raw_public_key", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle FREE_KEY = nothing("EVP_PKEY_free");
    private static final MethodHandle NEW_CONTEXT = pointer("EVP_PKEY_CTX_new", ADDRESS, ADDRESS);
    private static final MethodHandle FREE_CONTEXT = nothing("EVP_PKEY_CTX_free");
    private static final MethodHandle DERIVE_INIT = number("EVP_PKEY_derive_init", ADDRESS);
    private static final MethodHandle DERIVE_PEER = number("EVP_PKEY_derive_set_peer", ADDRESS, ADDRESS);
    private static final MethodHandle DERIVE = number("EVP_PKEY_derive", ADDRESS, ADDRESS, ADDRESS);

    private static final MethodHandle NEW_GROUP = pointer("EC_GROUP_new_by_curve_name", JAVA_INT);
    private static final MethodHandle NEW_POINT = pointer("EC_POINT_new", ADDRESS);
    private static final MethodHandle FREE_POINT = nothing("EC_POINT_clear_free");
    private static final MethodHandle READ_POINT =
            number("EC_POINT_oct2point", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle WRITE_POINT =
            size("EC_POINT_point2oct", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle MULTIPLY =
            number("EC_POINT_mul", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle READ_NUMBER = pointer("BN_bin2bn", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle SET_FLAGS =
            function("BN_set_flags", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    private static final MethodHandle FREE_NUMBER = nothing("BN_clear_free");
    private static final MethodHandle NEW_NUMBERS = pointer("BN_CTX_new");
    private static final MethodHandle FREE_NUMBERS = nothing("BN_CTX_free");

    private LibCrypto() {}

    /** Whether the library is there, in a version that is known to have these functions. */
    static boolean isThere() {
        return LIBRARY.isPresent();
    }

    private static Optional<SymbolLookup> load() {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            long version = (long)
                    LINKER.downcallHandle(symbols.findOrThrow("OpenSSL_version_num"), FunctionDescriptor.of(JAVA_LONG))
                            .invokeExact();
            return version >>> 28 == MAJOR ? Optional.of(symbols) : Optional.empty();
        } catch (IllegalArgumentException absent) {
            return Optional.empty();
        } catch (Throwable broken) {
            throw new IllegalStateException(SONAME + " does not say its version", broken);
        }
    }

    private static MethodHandle pointer(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.of(ADDRESS, arguments));
    }

    private static MethodHandle number(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle size(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    private static MethodHandle nothing(String name) {
        return function(name, FunctionDescriptor.ofVoid(ADDRESS));
    }

    /** Without the library: something that nobody calls, for {@link #isThere} says no. */
    private static MethodHandle function(String name, FunctionDescriptor types) {
        return LIBRARY.flatMap(symbols -> symbols.find(name))
                .map(address -> LINKER.downcallHandle(address, types))
                .orElseGet(() -> MethodHandles.empty(types.toMethodType()));
    }

    /** The public value of an X25519 scalar (RFC 7748 section 5). */
    static byte[] x25519Public(byte[] scalar) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = x25519Private(arena, scalar);
            try {
                MemorySegment out = arena.allocate(X25519_OCTETS);
                MemorySegment length = arena.allocateFrom(JAVA_LONG, X25519_OCTETS);
                require((int) PUBLIC_OF.invokeExact(key, out, length) == 1);
                return out.toArray(JAVA_BYTE);
            } finally {
                FREE_KEY.invokeExact(key);
            }
        } catch (Throwable failure) {
            throw fault(failure);
        }
    }

    /** The shared secret, or empty where it would be all zeros. */
    static Optional<byte[]> x25519(byte[] scalar, byte[] peer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = x25519Private(arena, scalar);
            MemorySegment other = (MemorySegment) NEW_PUBLIC.invokeExact(
                    X25519, MemorySegment.NULL, arena.allocateFrom(JAVA_BYTE, peer), (long) peer.length);
            MemorySegment context = (MemorySegment) NEW_CONTEXT.invokeExact(own, MemorySegment.NULL);
            MemorySegment out = arena.allocate(X25519_OCTETS);
            try {
                MemorySegment length = arena.allocateFrom(JAVA_LONG, X25519_OCTETS);
                require((int) DERIVE_INIT.invokeExact(context) == 1);
                require((int) DERIVE_PEER.invokeExact(context, other) == 1);
                boolean derived = (int) DERIVE.invokeExact(context, out, length) == 1;
                return derived ? Optional.of(out.toArray(JAVA_BYTE)) : Optional.empty();
            } finally {
                out.fill((byte) 0);
                FREE_CONTEXT.invokeExact(context);
                FREE_KEY.invokeExact(other);
                FREE_KEY.invokeExact(own);
            }
        } catch (Throwable failure) {
            throw fault(failure);
        }
    }

    private static MemorySegment x25519Private(Arena arena, byte[] scalar) throws Throwable {
        MemorySegment raw = arena.allocateFrom(JAVA_BYTE, scalar);
        MemorySegment key =
                (MemorySegment) NEW_PRIVATE.invokeExact(X25519, MemorySegment.NULL, raw, (long) scalar.length);
        raw.fill((byte) 0);
        require(key.address() != 0);
        return key;
    }

    /**
     * A curve, of which there is one for the life of the program.
     *
     * @param nid libcrypto's number of it
     */
    static MemorySegment curve(int nid) {
        try {
            MemorySegment group = (MemorySegment) NEW_GROUP.invokeExact(nid);
            require(!isThere() || group.address() != 0);
            return group;
        } catch (Throwable failure) {
            throw fault(failure);
        }
    }

    /** Both coordinates of {@code scalar} times the generator. */
    static byte[] multiply(MemorySegment curve, byte[] scalar, int coordinate) {
        return product(curve, scalar, null, coordinate).orElseThrow();
    }

    /** Both coordinates of {@code scalar} times a point, or empty when that is not on the curve. */
    static Optional<byte[]> multiply(MemorySegment curve, byte[] scalar, byte[] point, int coordinate) {
        return product(curve, scalar, point, coordinate);
    }

    private static Optional<byte[]> product(
            MemorySegment curve, byte[] scalar, byte @org.jspecify.annotations.Nullable [] point, int coordinate) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocateFrom(JAVA_BYTE, scalar);
            MemorySegment factor = (MemorySegment) READ_NUMBER.invokeExact(raw, scalar.length, MemorySegment.NULL);
            SET_FLAGS.invokeExact(factor, CONSTANT_TIME);
            raw.fill((byte) 0);
            MemorySegment numbers = (MemorySegment) NEW_NUMBERS.invokeExact();
            MemorySegment operand = (MemorySegment) NEW_POINT.invokeExact(curve);
            MemorySegment result = (MemorySegment) NEW_POINT.invokeExact(curve);
            MemorySegment octets = arena.allocate(1 + 2L * coordinate);
            try {
                MemorySegment none = MemorySegment.NULL;
                if (point == null) {
                    require((int) MULTIPLY.invokeExact(curve, result, factor, none, none, numbers) == 1);
                } else {
                    octets.set(JAVA_BYTE, 0, UNCOMPRESSED);
                    MemorySegment.copy(point, 0, octets, ValueLayout.JAVA_BYTE, 1, 2 * coordinate);
                    if ((int) READ_POINT.invokeExact(curve, operand, octets, octets.byteSize(), numbers) != 1) {
                        return Optional.empty();
                    }
                    require((int) MULTIPLY.invokeExact(curve, result, none, operand, factor, numbers) == 1);
                }
                long written = (long)
                        WRITE_POINT.invokeExact(curve, result, (int) UNCOMPRESSED, octets, octets.byteSize(), numbers);
                require(written == octets.byteSize());
                return Optional.of(octets.asSlice(1).toArray(JAVA_BYTE));
            } finally {
                octets.fill((byte) 0);
                FREE_POINT.invokeExact(result);
                FREE_POINT.invokeExact(operand);
                FREE_NUMBER.invokeExact(factor);
                FREE_NUMBERS.invokeExact(numbers);
            }
        } catch (Throwable failure) {
            throw fault(failure);
        }
    }

    private static void require(boolean succeeded) {
        if (!succeeded) {
            throw new IllegalStateException(SONAME + " refuses to compute");
        }
    }

    private static RuntimeException fault(Throwable failure) {
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(SONAME + " can not be called", failure);
    }
}
