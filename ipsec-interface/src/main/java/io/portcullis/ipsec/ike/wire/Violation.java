package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * One way in which a message is not what its exchange allows.
 *
 * @param payloadType the payload that is too much, missing or in the wrong place; 0 for the message as a whole
 * @param found what was found, and what is allowed
 */
public record Violation(int payloadType, String found) {
    @Override
    public String toString() {
        return payloadType == PayloadType.NONE.id() ? found : PayloadType.nameOf(payloadType) + ": " + found;
    }
}
