package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.List;

/**
 * Delete (RFC 7296 section 3.11).
 *
 * @param protocol IANA "Security Protocol Identifiers"
 * @param spis the sender's inbound SPIs; none for the IKE SA itself
 */
public record DeletePayload(int protocol, List<Octets> spis) implements Payload {
    public DeletePayload {
        spis = List.copyOf(spis);
    }

    @Override
    public int payloadType() {
        return PayloadType.DELETE.id();
    }
}
