package io.portcullis.ipsec.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
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

/** OpenSSL's libcrypto 3 through the foreign-function interface: its EVP functions for ciphers and MACs. */
final class Openssl {
    static final String NAME = "OpenSSL";
    private static final String SONAME = "libcrypto.so.3";
    private static final long OLDEST = 0x3000_0000L;
    private static final long BEYOND = 0x4000_0000L;

    /** {@code EVP_CTRL_AEAD_GET_TAG}, {@code EVP_CTRL_AEAD_SET_TAG}. */
    static final int GET_TAG = 0x10;

    static final int SET_TAG = 0x11;

    /** For {@code EVP_CipherInit_ex}. */
    static final int ENCRYPT = 1;

    static final int DECRYPT = 0;
    private static final int AS_BEFORE = -1;
    private static final int UTF8_STRING = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Library LIBRARY = load();

    // Short and pure computation on contexts of one thread, hence "critical"; addresses are numbers.
    private static final MethodHandle INIT =
            quick("EVP_CipherInit_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle UPDATE =
            quick("EVP_CipherUpdate", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FINAL = quick("EVP_CipherFinal_ex", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CONTROL = quick("EVP_CIPHER_CTX_ctrl", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MAC_INIT = quick("EVP_MAC_init", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MAC_UPDATE = quick("EVP_MAC_update", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MAC_FINAL = quick("EVP_MAC_final", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Openssl() {}

    private record Library(SymbolLookup symbols, String version, String trouble) {}

    static Optional<String> trouble() {
        return LIBRARY.trouble.isEmpty() ? Optional.empty() : Optional.of(LIBRARY.trouble);
    }

    /** {@code OpenSSL 3.0.19}, or the name alone where it is not installed. */
    static String about() {
        return (NAME + " " + LIBRARY.version).strip();
    }

    private static Library load() {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            long version = (long)
                    LINKER.downcallHandle(symbols.findOrThrow("OpenSSL_version_num"), FunctionDescriptor.of(JAVA_LONG))
                            .invokeExact();
            // OPENSSL_VERSION_NUMBER of 3: MNN00PP0.
            String text = (version >> 28) + "." + (version >> 20 & 0xff) + "." + (version >> 4 & 0xff);
            return version >= OLDEST && version < BEYOND
                    ? new Library(symbols, text, "")
                    : new Library(_ -> Optional.empty(), text, "is version " + text + ", not 3");
        } catch (IllegalArgumentException absent) {
            return new Library(_ -> Optional.empty(), "", "is not installed");
        } catch (Throwable broken) {
            return new Library(_ -> Optional.empty(), "", "can not be used: " + broken.getMessage());
        }
    }

    private static MethodHandle quick(String name, MemoryLayout... arguments) {
        FunctionDescriptor types = FunctionDescriptor.of(JAVA_INT, arguments);
        return LIBRARY.symbols
                .find(name)
                .map(address -> LINKER.downcallHandle(address, types, Linker.Option.critical(false)))
                .orElseGet(() -> MethodHandles.empty(types.toMethodType()));
    }

    private static MethodHandle function(String name, FunctionDescriptor types) {
        return LINKER.downcallHandle(LIBRARY.symbols.findOrThrow(name), types);
    }

    /**
     * A keyed context for one direction, to be freed.
     *
     * @param cipher its name, {@code AES-128-GCM} for example
     * @param direction {@link #ENCRYPT} or {@link #DECRYPT}
     */
    static long cipher(String cipher, byte[] key, int direction) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
            MemorySegment fetched = (MemorySegment)
                    function("EVP_CIPHER_fetch", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS))
                            .invokeExact(MemorySegment.NULL, arena.allocateFrom(cipher), MemorySegment.NULL);
            long context = (long) function("EVP_CIPHER_CTX_new", FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
            int good = (int) INIT.invokeExact(context, fetched.address(), 0L, raw.address(), 0L, direction);
            raw.fill((byte) 0);
            // The context keeps a reference of its own.
            function("EVP_CIPHER_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(fetched);
            if (good != 1) {
                freeCipher(context);
                throw new IllegalStateException(NAME + " has no " + cipher);
            }
            check((int) function("EVP_CIPHER_CTX_set_padding", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT))
                    .invokeExact(context, 0));
            return context;
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " makes no context", broken);
        }
    }

    /** Frees a cipher's context, wiping its key; 0 is none. */
    static void freeCipher(long context) {
        free("EVP_CIPHER_CTX_free", context);
    }

    /**
     * A keyed HMAC, to be freed.
     *
     * @param digest {@code SHA256} for example
     */
    static long hmac(String digest, byte[] key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
            MemorySegment mac =
                    (MemorySegment) function("EVP_MAC_fetch", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS))
                            .invokeExact(MemorySegment.NULL, arena.allocateFrom("HMAC"), MemorySegment.NULL);
            MemorySegment context = (MemorySegment) function("EVP_MAC_CTX_new", FunctionDescriptor.of(ADDRESS, ADDRESS))
                    .invokeExact(mac);
            function("EVP_MAC_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(mac);
            // OSSL_PARAM: key, type, data, length, returned length; an empty one ends the list.
            MemorySegment name = arena.allocateFrom(digest);
            MemorySegment parameters = arena.allocate(80, 8);
            parameters.set(ADDRESS, 0, arena.allocateFrom("digest"));
            parameters.set(JAVA_INT, 8, UTF8_STRING);
            parameters.set(ADDRESS, 16, name);
            parameters.set(JAVA_LONG, 24, name.byteSize() - 1);
            int good = (int)
                    MAC_INIT.invokeExact(context.address(), raw.address(), (long) key.length, parameters.address());
            raw.fill((byte) 0);
            if (good != 1) {
                freeHmac(context.address());
                throw new IllegalStateException(NAME + " has no HMAC with " + digest);
            }
            return context.address();
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " makes no HMAC", broken);
        }
    }

    /** Frees an HMAC's context, wiping its key; 0 is none. */
    static void freeHmac(long context) {
        free("EVP_MAC_CTX_free", context);
    }

    private static void free(String function, long context) {
        try {
            function(function, FunctionDescriptor.ofVoid(JAVA_LONG)).invokeExact(context);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " can not free", broken);
        }
    }

