package io.portcullis.core.connection;

import static io.portcullis.core.connection.ConnectionStore.DESTINATION_HIGH;
import static io.portcullis.core.connection.ConnectionStore.DESTINATION_LOW;
import static io.portcullis.core.connection.ConnectionStore.LAST_SEEN;
import static io.portcullis.core.connection.ConnectionStore.OCTETS;
import static io.portcullis.core.connection.ConnectionStore.PACKETS;
import static io.portcullis.core.connection.ConnectionStore.REST;
import static io.portcullis.core.connection.ConnectionStore.SOURCE_HIGH;
import static io.portcullis.core.connection.ConnectionStore.SOURCE_LOW;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Passage;
import io.portcullis.core.shaping.PipeChain;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: how its packets look when they come in, where they leave, and what is rewritten
 * between. A view of the connection's record, good as long as its {@link Connection} stays where it is.
 */
public final class Flow {
    private final ConnectionStore store;
    private final Connection connection;
    private final boolean original;
    private final int line;
    private final int egress;
    private final int gateway;
    final TcpEnd tcp;

    Flow(ConnectionStore store, Connection connection, boolean original) {
        this.store = store;
        this.connection = connection;
        this.original = original;
        line = original ? ConnectionStore.ORIGINAL : ConnectionStore.REPLY;
        egress = original ? ConnectionStore.ORIGINAL_EGRESS : ConnectionStore.REPLY_EGRESS;
        gateway = original ? ConnectionStore.ORIGINAL_GATEWAY : ConnectionStore.REPLY_GATEWAY;
        tcp = new TcpEnd(store, connection, original);
    }

    public Connection connection() {
        return connection;
    }

    /** Whether this is the direction of the packet that opened the connection. */
    public boolean isOriginal() {
        return original;
    }

    /** The other direction. */
    public Flow reverse() {
        return original ? connection.reply() : connection.original();
    }

    /** Its number in the index. */
    int number() {
        return connection.number() * 2 + (original ? 0 : 1);
    }

    public NetworkInterface ingress() {
        return store.interfaces.get(ingressNumber());
    }

    public NetworkInterface egress() {
        return store.interfaces.get(egressNumber());
    }

    int ingressNumber() {
        return (int) rest() & 0xff_ffff;
    }

    int egressNumber() {
        return LazyMemory.getInt(connection.at() + egress) >>> 8;
    }

    /** Next hop, null when the destination itself is on the link. */
    public @Nullable IpAddress gateway() {
        int number = LazyMemory.getInt(connection.at() + gateway);
        return number == 0 ? null : store.gateways.get(number);
    }

    /** The pipes that packets of this direction go through; null for none. */
    public @Nullable PipeChain pipes() {
        ConnectionPipes pipes = connection.pipes();
        if (pipes == null) {
            return null;
        }
        return original ? pipes.forward() : pipes.back();
    }

    /** Says whose a packet of this direction is, with the addresses and ports that who opened the connection sees. */
    public void mark(Passage passage) {
        Flow seen = connection.original();
        if (original) {
            passage.ends(
                    seen.sourceHigh(),
                    seen.sourceLow(),
                    seen.sourcePort(),
                    seen.destinationHigh(),
                    seen.destinationLow(),
                    seen.destinationPort());
        } else {
            passage.ends(
                    seen.destinationHigh(),
                    seen.destinationLow(),
                    seen.destinationPort(),
                    seen.sourceHigh(),
                    seen.sourceLow(),
                    seen.sourcePort());
        }
    }

    /** Where packets of this direction leave from now on. */
    public void route(NetworkInterface newEgress, @Nullable IpAddress newGateway) {
        int egressBefore = egressNumber();
        int gatewayBefore = LazyMemory.getInt(connection.at() + gateway);
        egressNumber(store.interfaces.hold(newEgress, newEgress.index()));
        LazyMemory.putInt(
                connection.at() + gateway,
                newGateway == null ? 0 : store.gateways.hold(newGateway, newGateway.hashCode()));
        store.interfaces.release(egressBefore);
        store.gateways.release(gatewayBefore);
    }

    private void egressNumber(int number) {
        LazyMemory.putInt(
                connection.at() + egress, (number << 8) | (LazyMemory.getByte(connection.at() + egress) & 0xff));
    }

    public long sourceHigh() {
        return LazyMemory.getLong(connection.at() + line + SOURCE_HIGH);
    }

