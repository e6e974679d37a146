package io.portcullis.core.neighbour;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.connection.NatPool;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.routing.StaticRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says about one link.
 *
 * @param fixed neighbours whose station nobody else can change
 * @param published addresses that are answered for here, though they are none of the interface's; the first counts
 * @param routed addresses whose hosts are on the link though on no network of the interface: routes without a gateway
 *     lead there
 */
public record LinkEntries(Map<IpAddress, MacAddress> fixed, List<Publication> published, AddressSet routed) {
    /** Nothing. */
    public static final LinkEntries NONE = new LinkEntries(Map.of(), List.of(), AddressSet.EMPTY);

    /**
     * Addresses that are published alike.
     *
     * @param station whom the answers name; empty for the interface's own
     * @param inFrames whether the answers' Ethernet header names it too
     */
    public record Publication(AddressSet addresses, Optional<MacAddress> station, boolean inFrames) {}

    public LinkEntries {
        fixed = Map.copyOf(fixed);
        published = List.copyOf(published);
    }

    /** The entries of each interface with neighbours, by its name; the configuration's constraints were checked. */
    public static Map<String, LinkEntries> compile(Configuration configuration) {
        Map<String, LinkEntries> all = new HashMap<>();
        AddressedInterface.all(configuration).stream()
                .filter(AddressedInterface::hasNeighbours)
                .forEach(configured -> all.put(configured.name(), of(configured.name(), configuration)));
        return all;
    }

    private static LinkEntries of(String iface, Configuration configuration) {
        Map<IpAddress, MacAddress> fixed = new HashMap<>();
        List<Publication> published = new ArrayList<>();
        for (ArpNdEntry entry : configuration.all(ArpNdEntry.class)) {
            if (!entry.iface().name().equals(iface)) {
                continue;
            }
            AddressSet addresses = configuration.resolve(entry.ip());
            if (entry.mode() == ArpNdEntry.Mode.STATIC) {
                EthernetConfiguration.single(addresses)
                        .ifPresent(address -> entry.station().ifPresent(station -> fixed.put(address, station)));
            } else {
                boolean inFrames = entry.mode() == ArpNdEntry.Mode.X_PUBLISH;
                published.add(new Publication(addresses, entry.station(), inFrames));
            }
        }
        List<IpRange> proxied = new ArrayList<>();
        List<IpRange> routed = new ArrayList<>();
        for (StaticRoute route : configuration.all(StaticRoute.class)) {
            List<IpRange> ranges = configuration.resolve(route.network()).ranges();
            if (!route.iface().name().equals(iface)) {
                if (isProxied(route, iface, configuration)) {
                    proxied.addAll(ranges);
                }
            } else if (route.gateway().isEmpty()) {
                routed.addAll(ranges);
            }
        }
        for (NatPool pool : configuration.all(NatPool.class)) {
            if (InterfaceGroup.members(pool.proxyArpInterfaces(), configuration).contains(iface)) {
                proxied.addAll(configuration.resolve(pool.range()).ranges());
            }
        }
        if (!proxied.isEmpty()) {
            published.add(new Publication(AddressSet.of(proxied), Optional.empty(), false));
        }
        return new LinkEntries(fixed, published, AddressSet.of(routed));
    }

    private static boolean isProxied(StaticRoute route, String iface, Configuration configuration) {
        Set<String> named = InterfaceGroup.members(route.proxyArpInterfaces(), configuration);
        return route.proxyArpAllInterfaces() || named.contains(iface);
    }

    /** How an address is published here, or null. */
    @Nullable
    Publication publication(IpAddress address) {
        for (int i = 0; i < published.size(); i++) {
            if (published.get(i).addresses().contains(address)) {
                return published.get(i);
            }
        }
        return null;
    }
}
