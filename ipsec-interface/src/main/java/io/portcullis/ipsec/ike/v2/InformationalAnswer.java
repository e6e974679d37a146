package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.v2.ChildSa.Phase;
import io.portcullis.ipsec.ike.wire.DeletePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** INFORMATIONAL as responder: deletes, errors, and the question whether we live (RFC 7296 sections 1.4 and 2.25). */
final class InformationalAnswer {
    private static final int SPI_OCTETS = 4;

    private InformationalAnswer() {}

    static void answer(IkeSa sa, Message request) {
        List<DeletePayload> deletes = request.all(DeletePayload.class);
        if (deletes.stream().anyMatch(delete -> delete.protocol() == ProtocolId.IKE.id())) {
            sa.channel.respond(request, List.of());
            if (sa.active() instanceof RekeyIke) {
                // The peer has not seen our rekey: its own one stands, ours is forgotten.
                sa.succession.inheritorOfPeer().ifPresent(sa.succession::replaceBy);
            }
            sa.close("deleted by the peer");
            return;
        }
        if (request.notify(NotifyType.AUTHENTICATION_FAILED.id()).isPresent()) {
            sa.channel.respond(request, List.of());
            sa.fail(
                    IpsecEvents.AUTHENTICATION_FAILED,
                    NotifyType.AUTHENTICATION_FAILED.wireName(),
                    sa.localId,
                    "peer: " + NotifyType.AUTHENTICATION_FAILED.wireName());
            sa.close("the peer did not accept our authentication");
            return;
        }
        if (!deletes.isEmpty()) {
            sa.succession.inherit();
        }
        List<Octets> deleted = new ArrayList<>();
        deletes.stream()
                .filter(delete -> delete.protocol() == ProtocolId.ESP.id())
                .flatMap(delete -> delete.spis().stream())
                .forEach(spi -> delete(sa, spi).ifPresent(ours -> deleted.add(Octets.ofInt(ours))));
        request.all(NotifyPayload.class).stream()
                .filter(notify -> notify.type() == NotifyType.INVALID_SPI.id())
                .forEach(notify -> unknownToPeer(sa, notify.data()));
        sa.channel.respond(
                request, deleted.isEmpty() ? List.of() : List.of(new DeletePayload(ProtocolId.ESP.id(), deleted)));
    }

    /** Our inbound SPI of the pair, unless our own delete of it is under way (RFC 7296 section 1.4.1). */
    private static Optional<Integer> delete(IkeSa sa, Octets spi) {
        Optional<ChildSa> named = spi.size() == SPI_OCTETS ? sa.children.outbound(spi.toInt()) : Optional.empty();
        if (named.isEmpty() && spi.size() == SPI_OCTETS && sa.active() instanceof CreateChild create) {
            create.deletedAlready(spi.toInt());
        }
        if (named.isEmpty() || named.get().phase == Phase.DELETING || named.get().phase == Phase.LINGERING) {
            return Optional.empty();
        }
        ChildSa child = named.get();
        boolean replaced = child.peerSuccessor != null || child.phase == Phase.REPLACED;
        sa.children.deleted(child, replaced, "deleted by the peer");
        return Optional.of(child.inboundSpi());
    }

    /** The peer gets ESP that it has no SA for: ours is of no use. */
    private static void unknownToPeer(IkeSa sa, Octets spi) {
        if (spi.size() == SPI_OCTETS) {
            sa.children
                    .outbound(spi.toInt())
                    .filter(ChildSa::isInUse)
                    .ifPresent(child -> sa.children.remove(child, "the peer does not know it"));
        }
    }
}
