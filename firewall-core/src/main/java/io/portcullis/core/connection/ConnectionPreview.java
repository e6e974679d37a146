package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.routing.RoutingTables;
import org.jspecify.annotations.Nullable;

/**
 * What a table would do with a packet: the table's own decisions, and nothing of it changes. For the table's worker,
 * and only until packets get their turn again.
 */
public final class ConnectionPreview {
    private final ConnectionTable table;
    private final ConnectionStore store;
    private boolean isRelayed;

    public ConnectionPreview(ConnectionTable table) {
        this.table = table;
        this.store = table.store();
    }

    /** The flow that the packet belongs to by its ends, had it come in by this interface; null when there is none. */
    public @Nullable Flow find(Packet packet, NetworkInterface in) {
        return table.finder().find(packet, in);
    }

    /** Whether the packet would end the connection found, and open one anew. */
    public boolean startsAnew(Packet packet, Flow found) {
        return ConnectionTable.startsAnew(packet, found);
    }

    /** As {@link ConnectionTable#findTranslated}. */
    public @Nullable Flow findTranslated(Packet own, RoutingTables routes) {
        return table.findTranslated(own, routes);
    }

    /** The connection as listings show it. */
    public ConnectionView view(Flow flow, long now) {
        Connection connection = flow.connection();
        return ConnectionView.of(connection, table.secondsLeft(connection, now), now);
    }

    /**
     * NONE when the packet would open a connection that leaves by {@code egress}, or {@link #isRelayed be answered};
     * else why not.
     */
    public DropReason open(Packet packet, NetworkInterface egress, @Nullable Policy policy, long now) {
        DropReason why = table.checks().check(packet, policy);
        boolean isProven = table.relay().isProven(packet, policy, why, now);
        if (isProven) {
            why = table.checks().limit(packet, policy);
        }
        isRelayed = why == DropReason.NONE && !isProven && table.relay().mustProve(packet, policy);
        if (why != DropReason.NONE || isRelayed) {
            return why;
        }
        if (policy != null && FtpHelper.isWanted(packet, policy) && !table.mayFollow()) {
            return DropReason.FTP_FULL;
        }
        if (!table.hasRoom()) {
            return DropReason.CONNECTIONS_FULL;
        }
        boolean isTranslatable = table.plan(packet, egress, policy) && table.mayTake(packet, policy);
        return isTranslatable ? DropReason.NONE : DropReason.TRANSLATION_FULL;
    }

    /** Whether the last {@link #open} would answer the packet by a SYN cookie, and open nothing yet. */
    public boolean isRelayed() {
        return isRelayed;
    }

    /**
     * The ends of what the last {@link #open} found no reason against. A port that is looked for may be another then.
     */
    public NewEnds newEnds() {
        return table.planned();
    }

    /**
     * Whether the state of the packet's connection allows it: the record is as it was when this returns. What goes on
     * while an opener is answered in its server's place is not told, nor what becomes of the numbers of a connection
     * that is followed.
     */
    public DropReason accept(Flow flow, Packet packet) {
        boolean isFollowed = packet.protocol() == IpProtocol.TCP
                && flow.protocol() == IpProtocol.TCP
                && packet.fragmentOffset() == 0
                && !flow.connection().is(Connection.RELAYED)
                && !flow.connection().isFollowed();
        if (!isFollowed) {
            return DropReason.NONE;
        }
        int number = flow.connection().number();
        long[] record = new long[ConnectionStore.RECORD / Long.BYTES];
        int[] aside = new int[ConnectionStore.ASIDE / Integer.BYTES];
        for (int i = 0; i < record.length; i++) {
            record[i] = LazyMemory.getLong(store.at(number) + (long) i * Long.BYTES);
        }
        for (int i = 0; i < aside.length; i++) {
            aside[i] = store.aside(number, i * Integer.BYTES);
        }
        try {
            return TcpTracker.follow(flow, packet);
        } finally {
            for (int i = 0; i < record.length; i++) {
                LazyMemory.putLong(store.at(number) + (long) i * Long.BYTES, record[i]);
            }
            for (int i = 0; i < aside.length; i++) {
                store.aside(number, i * Integer.BYTES, aside[i]);
            }
        }
    }

    /** Rewrites the packet, which is the caller's own, as the flow says. */
    public void translate(Flow flow, Packet packet) {
        table.translate(flow, packet);
    }
}
