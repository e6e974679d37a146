package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.wire.Message;
import java.time.Instant;

/** One thing that a snoop shows. */
public sealed interface SnoopEntry {
    /** Wall time. */
    Instant at();

    /** The peer it is about. */
    SnoopEndpoint remote();

    /**
     * A message that was sent or received.
     *
     * @param octets its length on the wire; 0 where that is not known
     * @param message {@link Message#opened() opened}, where it was encrypted and could be read
     */
    record Seen(Instant at, SnoopEndpoint local, SnoopEndpoint remote, boolean outbound, int octets, Message message)
            implements SnoopEntry {}

    /** A decision on the way: shown with {@code -match} only. */
    record Decided(Instant at, SnoopEndpoint remote, Decision decision) implements SnoopEntry {}
}
