package io.portcullis.ipsec.esp;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** SAs by SPI: open addressing over plain arrays. SPIs are random and never 0. Owned by one worker. */
final class SpiTable {
    private int[] keys = new int[64];
    private @Nullable EspSa[] values = new EspSa[64];
    private int size;

    @Nullable
    EspSa get(int spi) {
        int at = slot(spi);
        while (keys[at] != 0) {
            if (keys[at] == spi) {
                return values[at];
            }
            at = next(at);
        }
        return null;
    }

    void put(int spi, EspSa sa) {
        if (size * 2 >= keys.length) {
            grow();
        }
        insert(spi, sa);
    }

    @Nullable
    EspSa remove(int spi) {
        int at = slot(spi);
        while (keys[at] != spi) {
            if (keys[at] == 0) {
                return null;
            }
            at = next(at);
        }
        EspSa removed = values[at];
        size--;
        // What follows may have been pushed here by the removed key: it moves up.
        int hole = at;
        for (int i = next(at); keys[i] != 0; i = next(i)) {
            int home = slot(keys[i]);
            if (((i - home) & mask()) >= ((i - hole) & mask())) {
                keys[hole] = keys[i];
                values[hole] = values[i];
                hole = i;
            }
        }
        keys[hole] = 0;
        values[hole] = null;
        return removed;
    }

    void forEach(Consumer<EspSa> action) {
        for (EspSa sa : values) {
            if (sa != null) {
                action.accept(sa);
            }
        }
    }

    int size() {
        return size;
    }

    private void insert(int spi, EspSa sa) {
        int at = slot(spi);
        while (keys[at] != 0 && keys[at] != spi) {
            at = next(at);
        }
        if (keys[at] == 0) {
            size++;
        }
        keys[at] = spi;
        values[at] = sa;
    }

    private void grow() {
        @Nullable EspSa[] before = values;
        int[] keysBefore = keys;
        keys = new int[keysBefore.length * 2];
        values = new EspSa[keys.length];
        size = 0;
        for (int i = 0; i < keysBefore.length; i++) {
            EspSa sa = before[i];
            if (sa != null) {
                insert(keysBefore[i], sa);
            }
        }
    }

    private int mask() {
        return keys.length - 1;
    }

    private int slot(int spi) {
        return (spi * 0x9e37_79b9) >>> 16 & mask();
    }

    private int next(int at) {
        return (at + 1) & mask();
    }
}
