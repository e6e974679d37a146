package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTables;
import org.jspecify.annotations.Nullable;

/**
 * Which flow a packet belongs to: by its own ends, and where it is an ICMP error by those of the packet that it quotes.
 * Whatever is found stays as it is. Belongs to one worker, as its index does.
 */
final class FlowFinder {
    private final ConnectionStore store;
    private final FlowIndex index;
    private final Quotation quotation = new Quotation();
    /** What is handed out. */
    private final Connection found;

    /** @param found is moved to what is found */
    FlowFinder(ConnectionStore store, FlowIndex index, Connection found) {
        this.store = store;
        this.index = index;
        this.found = found;
    }

    /**
     * The flow of a packet that came in by this interface, null when there is none; for an ICMP error the flow in whose
     * direction the error travels.
     */
    @Nullable
    Flow find(Packet packet, NetworkInterface in) {
        if (IcmpQuery.isError(packet)) {
            return quotation.read(packet) ? findQuoted(in) : null;
        }
        return find(
                in,
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.sourcePort(),
                packet.destinationPort());
    }

    /** As {@link ConnectionTable#findTranslated}. */
    @Nullable
    Flow findTranslated(Packet own, RoutingTables routes) {
        if (!IcmpQuery.isError(own) || !quotation.read(own)) {
            return null;
        }
        Route way = routes.lookup(quotation.destinationHigh, quotation.destinationLow);
        Flow flow = way == null ? null : findQuoted(way.iface());
        return flow != null && flow.isTranslated() ? flow : null;
    }

    /** The packet quoted, just read, went the other way: what would answer it has its addresses and ports swapped. */
    private @Nullable Flow findQuoted(NetworkInterface in) {
        int sourcePort = quotation.destinationPort;
        int destinationPort = quotation.sourcePort;
        if (IcmpQuery.isIcmp(quotation.protocol)) {
            int type = quotation.destinationPort >>> 8;
            int answer = IcmpQuery.answer(quotation.protocol, type);
            int opposite = answer >= 0 ? answer : IcmpQuery.question(quotation.protocol, type);
            sourcePort = quotation.sourcePort;
            destinationPort = opposite << 8;
        }
        return find(
                in,
                quotation.protocol,
                /* sourceHigh= */ quotation.destinationHigh,
                /* sourceLow= */ quotation.destinationLow,
                /* destinationHigh= */ quotation.sourceHigh,
                /* destinationLow= */ quotation.sourceLow,
                sourcePort,
                destinationPort);
    }

    private @Nullable Flow find(
            NetworkInterface in,
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        int ingress = store.interfaces.find(in, in.index());
        if (ingress == 0) {
            return null;
        }
        long rest = FlowIndex.rest(ingress, protocol, sourcePort, destinationPort);
        int flow = index.find(sourceHigh, sourceLow, destinationHigh, destinationLow, rest);
        if (flow < 0) {
            return null;
        }
        found.move(flow >>> 1);
        return (flow & 1) == 0 ? found.original() : found.reply();
    }
}
