package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.security.SecureRandom;

/** Where private values come from. Each is handed out once. May be slow: asked away from the IKE thread. */
@FunctionalInterface
public interface KeyExchangeSource {
    KeyExchange take(DhGroup group);

    /** Makes each when it is asked for. */
    static KeyExchangeSource fresh(SecureRandom random) {
        return group -> KeyExchange.generate(group, random);
    }
}
