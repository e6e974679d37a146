package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * How often a payload may stand in a message.
 *
 * @param type which payload
 * @param min at least
 * @param max at most
 */
record PayloadCount(PayloadType type, int min, int max) {
    /** Where the RFC sets no bound: more than any known implementation sends. */
    private static final int PLENTY = 64;

    static PayloadCount one(PayloadType type) {
        return new PayloadCount(type, 1, 1);
    }

    static PayloadCount optional(PayloadType type) {
        return new PayloadCount(type, 0, 1);
    }

    /** At least one. */
    static PayloadCount some(PayloadType type) {
        return new PayloadCount(type, 1, PLENTY);
    }

    static PayloadCount any(PayloadType type) {
        return new PayloadCount(type, 0, PLENTY);
    }

    static PayloadCount no(PayloadType type) {
        return new PayloadCount(type, 0, 0);
    }

    /** How often the payload stands in a message. */
    static int in(Message message, PayloadType type) {
        return (int) message.payloads().stream()
                .filter(payload -> payload.payloadType() == type.id())
                .count();
    }

    boolean allows(int found) {
        return min <= found && found <= max;
    }

    /** {@code 1}, {@code 0..1}. */
    @Override
    public String toString() {
        return min == max ? "" + min : min + ".." + max;
    }
}
