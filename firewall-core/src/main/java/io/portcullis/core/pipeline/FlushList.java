package io.portcullis.core.pipeline;

import io.portcullis.core.iface.BurstCollector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who has collected packets in this burst, each once. */
final class FlushList {
    private @Nullable BurstCollector[] waiting = new @Nullable BurstCollector[16];
    private int size;

    void add(BurstCollector collector) {
        for (int i = 0; i < size; i++) {
            if (collector.equals(waiting[i])) {
                return;
            }
        }
        if (size == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * size);
        }
        waiting[size++] = collector;
    }

    /**
     * Has all of them let go. Meanwhile others may be added: a tunnel's packets leave too. A defect costs what its
     * collector held and nothing else.
     */
    void flush(Pipeline worker, long now) {
        while (size > 0) {
            BurstCollector last = waiting[--size];
            waiting[size] = null;
            try {
                if (last != null) {
                    last.flush(worker, now);
                }
            } catch (RuntimeException defect) {
                worker.defect(defect);
            }
        }
    }
}
