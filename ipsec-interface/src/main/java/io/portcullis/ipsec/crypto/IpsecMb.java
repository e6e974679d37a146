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
 * manager knows which of its implementations suits this processor; that is all it is asked. The functions themselves
 * are taken by their exported names, so that no pointer out of a structure is ever called.
 *
 * <p>The library checks no argument: callers have checked every address and length.
 */
final class IpsecMb {
    private static final String SONAME = "libIPSec_MB.so.1";
    private static final int OLDEST = 0x0001_0300;
    private static final int BEYOND = 0x0002_0000;

    // IMB_MGR of 1.3: where the pointer to AES-GCM-128 encryption stands, and how much of the structure is looked at.
    private static final long GCM128_ENCRYPT = 256;
    private static final long LOOKED_AT = 512;
    private static final List<String> IMPLEMENTATIONS =
            List.of("vaes_avx512", "avx512", "avx_gen4", "avx_gen2", "sse", "sse_no_aesni");

    /** Octets of the expanded key, and of the state of a running operation, with room to spare. */
    static final long KEY_OCTETS = 1024;

    static final long CONTEXT_OCTETS = 128;
    static final long ALIGNMENT = 64;

    /**
     * (key, context, out, in, length, iv, additional, its length, tag, its length). Addresses are numbers here: segments
     * of a shared arena would be locked and unlocked for each call, and cut out anew.
     */
    private static final FunctionDescriptor GCM = FunctionDescriptor.ofVoid(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);

    private static final FunctionDescriptor GCM_KEY = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Library LIBRARY = load();

    // Constants of this class, or the calls would not be compiled into their callers.
    static final MethodHandle ENCRYPT_128 = handle("aes_gcm_enc_128_", GCM);
    static final MethodHandle ENCRYPT_192 = handle("aes_gcm_enc_192_", GCM);
    static final MethodHandle ENCRYPT_256 = handle("aes_gcm_enc_256_", GCM);
    static final MethodHandle DECRYPT_128 = handle("aes_gcm_dec_128_", GCM);
    static final MethodHandle DECRYPT_192 = handle("aes_gcm_dec_192_", GCM);
    static final MethodHandle DECRYPT_256 = handle("aes_gcm_dec_256_", GCM);
    static final MethodHandle EXPAND_128 = handle("aes_gcm_pre_128_", GCM_KEY);
    static final MethodHandle EXPAND_192 = handle("aes_gcm_pre_192_", GCM_KEY);
    static final MethodHandle EXPAND_256 = handle("aes_gcm_pre_256_", GCM_KEY);

    private IpsecMb() {}

    /** What became of looking for the library: a lookup that knows nothing when it can not be used. */
    private record Library(SymbolLookup symbols, String implementation, String version, String trouble) {
        static Library unusable(String why) {
            return new Library(_ -> Optional.empty(), "", "", why);
        }
    }

    static boolean usable() {
        return LIBRARY.trouble.isEmpty();
    }

    /** Version and implementation, or why the library is not used. */
    static String about() {
        return usable() ? "libIPSec_MB " + LIBRARY.version + " " + LIBRARY.implementation : LIBRARY.trouble;
    }

    private static Library load() {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());
            int version = (int) function(symbols, "imb_get_version", FunctionDescriptor.of(JAVA_INT))
                    .invokeExact();
            String text = (version >> 16) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
            if (version < OLDEST || version >= BEYOND) {
                return Library.unusable(SONAME + " is version " + text + ", not 1.3 or later below 2");
            }
            return implementation(symbols)
                    .map(name -> new Library(symbols, name, text, ""))
                    .orElseGet(() -> Library.unusable(SONAME + " " + text + " has an unknown layout"));
        } catch (IllegalArgumentException absent) {
            return Library.unusable(SONAME + " is not installed");
        } catch (Throwable broken) {
            return Library.unusable(SONAME + " can not be used: " + broken.getMessage());
        }
    }

    /** The suffix of the functions that the library itself chooses on this processor. */
    private static Optional<String> implementation(SymbolLookup symbols) throws Throwable {
        MethodHandle allocate = function(symbols, "alloc_mb_mgr", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
        MethodHandle initialise = function(symbols, "init_mb_mgr_auto", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        MethodHandle free = function(symbols, "free_mb_mgr", FunctionDescriptor.ofVoid(ADDRESS));
        MemorySegment manager = (MemorySegment) allocate.invokeExact(0L);
        if (manager.equals(MemorySegment.NULL)) {
            return Optional.empty();
        }
        initialise.invokeExact(manager, MemorySegment.NULL);
        MemorySegment chosen = manager.reinterpret(LOOKED_AT).get(ADDRESS, GCM128_ENCRYPT);
        free.invokeExact(manager);
        return IMPLEMENTATIONS.stream()
                .filter(name -> symbols.find("aes_gcm_enc_128_" + name)
                        .filter(chosen::equals)
                        .isPresent())
                .findFirst();
    }

    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor types) {
        return LINKER.downcallHandle(symbols.findOrThrow(name), types);
    }

    /** Short and pure computation: "critical" saves the thread's change of state on every call. */
    private static MethodHandle handle(String prefix, FunctionDescriptor types) {
        return LIBRARY.symbols
                .find(prefix + LIBRARY.implementation)
                .map(address -> LINKER.downcallHandle(address, types, Linker.Option.critical(false)))
                .orElseGet(() -> MethodHandles.empty(types.toMethodType()));
    }
}
