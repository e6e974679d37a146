package io.portcullis.ipsec.ike;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.v2.Command;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelList;
import java.util.HashMap;
import java.util.List;
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
        long blockedUntil = Long.MIN_VALUE;
    }

    private final IkeEngine engine;
    private final SaTable table;
    private final TunnelLimit limit;
    private final Map<String, Effort> efforts = new HashMap<>();
    private final Deadlines<String> retries = new Deadlines<>();

    TunnelKeeper(IkeEngine engine, SaTable table, TunnelLimit limit) {
        this.engine = engine;
        this.table = table;
        this.limit = limit;
    }

    private Effort effort(String tunnel) {
        return efforts.computeIfAbsent(tunnel, _ -> new Effort());
    }

    /** A packet wants the tunnel. Right after a failure it is told so instead of trying again at once. */
    void acquire(TunnelDefinition tunnel, long now) {
        if (isPaused(tunnel, now)) {
            engine.negotiationFailed(tunnel.name());
        } else {
            connect(tunnel, now);
        }
    }

    private boolean isPaused(TunnelDefinition tunnel, long now) {
        Effort effort = efforts.get(tunnel.name());
        return effort != null && now < effort.blockedUntil;
    }

    /** Brings a tunnel up, unless it is or is about to be. */
    void connect(TunnelDefinition tunnel, long now) {
        retries.remove(tunnel.name());
        Prospect next = next(tunnel);
        if (next.kind() == Prospect.Kind.CHILD) {
            established(tunnel).ifPresent(up -> engine.command(up, new Command.NewChild(tunnel), now));
        } else {
            initiate(next, now);
        }
    }

    /** What {@link #acquire} would do; nothing changes. */
    Prospect prospect(TunnelDefinition tunnel, long now) {
        return isPaused(tunnel, now) ? new Prospect(Prospect.Kind.PAUSED, tunnel, Optional.empty()) : next(tunnel);
    }

    private Prospect next(TunnelDefinition tunnel) {
        List<IkeSa> sas = table.ofTunnel(tunnel.name());
        if (sas.stream().anyMatch(sa -> sa.carries(tunnel.name()))) {
            return new Prospect(Prospect.Kind.UP, tunnel, Optional.empty());
        }
        Optional<IkeSa> up = established(tunnel);
        if (up.isPresent()) {
            return new Prospect(Prospect.Kind.CHILD, tunnel, up.map(IkeSa::path));
        }
        boolean opens = sas.stream().anyMatch(sa -> sa.isInitiator() && tunnel.equals(sa.tunnel()) && isOpening(sa));
        return opens ? new Prospect(Prospect.Kind.UNDER_WAY, tunnel, Optional.empty()) : initiation(tunnel);
    }

    private Optional<IkeSa> established(TunnelDefinition tunnel) {
        return table.ofTunnel(tunnel.name()).stream()
                .filter(sa -> sa.isEstablished() && tunnel.equals(sa.tunnel()))
                .findFirst();
    }

    private Prospect initiation(TunnelDefinition tunnel) {
        if (tunnel.initiateTo().isEmpty()) {
            return new Prospect(Prospect.Kind.ONLY_RESPONDS, tunnel, Optional.empty());
        }
        Effort effort = efforts.get(tunnel.name());
        IpAddress remote = tunnel.initiateTo()
                .get((effort == null ? 0 : effort.address) % tunnel.initiateTo().size());
        Optional<Endpoints> path = tunnel.localEndpoint()
                .or(() -> engine.sourceAddress(remote))
                // An interface's address object stands for 0.0.0.0 while a DHCP server has not given it one.
                .filter(local -> !local.isUnspecified())
                .map(local -> new Endpoints(local, Endpoints.IKE_PORT, remote, Endpoints.IKE_PORT));
        if (path.isEmpty()) {
            return new Prospect(Prospect.Kind.NO_ADDRESS, tunnel, path);
        }
        return new Prospect(limit.isFull(remote) ? Prospect.Kind.FULL : Prospect.Kind.INITIATE, tunnel, path);
    }

    private void initiate(Prospect next, long now) {
        TunnelDefinition tunnel = next.tunnel();
        switch (next.kind()) {
            case ONLY_RESPONDS -> engine.negotiationFailed(tunnel.name());
            case NO_ADDRESS -> failed(tunnel, now);
            case INITIATE -> {
                Endpoints path = next.path().orElseThrow();
                boolean alone = !table.hasPeer(path.remote())
                        && table.ofTunnel(tunnel.name()).stream().noneMatch(sa -> tunnel.equals(sa.tunnel()));
                engine.initiate(tunnel, path, alone, now);
            }
            case FULL -> {
                limit.refuse(tunnel.name(), next.path().orElseThrow(), now);
                pause(tunnel, now);
            }
            case PAUSED, UP, UNDER_WAY, CHILD -> {}
        }
    }

    private static boolean isOpening(IkeSa sa) {
        return !sa.isEstablished() && !sa.isClosed();
    }

    /** An attempt of ours came to nothing: the next address, or a pause when all have been tried. */
    void failed(TunnelDefinition tunnel, long now) {
        Effort effort = effort(tunnel.name());
        effort.address++;
        if (effort.address < tunnel.initiateTo().size()) {
            initiate(initiation(tunnel), now);
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
            retries.set(tunnel.name(), now + wait);
        }
        engine.negotiationFailed(tunnel.name());
    }

    void up(String tunnel) {
        efforts.remove(tunnel);
        retries.remove(tunnel);
    }

    /** Other tunnels than these are not configured any more. */
    void retain(TunnelList tunnels) {
        for (String gone : efforts.keySet().stream()
                .filter(it -> tunnels.find(it).isEmpty())
                .toList()) {
            up(gone);
        }
    }

    /** An SA of the tunnel is gone; looked after in a moment, for a successor may be on its way. */
    void lost(TunnelDefinition tunnel, long now) {
        if (tunnel.autoEstablish() && !retries.has(tunnel.name())) {
            retries.set(tunnel.name(), now + SECOND);
        }
    }

    long nextDeadline() {
        return retries.next();
    }

    void due(long now) {
        for (String name = retries.due(now); name != null; name = retries.due(now)) {
            engine.definition(name).filter(TunnelDefinition::autoEstablish).ifPresent(tunnel -> connect(tunnel, now));
        }
    }
}
