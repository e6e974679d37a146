package io.portcullis.ipsec.ike;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.v2.Action;
import io.portcullis.ipsec.ike.v2.Command;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Performs what IKE SAs ask for, in order. */
final class Performer {
    private final IkeEngine engine;
    private final IkeEngine.Parts parts;
    private final SaTable table;
    private final TunnelKeeper keeper;
    private final TunnelLimit limit;
    private @Nullable CompletableFuture<Void> allClosed;

    Performer(IkeEngine engine, IkeEngine.Parts parts, SaTable table, TunnelKeeper keeper, TunnelLimit limit) {
        this.engine = engine;
        this.parts = parts;
        this.table = table;
        this.keeper = keeper;
        this.limit = limit;
    }

    /** One input of an SA. A fault of ours costs that SA, not the engine. */
    void input(IkeSa sa, Supplier<List<Action>> input, long now) {
        boolean opening = !sa.isEstablished() && sa.isInitiator();
        try {
            for (Action action : input.get()) {
                perform(sa, action, opening, now);
            }
        } catch (RuntimeException fault) {
            parts.events()
                    .emit(
                            IpsecEvents.IKE_INVALID_PAYLOAD,
                            "sas_deleted",
                            sa.tunnel() == null ? "" : sa.tunnel().name(),
                            sa.path().local(),
                            sa.path().remote(),
                            "",
                            "",
                            "internal error: " + fault);
            if (!sa.isClosed()) {
                input(sa, () -> sa.command(new Command.Forget("internal error"), now), now);
            }
        }
        table.plan(sa);
    }

    void whenAllClosed(CompletableFuture<Void> done) {
        allClosed = done;
    }

    private void perform(IkeSa sa, Action action, boolean opening, long now) {
        String tunnel = sa.tunnel() == null ? "" : sa.tunnel().name();
        switch (action) {
            case Action.Send(var path, var message) -> engine.transmit(path, message.toArray());
            case Action.SendKeepalive(var path) ->
                parts.transport()
                        .send(path.local(), path.localPort(), path.remote(), path.remotePort(), new byte[] {(byte) 0xff
                        });
            case Action.Compute<?> compute -> compute(sa, compute);
            case Action.Install(var pair) -> {
                table.child(pair.inboundSpi(), sa);
                table.file(sa, pair.tunnel());
                parts.installer().install(pair);
                keeper.up(pair.tunnel());
                parts.observer().childKeys(pair);
            }
            case Action.ActivateOutbound(int spi) -> parts.installer().activateOutbound(spi);
            case Action.Remove(int spi) -> {
                table.childGone(spi);
                parts.installer().remove(spi);
                lost(sa, now);
            }
            case Action.ReleaseSpi(int spi) -> parts.installer().releaseSpi(spi);
            case Action.MovePath(int spi, var path) -> parts.installer().movePath(spi, path);
            case Action.Emit(var event) -> parts.events().emit(event);
            case Action.Decided(var decisions) -> parts.observer().decided(tunnel, sa.path(), decisions);
            case Action.Observed(var path, var message, boolean outbound) ->
                engine.observe(tunnel, path, message, outbound);
            case Action.IkeKeysMade(long spiI, long spiR, var keys) ->
                parts.observer().ikeKeys(spiI, spiR, keys);
            case Action.Established(boolean contact) -> established(sa, contact, now);
            case Action.Succeeded(var successor) -> {
                table.add(successor);
                input(successor, () -> successor.start(now), now);
            }
            case Action.ChildrenMoved(var to, var spis) -> {
                spis.forEach(spi -> table.child(spi, to));
                to.tunnels().forEach(it -> table.file(to, it.name()));
                table.plan(to);
            }
            case Action.Concluded(var problem) -> parts.observer().concluded(tunnel, sa.path(), problem);
            case Action.ChildFailed(var name, var reason) -> {
                parts.observer().concluded(name, sa.path(), reason);
                engine.definition(name)
                        .ifPresentOrElse(it -> keeper.pause(it, now), () -> engine.negotiationFailed(name));
            }
            case Action.Closed(var reason) -> closed(sa, reason, opening, now);
            case Action.Dropped(var reason, boolean suspicious) -> {
                if (suspicious) {
                    engine.complain(sa.path(), reason, now);
                } else {
                    engine.dropped();
                }
            }
        }
    }

    private void compute(IkeSa sa, Action.Compute<?> compute) {
        parts.slow().execute(() -> {
            try {
                engine.computed(sa, compute.perform());
            } catch (RuntimeException fault) {
                engine.computationFailed(sa);
            }
        });
    }

    private void established(IkeSa sa, boolean initialContact, long now) {
        table.established(sa);
        parts.observer().concluded(sa.tunnel() == null ? "" : sa.tunnel().name(), sa.path(), "");
        for (IkeSa other : table.between(sa.identities())) {
            if (other == sa || !other.isEstablished()) {
                continue;
            }
            if (bothBegan(sa, other, now)) {
                keepOne(sa, other, now);
            } else if (initialContact) {
                engine.command(other, new Command.Forget("the peer has started afresh"), now);
            }
        }
        if (limit.exceeds(sa, now)) {
            engine.command(sa, new Command.Delete("as many tunnels are open as MaxVPNTunnels allows"), now);
        }
    }

    /** Both sides choose the same; its initiator deletes the other one. */
    private void keepOne(IkeSa sa, IkeSa other, long now) {
        IkeSa loser = sa.weight() < other.weight() ? sa : other;
        IkeSa winner = loser == sa ? other : sa;
        winner.tunnels()
                .forEach(tunnel -> winner.childrenOf(tunnel.name()).forEach(parts.installer()::activateOutbound));
        if (loser.isInitiator()) {
            engine.command(loser, new Command.Delete("redundant: both sides have set up one"), now);
        }
    }

    /** Both peers have brought the same tunnel up at the same time: one of the two is enough. */
    private static boolean bothBegan(IkeSa sa, IkeSa other, long now) {
        return sa.isInitiator() != other.isInitiator()
                && sa.tunnel() != null
                && sa.tunnel().equals(other.tunnel())
                && sa.path().equals(other.path())
                && sa.isYoung(now)
                && other.isYoung(now);
    }

    private void closed(IkeSa sa, String reason, boolean opening, long now) {
        table.closed(sa);
        TunnelDefinition tunnel = sa.tunnel();
        if (tunnel != null) {
            if (sa.cameToNothing()) {
                parts.observer().concluded(tunnel.name(), sa.path(), reason);
            }
            if (opening && sa.cameToNothing()) {
                engine.definition(tunnel.name()).filter(tunnel::equals).ifPresent(it -> keeper.failed(it, now));
            } else {
                lost(sa, now);
            }
        }
        if (allClosed != null && table.isEmpty()) {
            allClosed.complete(null);
        }
    }

    private void lost(IkeSa sa, long now) {
        TunnelDefinition tunnel = sa.tunnel();
        if (tunnel != null) {
            engine.definition(tunnel.name()).ifPresent(it -> keeper.lost(it, now));
        }
    }
}
