package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Object types of every shape, for the tests of this package. */
final class Samples {
    static final ObjectTypes TYPES = ObjectTypes.of(List.of(
                    Address.class,
                    Port.class,
                    Tunnel.class,
                    SharedKey.class,
                    Policy.class,
                    Table.class,
                    TableRoute.class,
                    Limits.class,
                    Server.class,
                    RemoteMgmtSettings.class))
            .withPredefined(List.of(new Address("all-nets", new Addresses(List.of("0.0.0.0/0")))));

    private Samples() {}

    static <T extends Record> T make(Class<T> type, String... namesAndValues) {
        Map<String, String> texts = new java.util.LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            texts.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return TYPES.of(type).parse(texts);
    }

    @ObjectType(value = "IP4Address", category = "Address", title = "Address", help = "Names addresses.")
    record Address(
            @Property(help = "Name", required = true) String name,

            @Property(help = "What it stands for", required = true)
            Addresses address)
            implements HasAddresses {
        @Override
        public Addresses addresses() {
            return address;
        }
    }

    @ObjectType(value = "Ethernet", category = "Interface", title = "Ethernet interface", help = "A device.")
    record Port(
            @Property(help = "Name", required = true) String name,

            @Property(help = "Own address", name = "IP", required = true)
            IpAddress ip,

            @Property(help = "Network on it") Optional<Addresses> network,

            @Property(help = "Largest packet", name = "MTU", byDefault = "1500", min = 68, max = 65535)
            int mtu)
            implements Derives {
        @Override
        public List<Record> derived() {
            List<Record> out = new ArrayList<>();
            out.add(new Address(name + "_ip", new Addresses(List.of(ip.toString()))));
            network.ifPresent(net -> out.add(new Address(name + "_net", net)));
            return out;
        }
    }

    enum Version {
        V1("1"),
        V2("2"),
        AUTO("Auto");

        private final String word;

        Version(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @ObjectType(
            value = "IPsecTunnel",
            category = "Interface",
            title = "IPsec tunnel",
            help = "A tunnel.",
            ordered = true)
    record Tunnel(
            @Property(help = "Name", required = true) String name,

            @Property(help = "Our networks", required = true)
            Addresses localNetwork,

            @Property(help = "Their networks", required = true)
            Addresses remoteNetwork,

            @Property(help = "The peer") Optional<Addresses> remoteEndpoint,

            @Property(help = "The key", name = "PSK", refersTo = SharedKey.class, required = true)
            Ref psk,

            @Property(help = "IKE version", name = "IKEVersion", byDefault = "2")
            Version ikeVersion,

            @Property(help = "Groups", name = "DHGroup", byDefault = "21,20,19")
            List<Integer> dhGroup,

            @Property(help = "Volume", name = "Kilobytes", byDefault = "0", min = 0)
            long kilobytes,

            @Property(help = "Where it may come in", category = "Interface", also = "any", byDefault = "any")
            Ref incomingInterfaceFilter,

            @Property(help = "Brought up at once") boolean autoEstablish)
            implements Checked {
        public Tunnel {
            if (dhGroup.isEmpty()) {
                throw new ConfigError("DHGroup", "needs one group at least");
            }
        }

        @Override
        public void check(Configuration configuration, Findings.ForObject findings) {
            if (kilobytes > 0 && kilobytes < 1000) {
                findings.warning("Kilobytes", "below 1000 the tunnel is busy with rekeying");
            }
        }
    }

    @ObjectType(value = "PSK", title = "Pre-shared key", help = "A key.")
    record SharedKey(
            @Property(help = "Name", required = true) String name,

            @Property(help = "The key as text", name = "PSKAscii")
            Optional<Secret> ascii,

            @Property(help = "Older keys") List<Secret> older) {}

    @ObjectType(value = "IPPolicy", title = "Policy", help = "A rule.", ordered = true, nameOptional = true)
    record Policy(
            @Property(help = "Name") String name,

            @Property(
                    help = "From",
                    category = "Interface",
                    also = {"any", "core"},
                    required = true)
            List<Ref> sourceInterface,

            @Property(help = "From addresses", byDefault = "all-nets")
            Addresses sourceNetwork,

            @Property(help = "Remark") String comment) {}

    @ObjectType(value = "RoutingTable", title = "Routing table", help = "Routes.")
    record Table(@Property(help = "Name", required = true) String name) {}

    @ObjectType(value = "Route", title = "Route", help = "A route.", in = Table.class, nameOptional = true)
    record TableRoute(
            @Property(help = "Egress", name = "Interface", category = "Interface", required = true)
            Ref to,

            @Property(help = "Destinations", required = true)
            Addresses network) {}

    @ObjectType(value = "Limits", category = "Settings", title = "Limits", help = "Limits.", singleton = true)
    record Limits(
            @Property(help = "Tunnels", byDefault = "100", min = 1, max = 100_000)
            int tunnels) {}

    @ObjectType(value = "RadiusServer", title = "RADIUS server", help = "A server.")
    record Server(
            @Property(help = "Name", required = true) String name,

            @Property(help = "Shared secret", required = true)
            Secret sharedSecret) {}
}