    public long sourceLow() {
        return LazyMemory.getLong(connection.at() + line + SOURCE_LOW);
    }

    public long destinationHigh() {
        return LazyMemory.getLong(connection.at() + line + DESTINATION_HIGH);
    }

    public long destinationLow() {
        return LazyMemory.getLong(connection.at() + line + DESTINATION_LOW);
    }

    public IpAddress source() {
        return new IpAddress(sourceHigh(), sourceLow());
    }

    public IpAddress destination() {
        return new IpAddress(destinationHigh(), destinationLow());
    }

    /** As in {@link Packet#sourcePort}. */
    public int sourcePort() {
        return (int) (rest() >>> 48);
    }

    /** As in {@link Packet#destinationPort}. */
    public int destinationPort() {
        return (int) (rest() >>> 32) & 0xffff;
    }

    /** IP protocol number. */
    int protocol() {
        return (int) rest() >>> 24;
    }

    /** What of the key is neither address, as in {@link FlowIndex#rest}. */
    long rest() {
        return LazyMemory.getLong(connection.at() + line + REST);
    }

    /** Whether packets of this direction are rewritten. */
    public boolean isTranslated() {
        return connection.isTranslated();
    }

    // Packets leave as the packets of the other direction, mirrored, come in: nothing else needs to be kept.

    public IpAddress newSource() {
        return new IpAddress(newSourceHigh(), newSourceLow());
    }

    public IpAddress newDestination() {
        return new IpAddress(newDestinationHigh(), newDestinationLow());
    }

    public long newSourceHigh() {
        return reverse().destinationHigh();
    }

    public long newSourceLow() {
        return reverse().destinationLow();
    }

    public long newDestinationHigh() {
        return reverse().sourceHigh();
    }

    public long newDestinationLow() {
        return reverse().sourceLow();
    }

    /** As in {@link Packet#sourcePort}, after translation. */
    public int newSourcePort() {
        // Both directions of ICMP queries have their identifier in this place.
        return IcmpQuery.isIcmp(protocol()) ? reverse().sourcePort() : reverse().destinationPort();
    }

    /** As in {@link Packet#destinationPort}, after translation. */
    public int newDestinationPort() {
        return IcmpQuery.isIcmp(protocol()) ? destinationPort() : reverse().sourcePort();
    }

    public long packets() {
        return LazyMemory.getLong(connection.at() + line + PACKETS);
    }

    public long octets() {
        return LazyMemory.getLong(connection.at() + line + OCTETS);
    }

    /** When its last packet passed, monotonic nanoseconds; meaningless before the first. */
    long lastSeen() {
        return LazyMemory.getLong(connection.at() + line + LAST_SEEN);
    }

    void lastSeen(long now) {
        LazyMemory.putLong(connection.at() + line + LAST_SEEN, now);
    }

    /** Fills in the key of a new connection; {@code rest} as in {@link FlowIndex#rest}. */
    void key(NetworkInterface in, int protocol, long srcHigh, long srcLow, long dstHigh, long dstLow, int ports) {
        int ingress = store.interfaces.hold(in, in.index());
        LazyMemory.putLong(connection.at() + line + SOURCE_HIGH, srcHigh);
        LazyMemory.putLong(connection.at() + line + SOURCE_LOW, srcLow);
        LazyMemory.putLong(connection.at() + line + DESTINATION_HIGH, dstHigh);
        LazyMemory.putLong(connection.at() + line + DESTINATION_LOW, dstLow);
        LazyMemory.putLong(
                connection.at() + line + REST, FlowIndex.rest(ingress, protocol, ports >>> 16, ports & 0xffff));
        LazyMemory.putLong(connection.at() + line + LAST_SEEN, 0);
        LazyMemory.putLong(connection.at() + line + PACKETS, 0);
        LazyMemory.putLong(connection.at() + line + OCTETS, 0);
        tcp.clear();
    }

    void count(Packet packet) {
        LazyMemory.putLong(connection.at() + line + PACKETS, packets() + 1);
        LazyMemory.putLong(connection.at() + line + OCTETS, octets() + packet.payloadEnd() - packet.networkAt());
    }

    void release() {
        store.interfaces.release(ingressNumber());
        store.interfaces.release(egressNumber());
        store.gateways.release(LazyMemory.getInt(connection.at() + gateway));
    }
}
