package io.portcullis.ipsec.sa;

import io.portcullis.core.net.IpAddress;

/** What the data plane tells IKE, through a bounded queue. */
public sealed interface SaEvent {
    /** A packet was routed into a tunnel that has no SA for it; the few first packets wait (RFC 4301 section 4.4.1). */
    record Acquire(
            String tunnel, IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort)
            implements SaEvent {}

    /** The soft byte limit, or nine tenths of the sequence numbers, are used up: time to rekey. */
    record SoftLimit(int inboundSpi) implements SaEvent {}

    /** The hard limit: the SA carries nothing more and wants deleting. */
    record HardLimit(int inboundSpi) implements SaEvent {}

    /** ESP came for an SPI that nobody has. Rate limited by the sender of this event. */
    record UnknownSpi(int spi, IpAddress from) implements SaEvent {}

    /** The first authenticated packet on a new inbound SA: the peer sends on it, so it surely receives. */
    record FirstPacket(int inboundSpi) implements SaEvent {}

    /** An authenticated packet came from another address or port than the path says (RFC 7296 section 2.23). */
    record PeerMoved(int inboundSpi, IpAddress address, int port) implements SaEvent {}
}
