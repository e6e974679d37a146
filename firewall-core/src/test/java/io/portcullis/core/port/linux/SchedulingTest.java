package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SchedulingTest {
    @Test
    void aThreadGetsTheShortestSliceAndNoOtherThreadDoes() throws Exception {
        long before = Scheduling.slice();
        assumeTrue(before != 0, "NOT TESTED: this kernel does not tell time slices (Linux 6.12 does)");
        long slice = onItsOwnThread(() -> {
            Scheduling.hasten(Scheduling.nice());
            return Scheduling.slice();
        });
        assertEquals(Scheduling.SHORTEST, slice);
        assertEquals(before, Scheduling.slice());
    }

    @Test
    void theThreadThatCollectsGarbageGetsTheShortestSliceToo() throws Exception {
        assumeTrue(Scheduling.slice() != 0, "NOT TESTED: this kernel does not tell time slices (Linux 6.12 does)");
        Scheduling.hastenVirtualMachine(Scheduling.nice());
        assertEquals(Scheduling.SHORTEST, Scheduling.slice(Scheduling.virtualMachine()));
    }

    /** Upwards, which everybody may do. */
    @Test
    void aThreadGetsANiceValueAndNoOtherThreadDoes() throws Exception {
        int before = Scheduling.nice();
        assumeTrue(before < 19, "NOT TESTED: the tests run at the highest nice value already");
        int after = onItsOwnThread(() -> {
            Scheduling.hasten(before + 1);
            return Scheduling.nice();
        });
        assertEquals(before + 1, after);
        assertEquals(before, Scheduling.nice());
    }

    @Test
    void aThreadBecomesARealTimeOneAndNoOtherThreadDoes() throws Exception {
        boolean became = onItsOwnThread(() -> {
            try {
                Scheduling.realTime(0);
            } catch (DeviceException e) {
                assumeTrue(e.errno() != Errno.EPERM, "NOT TESTED: real-time threads need CAP_SYS_NICE");
                throw e;
            }
            // A real-time policy that somebody gave is left alone.
            Scheduling.hasten(0);
            return Scheduling.isRealTime();
        });
        assertTrue(became);
        assertFalse(Scheduling.isRealTime());
    }

    private static <T> T onItsOwnThread(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