    /** Begins a message with another IV and the same key. */
    static void begin(long context, long iv) {
        try {
            check((int) INIT.invokeExact(context, 0L, 0L, 0L, iv, AS_BEFORE));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    /** Goes on with a message: from {@code in} to {@code out}, or additional data when that is 0. */
    static void update(long context, long out, long written, long in, int length) {
        try {
            check((int) UPDATE.invokeExact(context, out, written, in, length));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    /** Ends a message. Whether its tag was right, when it was decrypted. */
    static boolean end(long context, long out, long written) {
        try {
            return (int) FINAL.invokeExact(context, out, written) == 1;
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    static void control(long context, int what, int octets, long at) {
        try {
            check((int) CONTROL.invokeExact(context, what, octets, at));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    /** Begins a message with the same key. */
    static void beginMac(long context) {
        try {
            check((int) MAC_INIT.invokeExact(context, 0L, 0L, 0L));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    static void updateMac(long context, long in, long octets) {
        try {
            check((int) MAC_UPDATE.invokeExact(context, in, octets));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    /** Ends a message. */
    static void endMac(long context, long out, long written, long room) {
        try {
            check((int) MAC_FINAL.invokeExact(context, out, written, room));
        } catch (Throwable broken) {
            throw failed(broken);
        }
    }

    private static void check(int returned) {
        if (returned != 1) {
            throw new IllegalStateException("it returned " + returned);
        }
    }

    private static IllegalStateException failed(Throwable why) {
        return new IllegalStateException(NAME + " failed", why);
    }
}
