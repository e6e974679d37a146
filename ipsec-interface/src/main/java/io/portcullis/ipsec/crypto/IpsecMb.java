package io.portcullis.ipsec.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/**
 * Intel's Multi-Buffer Crypto library, versions 1.3 up to 2, through the foreign-function interface. The library's
 * manager knows which of its implementations suit this processor; the functions themselves are taken by their exported
 * names, so that no pointer out of a structure is ever called, and a library whose structure is another one is refused.
 *
 * <p>The library checks no address: callers have checked every address and length.
 */
final class IpsecMb {
    static final String NAME = "libIPSec_MB";
    private static final String SONAME = "libIPSec_MB.so.1";
    private static final int OLDEST = 0x0001_0300;
    private static final int BEYOND = 0x0002_0000;

    // IMB_MGR of 1.3: where the pointers to these functions stand.
    private static final long GCM128_ENCRYPT = 256;
    private static final long GET_NEXT_BURST = 952;
    private static final long SUBMIT_BURST = 960;
    private static final long FLUSH_BURST = 976;
    private static final List<String> DIRECT = List.of("vaes_avx512", "avx512", "avx_gen4", "avx_gen2", "sse");
    private static final List<String> BURST =
            List.of("avx512_t2", "avx512_t1", "avx2_t2", "avx2_t1", "avx_t2", "avx_t1", "sse_t3", "sse_t2", "sse_t1");

    /** Octets of an expanded GCM key, and of the state of a running operation, with room to spare. */
    static final long GCM_KEY_OCTETS = 1024;

    static final long GCM_CONTEXT_OCTETS = 128;

    /**
     * (key, context, out, in, length, iv, additional, its length, tag, its length). Addresses are numbers here:
     * segments of a shared arena would be locked and unlocked for each call, and cut out anew.
     */
    private static final FunctionDescriptor GCM = FunctionDescriptor.ofVoid(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);

