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

/** INFORMATIONAL that changes nothing here: asks whether the peer lives, or tells it something. */
final class Notice implements OwnExchange {
    private final String name;
    private final List<Payload> payloads;

    private Notice(String name, List<Payload> payloads) {
        this.name = name;
        this.payloads = payloads;
    }

    /** An empty request: whoever answers lives (RFC 7296 section 2.4). */
    static Notice liveness() {
        return new Notice("liveness check", List.of());
    }

    /** ESP came for an SPI that nobody has here (RFC 7296 section 2.21.4). */
    static Notice invalidSpi(int spi) {
        return new Notice("INVALID_SPI", List.of(new NotifyPayload(NotifyType.INVALID_SPI.id(), Octets.ofInt(spi))));
    }

    /** A request's message ID was outside the window (RFC 7296 section 2.3). */
    static Notice invalidMessageId(int id) {
        return new Notice(
                "INVALID_MESSAGE_ID", List.of(new NotifyPayload(NotifyType.INVALID_MESSAGE_ID.id(), Octets.ofInt(id))));
    }

    /** The peer has made a child SA that we cannot use. */
    static Notice deleteUnused(int inboundSpi) {
        return new Notice(
                "delete unused IPsec SA",
                List.of(new DeletePayload(ProtocolId.ESP.id(), List.of(Octets.ofInt(inboundSpi)))));
    }

    @Override
    public void begin(IkeSa sa) {
        sa.channel.request(ExchangeType.INFORMATIONAL, payloads);
    }

    @Override
    public void conclude(IkeSa sa, Message response) {
        sa.finished();
    }

    @Override
    public String toString() {
        return name;
    }
}
