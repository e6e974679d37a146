package io.portcullis.core.dhcp;

import io.portcullis.core.event.EventType;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a server's offer may become the firewall's: whoever is on the link may say that he is a server. */
final class LeaseCheck {
    /** Longer leases, endless ones too, count as this long: a year. */
    static final long LONGEST_SECONDS = 31_536_000;
    /** A wider network than this would take other people's addresses. */
    private static final int SHORTEST_PREFIX = 8;

    private static final int POINT_TO_POINT = 31;
    private static final int MOST_ROUTES = 32;
    private static final int MOST_SERVERS = 8;
    private static final int CLASS_E = 0xf;

    /** What comes of a check. */
    sealed interface Verdict {}

    /** It may be used. */
    record Granted(Lease lease) implements Verdict {}

    /**
     * It must not be used.
     *
     * @param event what is wrong
     * @param found what it says there
     */
    record Refused(EventType event, String found) implements Verdict {}

    private final DhcpDefinition definition;

    LeaseCheck(DhcpDefinition definition) {
        this.definition = definition;
    }

    /** @param station link address that the reply came from, 48 bits */
    Verdict check(DhcpReply reply, long station) {
        IpAddress server = reply.server().orElse(IpAddress.ANY_V4);
        if (!isHost(server) || !definition.servers().contains(server)) {
            return new Refused(DhcpEvents.INVALID_SERVER_ID, server.toString());
        }
        IpAddress address = reply.yours();
        if (!isHost(address) || !definition.allowed().contains(address)) {
            return new Refused(DhcpEvents.INVALID_OFFERED_IP, address.toString());
        }
        Optional<IpNetwork> around = reply.mask().flatMap(mask -> network(address, mask));
        if (around.isEmpty()) {
            return new Refused(
                    DhcpEvents.INVALID_NETMASK,
                    reply.mask().map(IpAddress::toString).orElse("none"));
        }
        IpNetwork network = around.get();
        if (isEdge(network, address)) {
            return new Refused(DhcpEvents.INVALID_OFFERED_IP, address + " of " + network);
        }
        if (AddressSet.of(network).overlaps(definition.others())) {
            return new Refused(DhcpEvents.IP_COLLISION, network.toString());
        }
        IpAddress highest = network.range().last();
        IpAddress broadcast = reply.broadcast().orElse(highest);
        if (!mayBeBroadcast(broadcast, highest)) {
            return new Refused(DhcpEvents.INVALID_BROADCAST, broadcast.toString());
        }
        Optional<IpAddress> router = router(reply);
        if (router.isPresent() && !isNeighbour(router.get(), address, network)) {
            return new Refused(DhcpEvents.INVALID_GATEWAY, router.get().toString());
        }
        long seconds = Math.min(reply.leaseSeconds().orElse(0L), LONGEST_SECONDS);
        if (seconds < definition.settings().minimumLeaseTime()) {
            return new Refused(DhcpEvents.INVALID_LEASE_TIME, Long.toString(seconds));
        }
        // A half and seven eighths, unless the server says better (RFC 2131 section 4.4.5).
        long rebinding =
                reply.rebindingSeconds().filter(t2 -> t2 > 1 && t2 < seconds).orElse(seconds * 7 / 8);
        long renewal = reply.renewalSeconds()
                .filter(t1 -> t1 > 0 && t1 < rebinding)
                .orElse(Math.min(seconds / 2, rebinding - 1));
        return new Granted(new Lease(
                address,
                network,
                broadcast,
                router,
                hosts(reply.nameServers()),
                reply.domain(),
                hosts(reply.timeServers()),
                definition.takesRoutes() ? routes(reply, address, network) : List.of(),
                server,
                station,
                seconds,
                renewal,
                rebinding));
    }

    /** Where there are classless routes, the one to everywhere counts and the router option does not (RFC 3442). */
    private static Optional<IpAddress> router(DhcpReply reply) {
        return reply.routes().isEmpty()
                ? reply.routers().stream().findFirst()
                : reply.routes().stream()
                        .filter(route -> route.network().prefixLength() == 0)
                        .map(LearnedRoute::router)
                        .findFirst();
    }

    /** Those that lead by neighbours, or are on the link, to what is nobody's here. */
    private List<LearnedRoute> routes(DhcpReply reply, IpAddress address, IpNetwork network) {
        List<LearnedRoute> routes = new ArrayList<>();
        for (LearnedRoute route : reply.routes()) {
            boolean good = route.network().prefixLength() >= SHORTEST_PREFIX
                    && isHost(route.network().address())
                    && !AddressSet.of(route.network()).overlaps(definition.others())
                    && !route.network().contains(address)
                    && (route.router().isUnspecified() || isNeighbour(route.router(), address, network));
            if (good && routes.size() < MOST_ROUTES) {
                routes.add(route);
            }
        }
        return routes;
    }

    private boolean mayBeBroadcast(IpAddress broadcast, IpAddress highest) {
        if (broadcast.v4Bits() == -1) {
            return definition.settings().allowGlobalBroadcast();
        }
        return broadcast.equals(highest) || !definition.settings().validateBroadcast();
    }

    private static List<IpAddress> hosts(List<IpAddress> candidates) {
        return candidates.stream()
                .filter(LeaseCheck::isHost)
                .distinct()
                .limit(MOST_SERVERS)
                .toList();
    }

    private static Optional<IpNetwork> network(IpAddress address, IpAddress mask) {
        int bits = mask.v4Bits();
        int prefix = Integer.bitCount(bits);
        boolean contiguous = Integer.numberOfTrailingZeros(bits) == 32 - prefix;
        return contiguous && prefix >= SHORTEST_PREFIX
                ? Optional.of(IpNetwork.around(address, prefix))
                : Optional.empty();
    }

    private static boolean isNeighbour(IpAddress router, IpAddress own, IpNetwork network) {
        return isHost(router) && network.contains(router) && !router.equals(own) && !isEdge(network, router);
    }

    /** Whether it is the first or last address of a network that has hosts between them. */
    private static boolean isEdge(IpNetwork network, IpAddress address) {
        return network.prefixLength() < POINT_TO_POINT
                && (address.equals(network.range().first())
                        || address.equals(network.range().last()));
    }

    /** Whether it can be the address of a host at all. */
    private static boolean isHost(IpAddress address) {
        int bits = address.v4Bits();
        return bits >>> 24 != 0 && !address.isLoopback() && !address.isMulticast() && bits >>> 28 != CLASS_E;
    }
}