    /** (manager, number of jobs, array of addresses of jobs). */
    private static final FunctionDescriptor JOBS = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);

    private static final FunctionDescriptor TWO_ADDRESSES = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);
    private static final FunctionDescriptor THREE_ADDRESSES = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Library LIBRARY = load();

    // Constants of this class, or the calls would not be compiled into their callers. Direct calls are short and pure
    // computation: "critical" saves the thread's change of state on each. A burst of jobs may take a millisecond.
    static final MethodHandle ENCRYPT_128 = direct("aes_gcm_enc_128_");
    static final MethodHandle ENCRYPT_192 = direct("aes_gcm_enc_192_");
    static final MethodHandle ENCRYPT_256 = direct("aes_gcm_enc_256_");
    static final MethodHandle DECRYPT_128 = direct("aes_gcm_dec_128_");
    static final MethodHandle DECRYPT_192 = direct("aes_gcm_dec_192_");
    static final MethodHandle DECRYPT_256 = direct("aes_gcm_dec_256_");
    static final MethodHandle NEXT_JOBS = handle("get_next_burst_" + LIBRARY.burst, JOBS);
    static final MethodHandle SUBMIT_JOBS = handle("submit_burst_" + LIBRARY.burst, JOBS);
    static final MethodHandle FLUSH_JOBS = handle("flush_burst_" + LIBRARY.burst, JOBS);

    private IpsecMb() {}

    /** What became of looking for the library: a lookup that knows nothing when it can not be used. */
    private record Library(SymbolLookup symbols, String direct, String burst, String version, String trouble) {
        static Library unusable(String version, String why) {
            return new Library(_ -> Optional.empty(), "", "", version, why);
        }
    }

    /** Why the library can not be used, if so. */
    static Optional<String> trouble() {
        return LIBRARY.trouble.isEmpty() ? Optional.empty() : Optional.of(LIBRARY.trouble);
    }

    /** {@code libIPSec_MB 1.3.0}, or the name alone where it is not installed. */
    static String about() {
        return (NAME + " " + LIBRARY.version).strip();
    }

    private static Library load() {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            int version = (int) function(symbols, "imb_get_version", FunctionDescriptor.of(JAVA_INT))
                    .invokeExact();
            String text = (version >> 16) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
            if (version < OLDEST || version >= BEYOND) {
                return Library.unusable(text, "is version " + text + ", not 1.3 or later below 2");
            }
            return implementation(symbols, text)
                    .orElseGet(() -> Library.unusable(text, "has an unknown layout, version " + text));
        } catch (IllegalArgumentException absent) {
            return Library.unusable("", "is not installed");
        } catch (Throwable broken) {
            return Library.unusable("", "can not be used: " + broken.getMessage());
        }
    }

    /** The suffixes of the functions that the library itself chooses on this processor. */
    private static Optional<Library> implementation(SymbolLookup symbols, String version) throws Throwable {
        MemorySegment manager = allocateManager(symbols);
        try {
            Optional<String> direct = suffix(symbols, manager, DIRECT, "aes_gcm_enc_128_", GCM128_ENCRYPT);
            Optional<String> burst = suffix(symbols, manager, BURST, "submit_burst_", SUBMIT_BURST);
            return burst.equals(suffix(symbols, manager, BURST, "get_next_burst_", GET_NEXT_BURST))
                            && burst.equals(suffix(symbols, manager, BURST, "flush_burst_", FLUSH_BURST))
                    ? direct.flatMap(one -> burst.map(many -> new Library(symbols, one, many, version, "")))
                    : Optional.empty();
        } finally {
            function(symbols, "free_mb_mgr", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(manager);
        }
    }

    private static Optional<String> suffix(
            SymbolLookup symbols, MemorySegment manager, List<String> known, String function, long at) {
        if (manager.byteSize() < at + ADDRESS.byteSize()) {
            return Optional.empty();
        }
        MemorySegment chosen = manager.get(ADDRESS, at);
        return known.stream()
                .filter(suffix ->
                        symbols.find(function + suffix).filter(chosen::equals).isPresent())
                .findFirst();
    }

    /** A manager of this processor's, to be freed with {@link #freeManager}. */
    static MemorySegment allocateManager() {
        try {
            return allocateManager(LIBRARY.symbols);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " gives no manager", broken);
        }
    }

    private static MemorySegment allocateManager(SymbolLookup symbols) throws Throwable {
        MethodHandle allocate = function(symbols, "alloc_mb_mgr", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
        MethodHandle octets = function(symbols, "imb_get_mb_mgr_size", FunctionDescriptor.of(JAVA_LONG));
        MemorySegment manager = (MemorySegment) allocate.invokeExact(0L);
        if (manager.equals(MemorySegment.NULL)) {
            throw new IllegalStateException("no memory for a manager");
        }
        long size = (long) octets.invokeExact();
        MemorySegment whole = manager.reinterpret(size);
        initialise(symbols, whole);
        return whole;
    }

    /** Empties a manager: jobs in it are forgotten. */
    static void initialise(MemorySegment manager) {
        try {
            initialise(LIBRARY.symbols, manager);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " can not begin again", broken);
        }
    }

    private static void initialise(SymbolLookup symbols, MemorySegment manager) throws Throwable {
        function(symbols, "init_mb_mgr_auto", TWO_ADDRESSES).invokeExact(manager, MemorySegment.NULL);
    }

    static void freeManager(MemorySegment manager) {
        try {
            function(LIBRARY.symbols, "free_mb_mgr", FunctionDescriptor.ofVoid(ADDRESS))
                    .invokeExact(manager);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " does not take its manager back", broken);
        }
    }

    /** Expands a key for AES-GCM of 128, 192 or 256 bits. */
    static void expandGcm(int bits, MemorySegment key, MemorySegment expanded) {
        try {
            function(LIBRARY.symbols, "aes_gcm_pre_" + bits + "_" + LIBRARY.direct, TWO_ADDRESSES)
                    .invokeExact(key, expanded);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " can not expand a key", broken);
        }
    }

    /** Expands a key for AES-CBC into 240 octets each for both directions. */
    static void expandCbc(int bits, MemorySegment key, MemorySegment encrypt, MemorySegment decrypt) {
        try {
            function(LIBRARY.symbols, "aes_keyexp_" + bits + "_sse", THREE_ADDRESSES)
                    .invokeExact(key, encrypt, decrypt);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " can not expand a key", broken);
        }
    }

    /** The state of a hash, {@code sha256} for example, after its first block. */
    static void hashOneBlock(String hash, MemorySegment block, MemorySegment state) {
        try {
            function(LIBRARY.symbols, hash + "_one_block_sse", TWO_ADDRESSES).invokeExact(block, state);
        } catch (Throwable broken) {
            throw new IllegalStateException(NAME + " can not hash", broken);
        }
    }

    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor types) {
        return LINKER.downcallHandle(symbols.findOrThrow(name), types);
    }

    private static MethodHandle direct(String prefix) {
        return handle(prefix + LIBRARY.direct, GCM, Linker.Option.critical(false));
    }

    private static MethodHandle handle(String name, FunctionDescriptor types, Linker.Option... options) {
        return LIBRARY.symbols
                .find(name)
                .map(address -> LINKER.downcallHandle(address, types, options))
                .orElseGet(() -> MethodHandles.empty(types.toMethodType()));
    }
}
