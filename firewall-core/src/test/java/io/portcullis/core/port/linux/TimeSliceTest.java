package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TimeSliceTest {
    @Test
    void aThreadGetsTheShortestSliceAndNoOtherThreadDoes() throws Exception {
        long before = TimeSlice.current();
        assumeTrue(before != 0, "NOT TESTED: this kernel does not tell time slices (Linux 6.12 does)");
        FutureTask<Long> task = new FutureTask<>(() -> {
            TimeSlice.shorten();
            return TimeSlice.current();
        });
        Thread.ofPlatform().start(task);
        assertEquals(TimeSlice.SHORTEST, task.get());
        assertEquals(before, TimeSlice.current());
    }
}
