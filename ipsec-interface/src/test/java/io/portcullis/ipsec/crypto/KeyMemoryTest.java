package io.portcullis.ipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.sa.EspSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys outside the heap: wiped, given back at once, and out of reach afterwards. */
final class KeyMemoryTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int REKEYS = 100_000;
    private static final int WINDOWS = 10;

    /** Half of what a window leaks if each SA leaks the smallest key, 64 octets. */
    private static final long LIMIT = REKEYS / WINDOWS * 32;
    // struct mallinfo2 of glibc.
    private static final int MAPPED = 4;
    private static final int IN_USE = 7;

    @Test
    void whatIsFreedCanNotBeReached() {
        KeyMemory memory = new KeyMemory(100);
        assertEquals(128, memory.segment().byteSize());
        memory.free();
        assertThrows(IndexOutOfBoundsException.class, () -> memory.segment().get(ValueLayout.JAVA_BYTE, 0));
        memory.free();
    }

    @Test
    void aDestroyedTransformOfALibraryTouchesNothing() {
        for (CryptoProvider provider : EspTransformTest.providers()) {
            if (provider instanceof JceProvider) {
                continue;
            }
            try (Workspace workspace = provider.open(RANDOM)) {
                for (EspSuite suite : CryptoSelection.suites()) {
                    EspTransform transform = workspace.transform(suite, SelfTest.keys(suite), false, new CryptoUse());
                    transform.destroy();
                    transform.destroy();
                    MemorySegment memory = Arena.ofAuto().allocate(256);
                    EspBurst burst = new EspBurst();
                    burst.add(memory, 0, 64, 1);
                    assertThrows(RuntimeException.class, () -> transform.seal(burst), suite + " " + provider.name());
                    assertThrows(RuntimeException.class, () -> transform.open(burst), suite + " " + provider.name());
                }
            }
        }
    }

    @Test
    void rekeysLeaveNoMemoryBehind() {
        List<EspSuite> suites = List.of(
                CryptoSelection.suites().getFirst(),
                CryptoSelection.suites().get(3),
                CryptoSelection.suites().getLast());
        for (CryptoProvider provider : EspTransformTest.providers()) {
            if (provider instanceof JceProvider) {
                continue;
            }
            try (Workspace workspace = provider.open(RANDOM)) {
                // The compiler allocates there too, in some of the windows; who leaks does so in each.
                long least = Long.MAX_VALUE;
                for (int window = 0; window < WINDOWS && least > LIMIT; window++) {
                    long before = allocated();
                    rekey(workspace, suites, REKEYS / WINDOWS);
                    least = Math.min(least, allocated() - before);
                }
                assertTrue(least <= LIMIT, provider.name() + " grew by " + least + " octets");
            }
        }
    }

    private static void rekey(Workspace workspace, List<EspSuite> suites, int times) {
        for (int i = 0; i < times; i++) {
            EspSuite suite = suites.get(i % suites.size());
            workspace
                    .transform(suite, SelfTest.keys(suite), (i & 1) != 0, new CryptoUse())
                    .destroy();
        }
    }

    /** Octets that are allocated from the C library at the moment, in all its arenas. */
    private static long allocated() {
        Linker linker = Linker.nativeLinker();
        MethodHandle mallinfo = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mallinfo2"),
                FunctionDescriptor.of(
                        MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG))));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.invoke((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable broken) {
            throw new AssertionError(broken);
        }
    }
}
