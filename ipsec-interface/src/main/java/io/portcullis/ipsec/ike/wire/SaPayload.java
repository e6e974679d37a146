package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.List;

/**
 * Security Association: what is offered, or the one choice (RFC 7296 section 3.3).
 *
 * @param proposals in order of preference
 */
public record SaPayload(List<Proposal> proposals) implements Payload {
    public SaPayload {
        proposals = List.copyOf(proposals);
    }

    @Override
    public int payloadType() {
        return PayloadType.SA.id();
    }
}
