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

    /** Takes one out, null when there is none. While it is flushed others may be added: a tunnel's packets leave too. */
    @Nullable
    BurstCollector next() {
        if (size == 0) {
            return null;
        }
        BurstCollector last = waiting[--size];
        waiting[size] = null;
        return last;
    }
}
