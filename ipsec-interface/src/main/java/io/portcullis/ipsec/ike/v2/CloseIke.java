package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.wire.DeletePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import java.util.List;

/** The last exchange of an IKE SA (RFC 7296 section 1.4.1). */
final class CloseIke implements OwnExchange {
    private final Payload says;
    private final String reason;

    private CloseIke(Payload says, String reason) {
        this.says = says;
        this.reason = reason;
    }

    static CloseIke delete(String reason) {
        return new CloseIke(new DeletePayload(ProtocolId.IKE.id(), List.of()), reason);
    }

    /** The peer failed to authenticate itself and does not know yet (RFC 7296 section 2.21.2). */
    static CloseIke unauthentic() {
        return new CloseIke(
                new NotifyPayload(NotifyType.AUTHENTICATION_FAILED.id(), Octets.EMPTY), "authentication failed");
    }

    /** HDR, SK {D} --> */
    @Override
    public void begin(IkeSa sa) {
        sa.channel.request(ExchangeType.INFORMATIONAL, List.of(says));
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        sa.close(reason);
    }

    @Override
    public String toString() {
        return "delete IKE SA";
    }
}
