package io.portcullis.ipsec.ike;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.RateLimit;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;

/**
 * How many tunnels may be open at once, MaxVPNTunnels. A tunnel is what one peer has open: new keys make no second one.
 * One more is refused when its negotiation begins; where several began before any of them was up, when it is up. Those
 * that are open stay when the limit falls. The IKE thread's.
 */
final class TunnelLimit {
    /** Events that strangers can provoke, per second. */
    private static final int PROVOKED = 5;

    private final SaTable table;
    private final EventSink events;
    private final RateLimit complaints = new RateLimit(PROVOKED);
    private volatile int most;
    private boolean isNear;

    TunnelLimit(SaTable table, EventSink events) {
        this.table = table;
        this.events = events;
    }

    /** @param tunnels that may be open, 0 for any number */
    void set(int tunnels) {
        most = tunnels;
        isNear = false;
    }

    /** Tunnels that may be open, 0 for any number; any thread. */
    int most() {
        return most;
    }

    /** Whether a negotiation must not begin, which is said. A peer that has a tunnel may begin anew. */
    boolean refuses(String tunnel, Endpoints path, long now) {
        boolean isFull = isFull(path.remote());
        if (isFull) {
            refuse(tunnel, path, now);
        }
        return isFull;
    }

    /** Whether a peer may open no tunnel; one that has a tunnel may. */
    boolean isFull(IpAddress peer) {
        return most != 0
                && table.openTunnels() >= most
                && table.withPeer(peer).stream().noneMatch(IkeSa::isEstablished);
    }

    /** Whether an SA that is established now must go again, which is said. */
    boolean exceeds(IkeSa sa, long now) {
        int open = table.openTunnels() + (table.isOpen(sa) ? 0 : 1);
        boolean nearly = most > 0 && 10L * open >= 9L * most;
        if (nearly && !isNear) {
            events.emit(IpsecEvents.TUNNEL_LIMIT_NEAR, "none", Math.min(open, most), most);
        }
        isNear = nearly;
        if (most == 0 || open <= most || table.isOpen(sa)) {
            return false;
        }
        refuse(sa.tunnel() == null ? "" : sa.tunnel().name(), sa.path(), now);
        return true;
    }

    /** Says that a tunnel was not opened. */
    void refuse(String tunnel, Endpoints path, long now) {
        if (complaints.allows(now)) {
            events.emit(
                    IpsecEvents.TUNNEL_LIMIT_REACHED,
                    "reject",
                    tunnel,
                    path.local() + ":" + path.localPort(),
                    path.remote() + ":" + path.remotePort(),
                    "",
                    "",
                    most);
        }
    }
}
