package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.PacketWorker;
import java.util.ArrayList;
import java.util.List;

/**
 * The tunnels of one worker that time changes: packets wait there, or a path MTU was learned that is to be forgotten.
 * Each is here once at most, and the others cost nothing. Used by that worker only.
 */
final class AgingTunnels {
    private final List<TunnelTraffic> tunnels = new ArrayList<>();

    /** Has a tunnel aged, until it says that there is nothing left to age. */
    void add(TunnelTraffic tunnel) {
        if (!tunnel.aging) {
            tunnel.aging = true;
            tunnels.add(tunnel);
        }
    }

    /** Ages each; what it drops may make others wait, which join behind and have their turn next time. */
    void age(PacketWorker on, long now) {
        for (int i = tunnels.size() - 1; i >= 0; i--) {
            TunnelTraffic tunnel = tunnels.get(i);
            if (!tunnel.age(on, now)) {
                tunnel.aging = false;
                tunnels.set(i, tunnels.getLast());
                tunnels.removeLast();
            }
        }
    }
}
