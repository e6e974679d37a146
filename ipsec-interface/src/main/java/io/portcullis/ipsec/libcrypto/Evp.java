package io.portcullis.ipsec.libcrypto;

import static io.portcullis.ipsec.libcrypto.LibCrypto.failed;
import static io.portcullis.ipsec.libcrypto.LibCrypto.require;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Ciphers and MACs by the library's EVP functions. A context is an address, used by one thread at a time and freed
 * once. The library checks no address: callers have checked every address and length.
 */
public final class Evp {
    /** {@code EVP_CTRL_AEAD_GET_TAG}, {@code EVP_CTRL_AEAD_SET_TAG}. */
    public static final int GET_TAG = 0x10;

    public static final int SET_TAG = 0x11;

    /** For {@code EVP_CipherInit_ex}. */
    public static final int ENCRYPT = 1;

    public static final int DECRYPT = 0;
    private static final int AS_BEFORE = -1;
    private static final int UTF8_STRING = 4;

    private Evp() {}

    /**
     * A keyed context for one direction, to be freed.
     *
     * @param cipher its name, {@code AES-128-GCM} for example
     * @param direction {@link #ENCRYPT} or {@link #DECRYPT}
     */
    public static long cipher(String cipher, byte[] key, int direction) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = MemorySegment.NULL;
            MemorySegment fetched =
                    (MemorySegment) LibCrypto.CIPHER_FETCH.invokeExact(none, arena.allocateFrom(cipher), none);
            long context = (long) LibCrypto.CIPHER_NEW.invokeExact();
            MemorySegment raw = arena.allocateFrom(JAVA_BYTE, key);
            int good = (int)
                    LibCrypto.CIPHER_INIT.invokeExact(context, fetched.address(), 0L, raw.address(), 0L, direction);
            raw.fill((byte) 0);
            // The context keeps a reference of its own.
            LibCrypto.CIPHER_FREE.invokeExact(fetched);
            if (good != 1) {
                freeCipher(context);
                throw new IllegalStateException(LibCrypto.NAME + " has no " + cipher);
            }
            require((int) LibCrypto.CIPHER_PADDING.invokeExact(context, 0) == 1);
            return context;
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Frees a cipher's context, wiping its key; 0 is none. */
    public static void freeCipher(long context) {
        try {
            LibCrypto.CIPHER_END.invokeExact(context);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /**
     * A keyed HMAC, to be freed.
     *
     * @param digest {@code SHA256} for example
     */
    public static long hmac(String digest, byte[] key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = MemorySegment.NULL;
            MemorySegment mac = (MemorySegment) LibCrypto.MAC_FETCH.invokeExact(none, arena.allocateFrom("HMAC"), none);
            require(mac.address() != 0);
            long context = (long) LibCrypto.MAC_NEW.invokeExact(mac);
            LibCrypto.MAC_FREE.invokeExact(mac);
            // OSSL_PARAM: key, type, data, length, returned length; an empty one ends the list.
            MemorySegment name = arena.allocateFrom(digest);
            MemorySegment parameters = arena.allocate(80, 8);
            parameters.set(ADDRESS, 0, arena.allocateFrom("digest"));
            parameters.set(JAVA_INT, 8, UTF8_STRING);
            parameters.set(ADDRESS, 16, name);
            parameters.set(JAVA_LONG, 24, name.byteSize() - 1);
            MemorySegment raw = arena.allocateFrom(JAVA_BYTE, key);
            int good = (int)
                    LibCrypto.MAC_INIT.invokeExact(context, raw.address(), (long) key.length, parameters.address());
            raw.fill((byte) 0);
            if (good != 1) {
                freeMac(context);
                throw new IllegalStateException(LibCrypto.NAME + " has no HMAC with " + digest);
            }
            return context;
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Frees a MAC's context, wiping its key; 0 is none. */
    public static void freeMac(long context) {
        try {
            LibCrypto.MAC_END.invokeExact(context);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Begins a message with another IV and the same key. */
    public static void begin(long context, long iv) {
        try {
            require((int) LibCrypto.CIPHER_INIT.invokeExact(context, 0L, 0L, 0L, iv, AS_BEFORE) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /**
     * Goes on with a message: from {@code in} to {@code out}, or additional data when that is 0.
     *
     * @param written address of an int that takes how much was written
     */
    public static void update(long context, long out, long written, long in, int length) {
        try {
            require((int) LibCrypto.CIPHER_UPDATE.invokeExact(context, out, written, in, length) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Ends a message. Whether its tag was right, when it was decrypted. */
    public static boolean end(long context, long out, long written) {
        try {
            return (int) LibCrypto.CIPHER_FINAL.invokeExact(context, out, written) == 1;
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Reads or sets a tag: {@link #GET_TAG} after the end, {@link #SET_TAG} before it. */
    public static void control(long context, int what, int octets, long at) {
        try {
            require((int) LibCrypto.CIPHER_CONTROL.invokeExact(context, what, octets, at) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Begins a message with the same key. */
    public static void beginMac(long context) {
        try {
            require((int) LibCrypto.MAC_INIT.invokeExact(context, 0L, 0L, 0L) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    public static void updateMac(long context, long in, long octets) {
        try {
            require((int) LibCrypto.MAC_UPDATE.invokeExact(context, in, octets) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /**
     * Ends a message.
     *
     * @param written address of a long that takes the MAC's length
     * @param room octets at {@code out}
     */
    public static void endMac(long context, long out, long written, long room) {
        try {
            require((int) LibCrypto.MAC_FINAL.invokeExact(context, out, written, room) == 1);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }
}
