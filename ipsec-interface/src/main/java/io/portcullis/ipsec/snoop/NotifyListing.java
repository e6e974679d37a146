package io.portcullis.ipsec.snoop;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.HashAlgorithm;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A notification. Of data that is not known to be harmless only the size is shown: a ticket is a credential. */
final class NotifyListing {
    private NotifyListing() {}

    static void list(NotifyPayload payload, Listing out) {
        if (payload.protocol() != 0) {
            out.field("Protocol ID", ProtocolId.nameOf(payload.protocol()));
        }
        if (!payload.spi().isEmpty()) {
            out.field("SPI Value", "0x" + payload.spi());
        }
        out.field("Notification type", NotifyType.nameOf(payload.type()));
        Octets data = payload.data();
        if (data.isEmpty()) {
            return;
        }
        Optional<NotifyType> type = NotifyType.of(payload.type());
        if (type.isEmpty()) {
            out.field("Notification data", data.size() + " bytes");
            return;
        }
        switch (type.get()) {
            case NAT_DETECTION_SOURCE_IP, NAT_DETECTION_DESTINATION_IP -> out.field("Hash (" + data.size() + ")", data);
            case COOKIE -> out.field("Cookie", data);
            case INVALID_KE_PAYLOAD ->
                out.field("Accepted group", number(data).map(DhGroup::nameOf).orElse("" + data));
            case UNSUPPORTED_CRITICAL_PAYLOAD -> out.field("Payload type", PayloadType.nameOf(data.at(0)));
            case SIGNATURE_HASH_ALGORITHMS -> out.field("Hash algorithms", hashes(data));
            case INVALID_MESSAGE_ID, SET_WINDOW_SIZE, AUTH_LIFETIME, INVALID_SPI -> out.field("Value", "0x" + data);
            case ADDITIONAL_IP4_ADDRESS, ADDITIONAL_IP6_ADDRESS -> out.field("Address", address(data));
            default -> out.field("Notification data", data.size() + " bytes");
        }
    }

    private static Optional<Integer> number(Octets data) {
        return data.size() == 2 ? Optional.of(data.at(0) << 8 | data.at(1)) : Optional.empty();
    }

    private static String hashes(Octets data) {
        List<String> names = new ArrayList<>();
        for (int at = 0; at + 2 <= data.size(); at += 2) {
            names.add(HashAlgorithm.nameOf(data.at(at) << 8 | data.at(at + 1)));
        }
        return String.join(", ", names);
    }

    private static String address(Octets data) {
        boolean whole = data.size() == 4 || data.size() == 16;
        return whole ? IpAddress.of(data.toArray()).toString() : "" + data;
    }
}
