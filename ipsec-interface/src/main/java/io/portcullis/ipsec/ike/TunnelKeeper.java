package io.portcullis.ipsec.ike;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.v2.Command;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Brings tunnels up as initiator, address after address, and keeps those up that are to be kept up. One attempt at a
 * time for each tunnel, however many packets ask for it.
 */
final class TunnelKeeper {
    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST_WAIT = 60 * SECOND;

    /** What one tunnel is waiting for. */
    private static final class Effort {
        int address;
        int failures;
        long retryAt = Long.MAX_VALUE;
        long blockedUntil = Long.MIN_VALUE;
    }

    private final IkeEngine engine;
    private final SaTable table;
    private final Map<String, Effort> efforts = new HashMap<>();

    TunnelKeeper(IkeEngine engine, SaTable table) {
        this.engine = engine;
        this.table = table;
    }

    private Effort effort(String tunnel) {
        return efforts.computeIfAbsent(tunnel, _ -> new Effort());
    }

    /** A packet wants the tunnel. Right after a failure it is told so instead of trying again at once. */
    void acquire(TunnelDefinition tunnel, long now) {
        if (now < effort(tunnel.name()).blockedUntil) {
            engine.negotiationFailed(tunnel.name());
        } else {
            connect(tunnel, now);
        }
    }

    /** Brings a tunnel up, unless it is or is about to be. */
    void connect(TunnelDefinition tunnel, long now) {
        Effort effort = effort(tunnel.name());
        effort.retryAt = Long.MAX_VALUE;
        if (table.live().anyMatch(sa -> sa.carries(tunnel.name()))) {
            return;
        }
        Optional<IkeSa> up = table.live()
                .filter(sa -> sa.isEstablished() && tunnel.equals(sa.tunnel()))
                .findFirst();
        if (up.isPresent()) {
            engine.command(up.get(), new Command.NewChild(tunnel), now);
        } else if (table.live().noneMatch(sa -> sa.isInitiator() && tunnel.equals(sa.tunnel()) && isOpening(sa))) {
            initiate(tunnel, effort, now);
        }
    }

    private void initiate(TunnelDefinition tunnel, Effort effort, long now) {
        if (tunnel.initiateTo().isEmpty()) {
            engine.negotiationFailed(tunnel.name());
            return;
        }
        IpAddress remote =
                tunnel.initiateTo().get(effort.address % tunnel.initiateTo().size());
        Optional<IpAddress> local = tunnel.localEndpoint().or(() -> engine.sourceAddress(remote));
        if (local.isEmpty()) {
            failed(tunnel, now);
            return;
        }
        boolean alone = table.live()
                .noneMatch(
                        sa -> tunnel.equals(sa.tunnel()) || sa.path().remote().equals(remote));
        engine.initiate(tunnel, new Endpoints(local.get(), Endpoints.IKE_PORT, remote, Endpoints.IKE_PORT), alone, now);
    }

    private static boolean isOpening(IkeSa sa) {
        return !sa.isEstablished() && !sa.isClosed();
    }

    /** An attempt of ours came to nothing: the next address, or a pause when all have been tried. */
    void failed(TunnelDefinition tunnel, long now) {
        Effort effort = effort(tunnel.name());
        effort.address++;
        if (effort.address < tunnel.initiateTo().size()) {
            initiate(tunnel, effort, now);
            return;
        }
        pause(tunnel, now);
    }

    /** The peer is there and refuses: no use in trying another address. */
    void pause(TunnelDefinition tunnel, long now) {
        Effort effort = effort(tunnel.name());
        effort.address = 0;
        long wait = Math.min(LONGEST_WAIT, SECOND << Math.min(effort.failures, 6));
        effort.failures++;
        effort.blockedUntil = now + Math.min(wait, 5 * SECOND);
        if (tunnel.autoEstablish()) {
            effort.retryAt = now + wait;
        }
        engine.negotiationFailed(tunnel.name());
    }

    void up(String tunnel) {
        efforts.remove(tunnel);
    }

    /** An SA of the tunnel is gone; looked after in a moment, for a successor may be on its way. */
    void lost(TunnelDefinition tunnel, long now) {
        Effort effort = effort(tunnel.name());
        if (tunnel.autoEstablish() && effort.retryAt == Long.MAX_VALUE) {
            effort.retryAt = now + SECOND;
        }
    }

    long nextDeadline() {
        long first = Long.MAX_VALUE;
        for (Effort effort : efforts.values()) {
            first = Math.min(first, effort.retryAt);
        }
        return first;
    }

    void due(long now) {
        for (Map.Entry<String, Effort> each : Map.copyOf(efforts).entrySet()) {
            if (now >= each.getValue().retryAt) {
                each.getValue().retryAt = Long.MAX_VALUE;
                engine.definition(each.getKey())
                        .filter(TunnelDefinition::autoEstablish)
                        .ifPresent(tunnel -> connect(tunnel, now));
            }
        }
        efforts.keySet().removeIf(name -> engine.definition(name).isEmpty());
    }
}
