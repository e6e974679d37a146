package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.tunnel.TunnelDefinition;

/** What people, the configuration and the data plane want of an IKE SA. */
public sealed interface Command {
    /** Delete it at the peer, then here. */
    record Delete(String reason) implements Command {}

    /** Remove it here; the peer has told us by other means that it is gone. */
    record Forget(String reason) implements Command {}

    /** New keys for the IKE SA now. */
    record RekeySa() implements Command {}

    /** A child SA for this tunnel, unless there is one. */
    record NewChild(TunnelDefinition tunnel) implements Command {}

    /** New keys for the child SA now. */
    record RekeyChild(int inboundSpi) implements Command {}

    record RemoveChild(int inboundSpi, String reason) implements Command {}

    /** Something of the data plane about one of the child SAs, or an unknown SPI of the peer. */
    record DataPlane(SaEvent event) implements Command {}
}
