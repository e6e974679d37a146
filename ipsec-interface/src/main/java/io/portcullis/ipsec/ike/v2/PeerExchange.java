package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.SaPayload;

/** Hands a request of the peer to the exchange it belongs to. */
final class PeerExchange {
    private PeerExchange() {}

    /** The request is authentic, the next one, and has the form of its exchange. */
    static void answer(IkeSa sa, Message request) {
        int exchange = request.header().exchangeType();
        if (sa.state() instanceof State.Opening) {
            if (exchange == ExchangeType.IKE_AUTH.id() && !sa.initiator) {
                IkeAuthAnswer.answer(sa, request);
                return;
            }
        } else if (exchange == ExchangeType.INFORMATIONAL.id()) {
            InformationalAnswer.answer(sa, request);
            return;
        } else if (exchange == ExchangeType.CREATE_CHILD_SA.id()) {
            if (asksForIkeSa(request)) {
                RekeyIkeAnswer.answer(sa, request);
            } else {
                CreateChildAnswer.answer(sa, request);
            }
            return;
        }
        sa.channel.respond(request, NotifyType.INVALID_SYNTAX);
        sa.close("exchange " + ExchangeType.nameOf(exchange) + " out of turn");
    }

    private static boolean asksForIkeSa(Message request) {
        return request.one(SaPayload.class).proposals().stream()
                .anyMatch(proposal -> proposal.protocol() == ProtocolId.IKE.id());
    }
}
