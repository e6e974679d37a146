package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class AffinityTest {
    @Test
    void aThreadIsBoundToTheProcessorThatWasChosenAndNoOtherThreadIs() throws Exception {
        List<Integer> before = Affinity.allowed();
        assertFalse(before.isEmpty());
        int last = before.getLast();
        assertEquals(List.of(last), onItsOwnThread(last));
        assertEquals(before, Affinity.allowed());
    }

    @Test
    void aProcessorThatIsNotThereIsRefused() {
        ExecutionException e = assertThrows(ExecutionException.class, () -> onItsOwnThread(8191));
        assertEquals(DeviceException.class, e.getCause().getClass());
    }

    private static List<Integer> onItsOwnThread(int processor) throws Exception {
        FutureTask<List<Integer>> task = new FutureTask<>(() -> {
            Affinity.bind(processor);
            return Affinity.allowed();
        });
        Thread thread = Thread.ofPlatform().start(task);
        thread.join();
        return task.get();
    }
}
