package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.wire.Message;

/**
 * An exchange that this side starts. The SA runs one at a time; {@link IkeSa#finished} lets the next one begin. When
 * the peer stays silent the SA closes and the exchange is not told.
 */
interface OwnExchange {
    /**
     * Sends the request, now or when a computation has come back; or finishes at once when it is not wanted any more.
     */
    void begin(IkeSa sa);

    /** Takes the answer, which is authentic except in IKE_SA_INIT. */
    void conclude(IkeSa sa, Message response);
}
