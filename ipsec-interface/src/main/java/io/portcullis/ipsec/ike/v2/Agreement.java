package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.crypto.KeyExchange;
import io.portcullis.ipsec.ike.crypto.KeyExchange.InvalidPublicValue;
import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.ike.iana.DhGroup;

/** How a key exchange computation came out. */
sealed interface Agreement {
    /** The secret and our own public value. */
    final class Secret implements Agreement {
        private final byte[] publicValue;
        private final byte[] shared;

        private Secret(byte[] publicValue, byte[] shared) {
            this.publicValue = publicValue;
            this.shared = shared;
        }

        byte[] publicValue() {
            return publicValue.clone();
        }

        byte[] shared() {
            return shared.clone();
        }

        @Override
        public String toString() {
            return "Secret[hidden]";
        }
    }

    /** The peer's value is not of the group. */
    record Invalid(String why) implements Agreement {}

    /** As responder: makes our value and the secret at once. Slow. */
    static Agreement answer(DhGroup group, byte[] peer, KeyExchangeSource keys) {
        return conclude(keys.take(group), peer);
    }

    /** As initiator: makes the secret. Slow. */
    static Agreement conclude(KeyExchange own, byte[] peer) {
        try {
            return new Secret(own.publicValue(), own.agree(peer));
        } catch (InvalidPublicValue invalid) {
            return new Invalid(String.valueOf(invalid.getMessage()));
        }
    }
}
