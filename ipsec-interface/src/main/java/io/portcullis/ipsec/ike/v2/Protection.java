package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.crypto.SealedMessage;
import io.portcullis.ipsec.ike.wire.EncryptedPayload;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The Encrypted payload of both directions of one IKE SA. */
final class Protection {
    private final SealedMessage outbound;
    private final SealedMessage inbound;

    Protection(IkeKeys keys, boolean initiator, SecureRandom random) {
        SealedMessage byInitiator = new SealedMessage(keys.protection(), keys.initiator(), random);
        SealedMessage byResponder = new SealedMessage(keys.protection(), keys.responder(), random);
        outbound = initiator ? byInitiator : byResponder;
        inbound = initiator ? byResponder : byInitiator;
    }

    byte[] seal(Header header, List<Payload> payloads) {
        byte[] plaintext = PayloadChain.write(payloads);
        EncryptedPayload room =
                EncryptedPayload.blank(PayloadChain.firstType(payloads), outbound.bodyOctets(plaintext.length));
        byte[] blank = MessageCodec.write(new Message(header, List.of(room)));
        return outbound.seal(Arrays.copyOf(blank, MessageCodec.associatedOctets(blank, room)), plaintext);
    }

    /** The octets of the inner payloads, or empty when the message is not the peer's. */
    Optional<byte[]> open(byte[] octets, EncryptedPayload sealed) {
        return inbound.open(octets, MessageCodec.associatedOctets(octets, sealed));
    }
}
