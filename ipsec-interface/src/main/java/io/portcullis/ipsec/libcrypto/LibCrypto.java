package io.portcullis.ipsec.libcrypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/** The library, and every function of it that is called from here. */
public final class LibCrypto {
    static final String NAME = "OpenSSL";
    private static final String SONAME = "libcrypto.so.3";
    private static final int MAJOR = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Library LIBRARY = load();

    // Handles are constants, or the calls would not be compiled into their callers.

    // Once a packet, short and pure computation on contexts of one thread, hence "critical"; addresses are numbers.
    static final MethodHandle CIPHER_INIT =
            quick("EVP_CipherInit_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle CIPHER_UPDATE =
            quick("EVP_CipherUpdate", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle CIPHER_FINAL = quick("EVP_CipherFinal_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CIPHER_CONTROL = quick("EVP_CIPHER_CTX_ctrl", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MAC_INIT = quick("EVP_MAC_init", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle MAC_UPDATE = quick("EVP_MAC_update", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle MAC_FINAL = quick("EVP_MAC_final", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    // Once an SA.
    static final MethodHandle CIPHER_FETCH = pointer("EVP_CIPHER_fetch", ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle CIPHER_FREE = nothing("EVP_CIPHER_free", ADDRESS);
    static final MethodHandle CIPHER_NEW = size("EVP_CIPHER_CTX_new");
    static final MethodHandle CIPHER_PADDING = number("EVP_CIPHER_CTX_set_padding", JAVA_LONG, JAVA_INT);
    static final MethodHandle CIPHER_END = nothing("EVP_CIPHER_CTX_free", JAVA_LONG);
    static final MethodHandle MAC_FETCH = pointer("EVP_MAC_fetch", ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle MAC_FREE = nothing("EVP_MAC_free", ADDRESS);
    static final MethodHandle MAC_NEW = size("EVP_MAC_CTX_new", ADDRESS);
    static final MethodHandle MAC_END = nothing("EVP_MAC_CTX_free", JAVA_LONG);

    // Once a key exchange.
    static final MethodHandle PRIVATE_KEY =
            pointer("EVP_PKEY_new_raw_private_key", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle PUBLIC_KEY =
            pointer("EVP_PKEY_new_raw_public_key", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle PUBLIC_OF = number("EVP_PKEY_get_raw_public_key", ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle KEY_FREE = nothing("EVP_PKEY_free", ADDRESS);
    static final MethodHandle DERIVE_NEW = pointer("EVP_PKEY_CTX_new", ADDRESS, ADDRESS);
    static final MethodHandle DERIVE_INIT = number("EVP_PKEY_derive_init", ADDRESS);
    static final MethodHandle DERIVE_PEER = number("EVP_PKEY_derive_set_peer", ADDRESS, ADDRESS);
    static final MethodHandle DERIVE = number("EVP_PKEY_derive", ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle DERIVE_END = nothing("EVP_PKEY_CTX_free", ADDRESS);
    static final MethodHandle GROUP_NEW = pointer("EC_GROUP_new_by_curve_name", JAVA_INT);
    static final MethodHandle POINT_NEW = pointer("EC_POINT_new", ADDRESS);
    static final MethodHandle POINT_READ = number("EC_POINT_oct2point", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle POINT_WRITE =
            size("EC_POINT_point2oct", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle POINT_MULTIPLY =
            number("EC_POINT_mul", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle POINT_FREE = nothing("EC_POINT_clear_free", ADDRESS);
    static final MethodHandle NUMBER_READ = pointer("BN_bin2bn", ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle NUMBER_FLAGS = nothing("BN_set_flags", ADDRESS, JAVA_INT);
    static final MethodHandle NUMBER_FREE = nothing("BN_clear_free", ADDRESS);
    static final MethodHandle NUMBERS_NEW = pointer("BN_CTX_new");
    static final MethodHandle NUMBERS_FREE = nothing("BN_CTX_free", ADDRESS);

    private LibCrypto() {}

    /** What became of looking for the library: a lookup that knows nothing when it can not be used. */
    private record Library(SymbolLookup symbols, String version, Optional<String> trouble) {
        static Library unusable(String version, String why) {
            return new Library(_ -> Optional.empty(), version, Optional.of(why));
        }
    }

    /** Why the library can not be used, if so. */
    public static Optional<String> trouble() {
        return LIBRARY.trouble;
    }

    /** {@code OpenSSL 3.0.19}, or the name alone where it is not installed. */
    public static String about() {
        return (NAME + " " + LIBRARY.version).strip();
    }

    private static Library load() {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            long version = (long)
                    LINKER.downcallHandle(symbols.findOrThrow("OpenSSL_version_num"), FunctionDescriptor.of(JAVA_LONG))
                            .invokeExact();
            // OPENSSL_VERSION_NUMBER of 3: MNN00PP0.
            String text = (version >>> 28) + "." + (version >> 20 & 0xff) + "." + (version >> 4 & 0xff);
            return version >>> 28 == MAJOR
                    ? new Library(symbols, text, Optional.empty())
                    : Library.unusable(text, "is version " + text + ", not " + MAJOR);
        } catch (IllegalArgumentException absent) {
            return Library.unusable("", "is not installed");
        } catch (Throwable broken) {
            return Library.unusable("", "can not be used: " + broken.getMessage());
        }
    }

    private static MethodHandle quick(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.of(JAVA_INT, arguments), Linker.Option.critical(false));
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

    private static MethodHandle nothing(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.ofVoid(arguments));
    }

    /** A function that the library lacks fails when it is called, so that a self-test tells of it. */
    private static MethodHandle function(String name, FunctionDescriptor types, Linker.Option... options) {
        return LIBRARY.symbols
                .find(name)
                .map(address -> LINKER.downcallHandle(address, types, options))
                .orElseGet(() -> {
                    MethodHandle failing = MethodHandles.throwException(
                                    types.toMethodType().returnType(), IllegalStateException.class)
                            .bindTo(new IllegalStateException(NAME + " lacks " + name));
                    return MethodHandles.dropArguments(
                            failing, 0, types.toMethodType().parameterList());
                });
    }

    /** What became of a call that failed: the failure itself where the library is not to blame. */
    static RuntimeException failed(Throwable why) {
        return why instanceof RuntimeException known
                ? known
                : new IllegalStateException(NAME + " can not be called", why);
    }

    /** @throws IllegalStateException when the library refused to compute */
    static void require(boolean succeeded) {
        if (!succeeded) {
            throw new IllegalStateException(NAME + " refuses to compute");
        }
    }
}
