package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.event.Event;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.sa.SaPair;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What an IKE SA wants done. The engine performs actions in order. */
public sealed interface Action {
    /** Sends a message; the non-ESP marker of port 4500 is added by whoever sends. */
    record Send(Endpoints path, Octets message) implements Action {}

    /** Sends a NAT keepalive, the single octet 0xff (RFC 3948 section 2.3). */
    record SendKeepalive(Endpoints path) implements Action {}

    /** Does something slow away from the IKE thread; its result comes back with {@link IkeSa#resume}. */
    record Compute<T>(Supplier<T> slow, Consumer<T> then) implements Action {
        /** Does the slow part now; what is returned belongs on the IKE thread. */
        public Runnable perform() {
            T result = slow.get();
            return () -> then.accept(result);
        }
    }

    /** See {@link io.portcullis.ipsec.sa.SaInstaller#install}. */
    record Install(SaPair pair) implements Action {}

    /** See {@link io.portcullis.ipsec.sa.SaInstaller#activateOutbound}. */
    record ActivateOutbound(int inboundSpi) implements Action {}

    /** See {@link io.portcullis.ipsec.sa.SaInstaller#remove}. */
    record Remove(int inboundSpi) implements Action {}

    /** See {@link io.portcullis.ipsec.sa.SaInstaller#releaseSpi}. */
    record ReleaseSpi(int inboundSpi) implements Action {}

    /** See {@link io.portcullis.ipsec.sa.SaInstaller#movePath}. */
    record MovePath(int inboundSpi, SaPair.Path path) implements Action {}

    record Emit(Event event) implements Action {}

    /** The reasons of an accept or reject, for the record of the attempt. */
    record Decided(List<Decision> decisions) implements Action {}

    /** A message as it was sent or received, decrypted: for the snoop. */
    record Observed(Endpoints path, Message message, boolean outbound) implements Action {}

    /** New IKE keys, with key logging only. */
    record IkeKeysMade(long initiatorSpi, long responderSpi, IkeKeys keys) implements Action {}

    /** Both peers are authenticated. */
    record Established(boolean initialContact) implements Action {}

    /** A rekey made this SA's successor, which takes over timers and messages of its own from now on. */
    record Succeeded(IkeSa successor) implements Action {}

    /** These child SAs belong to the successor from now on. */
    record ChildrenMoved(IkeSa to, List<Integer> inboundSpis) implements Action {}

    /** A negotiation under this SA has come to its end and left its traces in the record of attempts. */
    record Concluded(String problem) implements Action {}

    /** A child SA could not be made for this tunnel; waiting packets have nothing to wait for. */
    record ChildFailed(String tunnel, String reason) implements Action {}

    /** The SA is gone. It still repeats its last answer until {@link IkeSa#nextDeadline} says to forget it. */
    record Closed(String reason) implements Action {}

    /**
     * A message changed nothing; counted.
     *
     * @param suspicious whether an honest peer on a good network would not have sent it
     */
    record Dropped(String reason, boolean suspicious) implements Action {}
}
