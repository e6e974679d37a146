package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.iana.AuthMethod;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.wire.AuthPayload;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.tunnel.IdentityPayload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** IKE_AUTH as initiator, by pre-shared key, with the first child SA (RFC 7296 section 1.2). */
final class IkeAuth implements OwnExchange {
    private final boolean initialContact;
    private @Nullable ChildOffer offer;

    IkeAuth(boolean initialContact) {
        this.initialContact = initialContact;
    }

    /** HDR, SK {IDi, [N(INITIAL_CONTACT),] [IDr,] AUTH, SAi2, TSi, TSr} --> */
    @Override
    public void begin(IkeSa sa) {
        TunnelDefinition tunnel = sa.definition();
        Handshake shake = sa.handshake();
        IdPayload idI = IdentityPayload.of(IdentityPayload.local(tunnel, sa.path.local()), true);
        sa.localId = IdentityPayload.describe(idI);
        ChildOffer own = ChildOffer.first(sa, tunnel);
        offer = own;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(idI);
        if (initialContact) {
            payloads.add(new NotifyPayload(NotifyType.INITIAL_CONTACT.id(), Octets.EMPTY));
        }
        if (tunnel.remoteIds().size() == 1) {
            payloads.add(IdentityPayload.of(tunnel.remoteIds().getFirst(), false));
        }
        payloads.add(new AuthPayload(
                AuthMethod.SHARED_KEY.id(),
                Octets.of(sa.channel
                        .keys()
                        .pskAuth(
                                true,
                                tunnel.psk().octets(),
                                shake.request().toArray(),
                                shake.nr().toArray(),
                                idI.rest().toArray()))));
        payloads.add(own.proposals());
        payloads.addAll(own.selectors());
        sa.channel.request(ExchangeType.IKE_AUTH, payloads);
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        TunnelDefinition tunnel = sa.definition();
        ChildOffer own = offer;
        Optional<IdPayload> idR = response.first(IdPayload.class);
        Optional<AuthPayload> auth = response.first(AuthPayload.class);
        if (own == null) {
            return;
        }
        if (idR.isEmpty() || auth.isEmpty()) {
            refused(sa, response);
            return;
        }
        sa.remoteId = IdentityPayload.describe(idR.get());
        if (!tunnel.remoteIds().isEmpty() && !IdentityPayload.isOneOf(idR.get(), tunnel.remoteIds())) {
            unauthentic(sa, "identity", tunnel.remoteIds().toString(), sa.remoteId);
            return;
        }
        if (auth.get().method() != AuthMethod.SHARED_KEY.id() || !isAuthentic(sa, tunnel, idR.get(), auth.get())) {
            unauthentic(sa, "pre-shared key", "AUTH made with our key", "AUTH made with another");
            return;
        }
        Handshake shake = sa.handshake();
        sa.handshake = null;
        sa.become(new State.Established(sa.now));
        sa.emit(IpsecEvents.IKE_SA_ESTABLISHED, "none", "local", sa.channel.algorithms());
        firstChild(sa, own, shake, response);
    }

    /** A tunnel whose first child SA fails is of no use: the IKE SA goes, too. */
    private static void firstChild(IkeSa sa, ChildOffer own, Handshake shake, Message response) {
        Optional<ChildOffer.Accepted> accepted = own.judge(response, List.of());
        if (accepted.isEmpty()) {
            own.failed(sa, response);
            sa.closeAfter(CloseIke.delete("no child SA"));
            return;
        }
        sa.children.install(new Children.Agreed(
                own.tunnel(),
                own.spi(),
                accepted.get().choice(),
                sa.channel
                        .keys()
                        .child(
                                accepted.get().choice().suite(),
                                new byte[0],
                                shake.ni().toArray(),
                                shake.nr().toArray()),
                true,
                accepted.get().local(),
                accepted.get().remote(),
                null));
        sa.act(new Action.Established(false));
        sa.finished();
    }

    private static boolean isAuthentic(IkeSa sa, TunnelDefinition tunnel, IdPayload idR, AuthPayload auth) {
        Handshake shake = sa.handshake();
        byte[] expected = sa.channel
                .keys()
                .pskAuth(
                        false,
                        tunnel.psk().octets(),
                        shake.answer().toArray(),
                        shake.ni().toArray(),
                        idR.rest().toArray());
        return MessageDigest.isEqual(expected, auth.data().toArray());
    }

    private static void refused(IkeSa sa, Message response) {
        String status = ChildOffer.errorName(response);
        boolean authentication = status.equals(NotifyType.AUTHENTICATION_FAILED.wireName());
        sa.fail(
                authentication ? IpsecEvents.AUTHENTICATION_FAILED : IpsecEvents.IKE_SA_FAILED,
                status,
                sa.localId,
                "peer: " + status);
        sa.close(status);
    }

    /** The peer believes us and we do not believe it: said in an exchange of its own (RFC 7296 section 2.21.2). */
    private static void unauthentic(IkeSa sa, String what, String ours, String theirs) {
        sa.fail(IpsecEvents.AUTHENTICATION_FAILED, "the peer's " + what, what + ": " + ours, what + ": " + theirs);
        sa.closeAfter(CloseIke.unauthentic());
    }

    @Override
    public String toString() {
        return "IKE_AUTH";
    }
}
