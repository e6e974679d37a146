package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.sa.SaEvent;

/** Carries out commands. */
final class Orders {
    private Orders() {}

    static void carryOut(IkeSa sa, Command command) {
        switch (command) {
            case Command.Delete(String reason) -> delete(sa, reason);
            case Command.Forget(String reason) -> sa.close(reason);
            case Command.RekeySa _ -> {
                if (!sa.hasQueued(RekeyIke.class)) {
                    sa.enqueue(new RekeyIke());
                }
            }
            case Command.NewChild(var tunnel) -> sa.enqueue(CreateChild.fresh(tunnel));
            case Command.RekeyChild(int spi) ->
                sa.children.inbound(spi).ifPresent(child -> sa.enqueue(CreateChild.rekey(child)));
            case Command.RemoveChild(int spi, String reason) ->
                sa.children.inbound(spi).ifPresent(child -> sa.enqueue(new DeleteChild(child, reason)));
            case Command.DataPlane(SaEvent event) -> dataPlane(sa, event);
        }
        sa.startNext();
    }

    private static void delete(IkeSa sa, String reason) {
        switch (sa.state()) {
            case State.Opening _ -> {
                if (sa.initiator && sa.channel.isSecure()) {
                    sa.enqueue(CloseIke.delete(reason)); // the peer may be up already: told once it has answered
                } else {
                    sa.close(reason);
                }
            }
            case State.Established _, State.Replaced _ -> sa.delete(reason);
            case State.Closing _, State.Closed _ -> {}
        }
    }

    private static void dataPlane(IkeSa sa, SaEvent event) {
        switch (event) {
            case SaEvent.SoftLimit(int spi) ->
                sa.children.inbound(spi).ifPresent(child -> sa.enqueue(CreateChild.rekey(child)));
            case SaEvent.HardLimit(int spi) ->
                sa.children.inbound(spi).ifPresent(child -> sa.enqueue(new DeleteChild(child, "volume used up")));
            case SaEvent.FirstPacket(int spi) ->
                sa.children.inbound(spi).filter(ChildSa::isInUse).ifPresent(sa.children::activate);
            case SaEvent.PeerMoved(int spi, var address, int port) -> {
                if (sa.nat.there() && sa.children.inbound(spi).isPresent()) {
                    sa.upkeep.moved(new Endpoints(sa.path.local(), sa.path.localPort(), address, port));
                }
            }
            case SaEvent.UnknownSpi(int spi, var _) -> {
                if (!sa.hasQueued(Notice.class)) {
                    sa.enqueue(Notice.invalidSpi(spi));
                }
            }
            case SaEvent.Acquire _ -> {}
        }
    }
}
