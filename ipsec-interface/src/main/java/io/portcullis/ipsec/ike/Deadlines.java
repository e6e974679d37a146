package io.portcullis.ipsec.ike;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to be called when: a binary heap that knows where each member stands. Setting, moving and removing one
 * costs the logarithm of their number, and there is never more than one entry for each.
 */
final class Deadlines<T> {
    private final List<Entry<T>> heap = new ArrayList<>();
    private final Map<T, Entry<T>> entries = new HashMap<>();

    private static final class Entry<T> {
        private final T member;
        private long at;
        private int index;

        private Entry(T member) {
            this.member = member;
        }
    }

    /** Calls the member at this time, in nanoseconds, and at no other; {@link Long#MAX_VALUE} for never. */
    void set(T member, long at) {
        Entry<T> entry = entries.get(member);
        if (at == Long.MAX_VALUE) {
            remove(member);
        } else if (entry == null) {
            Entry<T> added = new Entry<>(member);
            added.at = at;
            entries.put(member, added);
            heap.add(added);
            rise(added, heap.size() - 1);
        } else if (entry.at != at) {
            entry.at = at;
            settle(entry, entry.index);
        }
    }

    void remove(T member) {
        Entry<T> entry = entries.remove(member);
        if (entry != null) {
            Entry<T> last = heap.removeLast();
            if (last != entry) {
                settle(last, entry.index);
            }
        }
    }

    /** The earliest time, {@link Long#MAX_VALUE} for none. */
    long next() {
        return heap.isEmpty() ? Long.MAX_VALUE : heap.getFirst().at;
    }

    /** Takes the member with the earliest time when that has come. */
    @Nullable
    T due(long now) {
        if (heap.isEmpty() || heap.getFirst().at > now) {
            return null;
        }
        T member = heap.getFirst().member;
        remove(member);
        return member;
    }

    boolean has(T member) {
        return entries.containsKey(member);
    }

    private void settle(Entry<T> entry, int index) {
        rise(entry, index);
        sink(entry, entry.index);
    }

    private void rise(Entry<T> entry, int from) {
        int index = from;
        while (index > 0) {
            Entry<T> parent = heap.get((index - 1) / 2);
            if (parent.at <= entry.at) {
                break;
            }
            place(parent, index);
            index = (index - 1) / 2;
        }
        place(entry, index);
    }

    private void sink(Entry<T> entry, int from) {
        int index = from;
        while (2 * index + 1 < heap.size()) {
            int child = 2 * index + 1;
            if (child + 1 < heap.size() && heap.get(child + 1).at < heap.get(child).at) {
                child++;
            }
            if (heap.get(child).at >= entry.at) {
                break;
            }
            place(heap.get(child), index);
            index = child;
        }
        place(entry, index);
    }

    private void place(Entry<T> entry, int index) {
        entry.index = index;
        heap.set(index, entry);
    }
}
