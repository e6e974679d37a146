package io.portcullis.ipsec.tunnel;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.Trail;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.esp.TunnelTraffic;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel as routes and policies know it. What is sent comes out encrypted and enters the worker again as a packet of
 * the firewall's own; what the peer sends comes in by this interface. Without an SA nothing leaves.
 */
public final class IpsecTunnelInterface implements NetworkInterface, AutoCloseable {
    private final String name;
    private final int index;
    private final InterfaceCounters counters = new InterfaceCounters();
    private final SaDatabase database;
    private final TunnelTraffic traffic;

    /** @param index as {@link NetworkInterface#index} says */
    public IpsecTunnelInterface(String name, int index, TunnelSettings settings, SaDatabase database) {
        this.name = name;
        this.index = index;
        this.database = database;
        traffic = database.addTunnel(this, settings);
    }

    /** Changes the settings in place; SAs and connections are not touched. */
    public void settings(TunnelSettings settings) {
        traffic.settings(settings);
        database.refreshPaths();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int index() {
        return index;
    }

    /** The longest packet that fits into the outer path with the algorithm in use. */
    @Override
    public int mtu() {
        return traffic.mtu();
    }

    @Override
    public InterfaceCounters counters() {
        return counters;
    }

    @Override
    public @Nullable IpAddress ownAddress(int ipVersion) {
        return traffic.ownAddress(ipVersion);
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        if (worker.index() == traffic.worker()) {
            return traffic.send(packet, worker, now);
        }
        worker.sendBy(traffic.worker(), packet, this, null);
        return DropReason.NONE;
    }

    @Override
    public int sender(int worker) {
        return traffic.worker();
    }

    @Override
    public DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        return traffic.trace(packet, trail);
    }

    @Override
    public DropReason traceArrival(Packet packet, Trail trail) {
        return traffic.traceArrival(packet, trail);
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        traffic.flush(worker, now);
    }

    /** The tunnel is gone from the configuration: what waits for it is dropped. */
    @Override
    public void close() {
        database.removeTunnel(traffic);
    }
}
