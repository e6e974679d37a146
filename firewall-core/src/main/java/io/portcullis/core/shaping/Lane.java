package io.portcullis.core.shaping;

import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** Packets of one user and one precedence that wait, in the order in which they came. */
final class Lane {
    private @Nullable Packet first;
    private @Nullable Packet last;
    private long octets;

    boolean isEmpty() {
        return first == null;
    }

    /** Octets of all that wait. */
    long octets() {
        return octets;
    }

    @Nullable
    Packet first() {
        return first;
    }

    @Nullable
    Packet last() {
        return last;
    }

    void add(Packet packet) {
        Passage passage = packet.passage();
        passage.previous = last;
        passage.next = null;
        if (last == null) {
            first = packet;
        } else {
            last.passage().next = packet;
        }
        last = packet;
        octets += passage.octets;
    }

    void remove(Packet packet) {
        Passage passage = packet.passage();
        if (passage.previous == null) {
            first = passage.next;
        } else {
            passage.previous.passage().next = passage.next;
        }
        if (passage.next == null) {
            last = passage.previous;
        } else {
            passage.next.passage().previous = passage.previous;
        }
        passage.next = null;
        passage.previous = null;
        octets -= passage.octets;
    }

    /** A part of the first one has left. */
    void lessen(long gone) {
        octets -= gone;
    }
}
