package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Where packets to a network go.
 *
 * @param network what it matches
 * @param iface egress
 * @param gateway next hop, null when the destination itself is on the link
 * @param metric lower wins among routes to the same network; 0 for own addresses
 * @param origin who made it
 * @param object id of the configuration object that it was typed as, {@link #NO_OBJECT} when it was not typed
 */
public record Route(
        IpNetwork network,
        NetworkInterface iface,
        @Nullable IpAddress gateway,
        int metric,
        Origin origin,
        long object) {
    /** The object of a route that was not typed. */
    public static final long NO_OBJECT = 0;

    /** Metric of routes that do not say one. */
    public static final int DEFAULT_METRIC = 100;

    /** A route that was not typed. */
    public Route(IpNetwork network, NetworkInterface iface, @Nullable IpAddress gateway, int metric, Origin origin) {
        this(network, iface, gateway, metric, origin, NO_OBJECT);
    }

    /** Who made a route. */
    public enum Origin {
        /** An address of the firewall itself, by way of {@code core}. */
        CORE,
        /** Network or default gateway of an Ethernet interface. */
        INTERFACE,
        /** Typed into the configuration. */
        STATIC,
        /** Remote network of a tunnel. */
        TUNNEL,
        /** Made and removed while running: a roaming client's address. */
        DYNAMIC
    }

    /** The route to an own address: metric 0, by way of the interface that is the firewall itself. */
    public static Route own(IpAddress address, NetworkInterface core) {
        return new Route(IpNetwork.host(address), core, null, 0, Origin.CORE);
    }

    @Override
    public String toString() {
        return network + " " + iface.name() + (gateway == null ? "" : " " + gateway) + " metric " + metric;
    }
}
