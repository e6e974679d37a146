package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.List;

/**
 * Traffic Selector (RFC 7296 section 3.13).
 *
 * @param initiator TSi, else TSr
 * @param selectors those of IPv4 and IPv6 addresses
 * @param others selectors of other types, whole; a responder passes over them
 */
public record TsPayload(boolean initiator, List<TrafficSelector> selectors, List<Octets> others) implements Payload {
    public TsPayload {
        selectors = List.copyOf(selectors);
        others = List.copyOf(others);
    }

    public TsPayload(boolean initiator, List<TrafficSelector> selectors) {
        this(initiator, selectors, List.of());
    }

    @Override
    public int payloadType() {
        return initiator ? PayloadType.TS_I.id() : PayloadType.TS_R.id();
    }
}
