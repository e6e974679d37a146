package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/**
 * The encapsulators of one worker: a tunnel borrows one while it collects packets, until the end of a burst at the
 * latest. So there are as many as tunnels ever sent in one burst, however many tunnels there are. Used by that worker
 * only.
 */
final class Encapsulators {
    private final List<Encapsulator> idle = new ArrayList<>();

    /** An empty one, to be given back. Allocates only when more are lent than ever before. */
    Encapsulator lend(NetworkInterface tunnel) {
        Encapsulator lent = idle.isEmpty() ? new Encapsulator() : idle.removeLast();
        lent.serve(tunnel);
        return lent;
    }

    void giveBack(Encapsulator empty) {
        idle.add(empty);
    }
}
