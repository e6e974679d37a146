package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: how its packets look when they come in, where they leave, and what is rewritten
 * between. Pooled with its connection; belongs to one worker.
 */
public final class Flow {
    private final Connection connection;
    private final boolean original;
    final TcpEnd tcp = new TcpEnd();

    private @Nullable NetworkInterface ingress;
    private @Nullable NetworkInterface egress;
    private @Nullable IpAddress gateway;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;

    private boolean translated;
    private long newSourceHigh;
    private long newSourceLow;
    private long newDestinationHigh;
    private long newDestinationLow;
    private int newSourcePort;
    private int newDestinationPort;

    int hash;
    long lastSeen;
    private long packets;
    private long octets;

    Flow(Connection connection, boolean original) {
        this.connection = connection;
        this.original = original;
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

    public NetworkInterface ingress() {
        return present(ingress);
    }

    public NetworkInterface egress() {
        return present(egress);
    }

    /** Next hop, null when the destination itself is on the link. */
    public @Nullable IpAddress gateway() {
        return gateway;
    }

    /** Where packets of this direction leave from now on. */
    public void route(NetworkInterface newEgress, @Nullable IpAddress newGateway) {
        egress = newEgress;
        gateway = newGateway;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    public IpAddress source() {
        return new IpAddress(sourceHigh, sourceLow);
    }

    public IpAddress destination() {
        return new IpAddress(destinationHigh, destinationLow);
    }

    /** As in {@link Packet#sourcePort}. */
    public int sourcePort() {
        return sourcePort;
    }

    /** As in {@link Packet#destinationPort}. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Whether packets of this direction are rewritten. */
    public boolean isTranslated() {
        return translated;
    }

    public IpAddress newSource() {
        return new IpAddress(newSourceHigh, newSourceLow);
    }

    public IpAddress newDestination() {
        return new IpAddress(newDestinationHigh, newDestinationLow);
    }

    long newSourceHigh() {
        return newSourceHigh;
    }

    long newSourceLow() {
        return newSourceLow;
    }

    long newDestinationHigh() {
        return newDestinationHigh;
    }

    long newDestinationLow() {
        return newDestinationLow;
    }

    /** As in {@link Packet#sourcePort}, after translation. */
    public int newSourcePort() {
        return newSourcePort;
    }

    /** As in {@link Packet#destinationPort}, after translation. */
    public int newDestinationPort() {
        return newDestinationPort;
    }

    public long packets() {
        return packets;
    }

    public long octets() {
        return octets;
    }

    void key(NetworkInterface in, long srcHigh, long srcLow, long dstHigh, long dstLow, int srcPort, int dstPort) {
        ingress = in;
        sourceHigh = srcHigh;
        sourceLow = srcLow;
        destinationHigh = dstHigh;
        destinationLow = dstLow;
        sourcePort = srcPort;
        destinationPort = dstPort;
        translated = false;
        newSourceHigh = srcHigh;
        newSourceLow = srcLow;
        newDestinationHigh = dstHigh;
        newDestinationLow = dstLow;
        newSourcePort = srcPort;
        newDestinationPort = dstPort;
        packets = 0;
        octets = 0;
        lastSeen = 0;
        tcp.clear();
    }

    void newSource(long high, long low, int port) {
        newSourceHigh = high;
        newSourceLow = low;
        newSourcePort = port;
        translated = true;
    }

    void newDestination(long high, long low, int port) {
        newDestinationHigh = high;
        newDestinationLow = low;
        newDestinationPort = port;
        translated = true;
    }

    /** The identifier that ICMP queries and answers of this direction leave with. */
    void newIdentifier(int identifier) {
        newSourcePort = identifier;
        translated = true;
    }

    void count(Packet packet) {
        packets++;
        octets += packet.payloadEnd() - packet.networkAt();
    }

    void release() {
        ingress = null;
        egress = null;
        gateway = null;
    }

    private static NetworkInterface present(@Nullable NetworkInterface iface) {
        if (iface == null) {
            throw new IllegalStateException("the connection is not open");
        }
        return iface;
    }
}
