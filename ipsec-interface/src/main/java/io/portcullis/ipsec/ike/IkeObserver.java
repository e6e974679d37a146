package io.portcullis.ipsec.ike;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.sa.SaPair;
import java.util.List;

/** Who looks on: the snoop, the record of attempts, the key log. Called on the IKE thread. */
public interface IkeObserver {
    /** Looks at nothing. */
    IkeObserver NONE = new IkeObserver() {};

    /** Whether somebody reads along, so that reasons are worth the time that it takes to find them all. */
    default boolean wantsEveryReason() {
        return false;
    }

    /**
     * A message, decrypted.
     *
     * @param tunnel empty while it is not known
     */
    default void message(String tunnel, Endpoints path, Message message, boolean outbound) {}

    /** Reasons, as they come up; for the negotiation on this path. */
    default void decided(String tunnel, Endpoints path, List<Decision> decisions) {}

    /** A negotiation that we or the peer began is over: {@code problem} is empty when both SAs stand. */
    default void concluded(String tunnel, Endpoints path, String problem) {}

    /** Keys of an IKE SA; for a key log, which is off unless the administrator wants it. */
    default void ikeKeys(long initiatorSpi, long responderSpi, IkeKeys keys) {}

    /** Keys of a pair of IPsec SAs, likewise. */
    default void childKeys(SaPair pair) {}
}
