package io.portcullis.core.shaping;

import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** What is known of a packet on its way through pipes. Each packet has its own; it means nothing anywhere else. */
public final class Passage {
    private @Nullable PipeChain chain;
    private int at;
    private int precedence;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;

    // Of the pipe that it waits in.
    /** Who waits longer has the lower number. */
    long order;
    /** Octets that it counts for, of all its segments that have not left yet. */
    long octets;
    /** Packets that it counts for. */
    int packets;
    /** The next segment of a super-packet that leaves piece by piece. */
    int segment;

    @Nullable
    Packet next;

    @Nullable
    Packet previous;

    /** Begins, before the first pipe. */
    public void begin(PipeChain pipes, int newPrecedence) {
        chain = pipes;
        at = 0;
        precedence = newPrecedence;
    }

    /** Whose packet it is, as the packet travels: addresses and ports as who opened the connection sees them. */
    public void ends(long srcHigh, long srcLow, int srcPort, long dstHigh, long dstLow, int dstPort) {
        sourceHigh = srcHigh;
        sourceLow = srcLow;
        sourcePort = srcPort;
        destinationHigh = dstHigh;
        destinationLow = dstLow;
        destinationPort = dstPort;
    }

    /** Goes on as another packet does: one of its segments. */
    void copyFrom(Passage other) {
        chain = other.chain;
        at = other.at;
        precedence = other.precedence;
        ends(
                other.sourceHigh,
                other.sourceLow,
                other.sourcePort,
                other.destinationHigh,
                other.destinationLow,
                other.destinationPort);
    }

    /** The pipe that it is in, or about to enter. */
    Pipe pipe() {
        if (chain == null) {
            throw new IllegalStateException("it goes through no pipe");
        }
        return chain.pipe(at);
    }

    /** To the next pipe; false when there is none. */
    boolean advance() {
        return chain != null && ++at < chain.size();
    }

    int precedence() {
        return precedence;
    }

    void precedence(int newPrecedence) {
        precedence = newPrecedence;
    }

    long userHigh(Grouping grouping) {
        return grouping.isBySource() ? sourceHigh : destinationHigh;
    }

    long userLow(Grouping grouping) {
        return grouping.isBySource() ? sourceLow : destinationLow;
    }

    int userPort(Grouping grouping) {
        if (!grouping.isByPort()) {
            return 0;
        }
        return grouping.isBySource() ? sourcePort : destinationPort;
    }
}
