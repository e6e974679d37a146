package io.portcullis.core.dhcp;

import java.util.Arrays;
import java.util.Optional;

/** IANA "DHCP Message Type 53 Values" of RFC 2132 section 9.6. */
enum DhcpMessageType {
    DISCOVER(1),
    OFFER(2),
    REQUEST(3),
    DECLINE(4),
    ACK(5),
    NAK(6),
    RELEASE(7),
    INFORM(8);

    private final int code;

    DhcpMessageType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<DhcpMessageType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
}
