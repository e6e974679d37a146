package io.portcullis.core.neighbour;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Monitors' questions to neighbours that nobody has answered yet; one for each listener. Owned by the interface's
 * worker.
 */
final class NeighbourProbes {
    /** Questions at once. */
    static final int MOST = 64;

    private final List<Open> open = new ArrayList<>();

    private record Open(IpAddress neighbour, long askedAt, Neighbours.ProbeListener listener) {}

    /** @return false when there are too many */
    boolean add(IpAddress neighbour, Neighbours.ProbeListener listener, long now) {
        remove(listener);
        return open.size() < MOST && open.add(new Open(neighbour, now, listener));
    }

    void remove(Neighbours.ProbeListener listener) {
        open.removeIf(question -> question.listener().equals(listener));
    }

    boolean isAsked(IpAddress neighbour) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).neighbour().equals(neighbour)) {
                return true;
            }
        }
        return false;
    }

    /** A neighbour is there. */
    void heard(IpAddress neighbour, long now) {
        for (int i = open.size() - 1; i >= 0; i--) {
            Open question = open.get(i);
            if (question.neighbour().equals(neighbour)) {
                open.remove(i);
                question.listener().answered(now - question.askedAt());
            }
        }
    }
}
