package io.portcullis.core.pipeline;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Interfaces that have collected packets in this burst, each once. */
final class FlushList {
    private @Nullable NetworkInterface[] waiting = new @Nullable NetworkInterface[16];
    private int size;

    void add(NetworkInterface iface) {
        for (int i = 0; i < size; i++) {
            if (iface.equals(waiting[i])) {
                return;
            }
        }
        if (size == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * size);
        }
        waiting[size++] = iface;
    }

    /** Flushes all, those too that are added meanwhile: a tunnel's packets leave by an Ethernet interface. */
    void flush(PacketWorker worker, long now) {
        while (size > 0) {
            NetworkInterface iface = waiting[--size];
            waiting[size] = null;
            if (iface != null) {
                iface.flush(worker, now);
            }
        }
    }
}
