package io.portcullis.ipsec.sa;

/**
 * Counters of a pair at one instant, for liveness decisions and listings. Read without stopping the data plane, so
 * the fields may be a few packets apart.
 *
 * @param inboundNanos time of the last authenticated inbound packet on the clock that drives the data plane, 0 for
 *     never
 * @param outboundNanos time of the last outbound packet, 0 for never
 */
public record SaUsage(
        long inboundPackets,
        long inboundBytes,
        long outboundPackets,
        long outboundBytes,
        long inboundNanos,
        long outboundNanos,
        long replayed,
        long authenticationFailed,
        long outboundSequence) {}
