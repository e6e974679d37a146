package io.portcullis.core.connection;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import java.util.List;

/** Addresses that connections leave with, as configured. */
@ObjectType(
        value = "NATPool",
        title = "NAT pool",
        help = "Addresses that policies with SourceTranslation=NATPool have connections leave with.")
public record NatPool(
        @Property(help = "Name of the pool.", required = true)
        String name,

        @Property(
                help = "Which address a connection gets. Stateful: the least used one, and as long as the source has"
                        + " connections or had some a short time ago, the same again. Stateless: the least used one."
                        + " Fixed: the one that a hash of the source says, always.",
                byDefault = "Stateful")
        Type type,

        @Property(help = "The addresses, all of one version of IP; " + AddressPool.MOST + " at most.", required = true)
        Addresses range,

        @Property(
                help =
                        "Sources that a stateful pool remembers. Should be more than there are; when all are in use, the one"
                                + " that has had no connection for longest is forgotten.",
                byDefault = "16384",
                min = 16,
                max = PoolStates.MOST)
        int maxStates,

        @Property(
                help = "Seconds that a stateful pool remembers a source without connections.",
                byDefault = "120",
                min = 0,
                max = 86_400)
        int stateKeepalive,

        @Property(
                help =
                        "Ethernet interfaces on which the firewall answers ARP and neighbour discovery for the addresses.",
                name = "ProxyARPInterfaces",
                category = "Interface")
        List<Ref> proxyArpInterfaces,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** Which source gets which address. */
    public enum Type {
        STATEFUL("Stateful"),
        STATELESS("Stateless"),
        FIXED("Fixed");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        for (String iface : InterfaceGroup.members(proxyArpInterfaces, configuration)) {
            if (!AddressedInterface.hasNeighbours(configuration, iface)) {
                findings.error("ProxyARPInterfaces", iface + " is no Ethernet interface");
            }
        }
        AddressSet addresses = configuration.resolve(range);
        if (addresses.isEmpty()) {
            findings.error("Range", range + " stands for no address");
        } else if (addresses.ranges().stream()
                        .map(it -> it.first().isV4())
                        .distinct()
                        .count()
                > 1) {
            findings.error("Range", range + " has addresses of both versions of IP");
        } else if (AddressPool.size(addresses) > AddressPool.MOST) {
            findings.error("Range", range + " has more than " + AddressPool.MOST + " addresses");
        } else if (!addresses.ranges().stream().allMatch(NatPool::areHosts)) {
            findings.error("Range", range + " has addresses that no host can have");
        }
    }

    /** The ends will do: what is reserved begins or ends at much coarser borders than a pool has addresses. */
    private static boolean areHosts(IpRange range) {
        return isHost(range.first()) && isHost(range.last());
    }

    private static boolean isHost(IpAddress address) {
        boolean reserved = address.isV4() && (address.v4Bits() >>> 28 == 0xf || address.v4Bits() >>> 24 == 0);
        return !reserved && !address.isUnspecified() && !address.isLoopback() && !address.isMulticast();
    }
}
