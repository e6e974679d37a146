package io.portcullis.core.connection;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one worker. For each packet: {@link #find}; when there is none and the policy allows, {@link
 * #open}; then {@link #accept}, and with NONE {@link #translate}. Nothing is allocated per packet of an open
 * connection.
 */
public final class ConnectionTable {
    private DropReason refusal = DropReason.NONE;

    /** @param random chooses translated ports and the secret of the hash */
    public ConnectionTable(ConnectionLimits limits, EventSink events, RandomGenerator random) {}

    /**
     * The flow that the packet belongs to by its ingress interface, addresses, ports and protocol; for an ICMP error
     * the flow in whose direction the error travels. Null when there is none, also for a TCP SYN that starts anew
     * what has ended.
     */
    public @Nullable Flow find(Packet packet, long now) {
        return null;
    }

    /**
     * Makes a connection from its first packet, translated as the policy says.
     *
     * @param egress where the packet goes, by way of {@code gateway}
     * @param returnEgress where replies go, by way of {@code returnGateway}
     * @param policy what allowed it; null for the firewall's own traffic that asks no policy, never translated
     * @return the flow of the packet, or null: {@link #refusal} says why
     */
    public @Nullable Flow open(
            Packet packet,
            NetworkInterface egress,
            @Nullable IpAddress gateway,
            NetworkInterface returnEgress,
            @Nullable IpAddress returnGateway,
            @Nullable Policy policy,
            long generation,
            long now) {
        refusal = DropReason.NO_NEW_CONNECTION;
        return null;
    }

    /** Why the last {@link #open} gave null. */
    public DropReason refusal() {
        return refusal;
    }

    /**
     * Follows the packet with the connection's state: counts, restarts the idle timer, checks TCP.
     *
     * @return NONE, or why the packet must die
     */
    public DropReason accept(Flow flow, Packet packet, long now) {
        return DropReason.NONE;
    }

    /**
     * Rewrites addresses, ports and checksums as the flow says, those that an ICMP error quotes too; the packet's
     * parsed fields follow. Does nothing for a flow without translation.
     */
    public void translate(Flow flow, Packet packet) {}

    /** Closes now. The connection must not be used after. */
    public void close(Connection connection, CloseReason reason, long now) {}

    /** Closes what uses this interface, in slices at the next calls of {@link #expire}. */
    public void forget(NetworkInterface gone) {}

    /**
     * Closes idle connections, at most {@code budget} looked at; call it every few milliseconds.
     *
     * @return how many were closed
     */
    public int expire(long now, int budget) {
        return 0;
    }

    /** Open connections. Read by other threads a moment late. */
    public int size() {
        return 0;
    }
}
