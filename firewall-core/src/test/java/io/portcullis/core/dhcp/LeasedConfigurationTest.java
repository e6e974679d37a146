package io.portcullis.core.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationCheck;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Schema;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.LoopbackConfiguration;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.VlanConfiguration;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeasedConfigurationTest {
    private static final ObjectTypes TYPES = ObjectTypes.of(List.of(
                    Ip4Address.class,
                    Ip6Address.class,
                    EthernetConfiguration.class,
                    VlanConfiguration.class,
                    LoopbackConfiguration.class,
                    NamedRoutingTable.class,
                    DhcpSettings.class))
            .withPredefined(AddressObjects.predefined());
    private static final LearnedAddresses LEARNED = new LearnedAddresses(
            IpAddress.literal("192.0.2.50"),
            IpNetwork.literal("192.0.2.0/24"),
            Optional.of(IpAddress.literal("192.0.2.1")),
            List.of(IpAddress.literal("192.0.2.53")),
            List.of());

    private static EthernetConfiguration ethernet(String name, String... properties) {
        Map<String, String> all = new java.util.HashMap<>(Map.of("Name", name, "EthernetDevice", name));
        for (String property : properties) {
            int at = property.indexOf('=');
            all.put(property.substring(0, at), property.substring(at + 1));
        }
        return Schema.of(EthernetConfiguration.class).parse(all);
    }

    private static Configuration stored(String... properties) {
        return Configuration.of(
                TYPES, ethernet("lan", "IP=172.16.1.1", "Network=172.16.1.0/24"), ethernet("wan", properties));
    }

    private static String names(Configuration configuration) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("wan_ip", "wan_net", "wan_gw", "wan_dns1", "wan_dns2")) {
            text.append(configuration.resolve(new Addresses(List.of(name)))).append(' ');
        }
        return text.toString().strip();
    }

    private static List<String> wrong(Configuration configuration) {
        Findings findings = new Findings();
        ConfigurationCheck.run(configuration, configuration, findings);
        return findings.all().stream().map(Object::toString).toList();
    }

    @Test
    void namesAreThereBeforeALeaseAndFollowIt() {
        Configuration stored = stored("DHCPEnabled=Yes");
        assertEquals("0.0.0.0 0.0.0.0 0.0.0.0 0.0.0.0 0.0.0.0", names(stored));
        assertEquals(List.of(), wrong(stored));
        Configuration leased = new LeasedConfiguration(stored, Map.of("wan", LEARNED), Map.of()).configuration();
        assertEquals("192.0.2.50 192.0.2.0/24 192.0.2.1 192.0.2.53 0.0.0.0", names(leased));
        assertEquals("0.0.0.0 0.0.0.0 0.0.0.0 0.0.0.0 0.0.0.0", names(stored), "the operator's is as it was");
    }

    @Test
    void whoIsNoClientLearnsNothing() {
        Configuration stored = stored("IP=198.51.100.2", "Network=198.51.100.0/24");
        LeasedConfiguration leased = new LeasedConfiguration(stored, Map.of("wan", LEARNED, "gone", LEARNED), Map.of());
        assertEquals(stored, leased.configuration());
        assertEquals(List.of(), leased.definitions(RoutingTables.EMPTY));
    }

    @Test
    void theOperatorsDnsServersCountBeforeThoseOfTheLease() {
        Configuration stored = stored("DHCPEnabled=Yes", "DNS1=9.9.9.9");
        Configuration leased = new LeasedConfiguration(stored, Map.of("wan", LEARNED), Map.of()).configuration();
        assertTrue(names(leased).endsWith("9.9.9.9 0.0.0.0"), names(leased));
    }

    @Test
    void addressesAreTypedOrLeasedAndNotBoth() {
        List<String> wrong =
                wrong(stored("DHCPEnabled=Yes", "IP=192.0.2.9", "Network=192.0.2.0/24", "DefaultGateway=192.0.2.1"));
        assertEquals(3, wrong.size(), wrong.toString());
        assertTrue(wrong.stream().allMatch(finding -> finding.contains("DHCPEnabled")), wrong.toString());
        assertEquals(
                1,
                wrong(stored("DHCPEnabled=Yes", "DHCPPreferredIP=192.0.2.0/24")).size());
    }

    @Test
    void aClientKnowsWhatBelongsToOtherInterfaces() {
        LeasedConfiguration leased = new LeasedConfiguration(
                stored("DHCPEnabled=Yes", "DHCPAllowedServers=192.0.2.1-192.0.2.9"), Map.of("wan", LEARNED), Map.of());
        DhcpDefinition client = leased.definitions(RoutingTables.EMPTY).getFirst();
        assertTrue(client.others().contains(IpAddress.literal("172.16.1.77")));
        assertFalse(client.others().contains(IpAddress.literal("192.0.2.50")), "its own lease is no obstacle");
        assertTrue(client.servers().contains(IpAddress.literal("192.0.2.5")));
        assertFalse(client.servers().contains(IpAddress.literal("192.0.2.10")));
    }

    /** What is routed elsewhere, into a tunnel for instance, and not to everywhere. */
    @Test
    void aClientKnowsWhatIsRoutedElsewhere() {
        RoutingTables routes = new RoutingTables(List.of(new RoutingTable(
                RoutingTables.MAIN,
                List.of(
                        route("10.8.0.0/16", "branch"),
                        route("0.0.0.0/0", "branch"),
                        route("192.0.2.0/24", "wan"),
                        Route.own(IpAddress.literal("192.0.2.50"), new Named("core"))))));
        DhcpDefinition client = new LeasedConfiguration(stored("DHCPEnabled=Yes"), Map.of("wan", LEARNED), Map.of())
                .definitions(routes)
                .getFirst();
        assertTrue(client.others().contains(IpAddress.literal("10.8.1.1")));
        assertFalse(client.others().contains(IpAddress.literal("192.0.2.50")), "its own lease is no obstacle");
        assertFalse(client.others().contains(IpAddress.literal("203.0.113.1")), "a default route is none either");
        DhcpDefinition told = new LeasedConfiguration(
                        stored("DHCPEnabled=Yes", "DHCPAllowedIP=10.0.0.0/8"), Map.of(), Map.of())
                .definitions(routes)
                .getFirst();
        assertFalse(told.others().contains(IpAddress.literal("10.8.1.1")), "the operator has said so");
        assertTrue(told.others().contains(IpAddress.literal("172.16.1.77")), "but not that");
    }

    private static Route route(String network, String iface) {
        return new Route(IpNetwork.literal(network), new Named(iface), null, 90, Route.Origin.TUNNEL);
    }

    private record Named(String name) implements NetworkInterface {
        @Override
        public int index() {
            return 1;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public InterfaceCounters counters() {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public DropReason send(Packet packet, IpAddress gateway, PacketWorker worker, long now) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public void flush(PacketWorker worker, long now) {
            throw new UnsupportedOperationException(name);
        }
    }
}
