package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.v2.ChildSa.Phase;
import io.portcullis.ipsec.ike.wire.DeletePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.List;

/** Deletes a pair of IPsec SAs at the peer (RFC 7296 section 1.4.1). */
final class DeleteChild implements OwnExchange {
    private final ChildSa child;
    private final String reason;
    private boolean replaced;

    DeleteChild(ChildSa child, String reason) {
        this.child = child;
        this.reason = reason;
    }

    /** HDR, SK {D(our inbound SPI)} --> */
    @Override
    public void begin(IkeSa sa) {
        if (child.phase == Phase.DELETING || child.phase == Phase.LINGERING || child.phase == Phase.GONE) {
            sa.finished();
            return;
        }
        replaced = child.phase == Phase.REPLACED;
        child.phase = Phase.DELETING;
        sa.channel.request(
                ExchangeType.INFORMATIONAL,
                List.of(new DeletePayload(ProtocolId.ESP.id(), List.of(Octets.ofInt(child.inboundSpi())))));
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        sa.children.deleted(child, replaced, reason);
        sa.finished();
    }

    @Override
    public String toString() {
        return "delete IPsec SA";
    }
}
