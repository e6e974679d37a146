package io.portcullis.hostmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.VlanTagging;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.StaticRoute;
import io.portcullis.core.time.ManualClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteSessionsTest {
    private static final ObjectTypes TYPES = ObjectTypes.of(List.of(
            Ip4Address.class,
            Ip6Address.class,
            EthernetConfiguration.class,
            NamedRoutingTable.class,
            StaticRoute.class,
            MonitoredHost.class,
            RouteFailOverSettings.class));
    private static final AddressSet OWN = AddressSet.of(List.of(IpRange.of(IpAddress.literal("203.0.113.1"))));

    private final Findings findings = new Findings();
    private final NetworkInterface wan = ethernet();
    private Configuration configuration = Configuration.empty(TYPES)
            .add(ConfigObject.TOP, NamedRoutingTable.MAIN)
            .add(
                    ConfigObject.TOP,
                    TYPES.of(EthernetConfiguration.class)
                            .parse(Map.of(
                                    "Name",
                                    "wan",
                                    "EthernetDevice",
                                    "eth0",
                                    "IP",
                                    "203.0.113.1",
                                    "Network",
                                    "203.0.113.0/24")));

    private static NetworkInterface ethernet() {
        IpNetwork network = IpNetwork.literal("203.0.113.0/24");
        return new EthernetInterface(
                "wan",
                1,
                new EthernetLink(new SimulatedWire(
                                "wire",
                                SimulatedWire.Properties.ethernet(),
                                new MacAddress(2),
                                new MacAddress(4),
                                new ManualClock(Instant.EPOCH),
                                new Random(1))
                        .left()),
                VlanTagging.NONE,
                1500,
                new LinkAddresses(
                        new MacAddress(2),
                        List.of(new LinkAddresses.OnLink(IpAddress.literal("203.0.113.1"), network))),
                _ -> {});
    }

    private ConfigObject<StaticRoute> route(String... properties) {
        StaticRoute route = TYPES.of(StaticRoute.class).parse(map(properties));
        configuration = configuration.addTo(NamedRoutingTable.class, "main", route);
        return configuration.objects(StaticRoute.class).getLast();
    }

    private void host(ConfigObject<StaticRoute> route, String... properties) {
        configuration =
                configuration.add(route.id(), TYPES.of(MonitoredHost.class).parse(map(properties)));
    }

    private static Map<String, String> map(String... properties) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        return map;
    }

    private List<SessionDefinition> compile() {
        return RouteSessions.compile(
                configuration, name -> name.equals("wan") ? Optional.of(wan) : Optional.empty(), OWN, findings);
    }

    private void assertFinding(String text) {
        assertTrue(
                findings.hasErrors() && findings.all().toString().contains(text),
                () -> text + " is not in " + findings.all());
    }

    @Test
    void hostsAreAskedByWayOfTheRoute() {
        ConfigObject<StaticRoute> route = route(
                "Interface", "wan", "Network", "0.0.0.0/0", "Gateway", "203.0.113.254", "EnableHostMonitoring", "Yes");
        host(route, "IPAddress", "198.51.100.7");
        host(route, "IPAddress", "203.0.113.9", "Method", "TCP", "Port", "22", "ReachabilityRequired", "Yes");
        List<SessionDefinition> sessions = compile();
        assertEquals(List.of(), findings.all());
        assertEquals(1, sessions.size());
        SessionDefinition session = sessions.getFirst();
        assertEquals(route.id(), session.subject());
        assertEquals(1, session.mostUnreachable());
        assertEquals(30, session.grace().toSeconds());
        HostCheck far = session.hosts().getFirst();
        assertEquals("203.0.113.1", far.source().toString());
        assertEquals("198.51.100.7/32 wan 203.0.113.254 metric 100", String.valueOf(far.by()));
        HostCheck near = session.hosts().getLast();
        assertEquals(22, near.port());
        assertTrue(near.isRequired());
        assertEquals("203.0.113.9/32 wan metric 100", String.valueOf(near.by()), "a neighbour is asked directly");
    }

    @Test
    void theGatewayAndTheLinkAreWatchedToo() {
        configuration = configuration.add(
                ConfigObject.TOP,
                TYPES.of(RouteFailOverSettings.class)
                        .parse(Map.of("ConsecFails", "3", "ARPPollInterval", "300", "IfacePollInterval", "200")));
        route(
                "Interface",
                "wan",
                "Network",
                "10.0.0.0/8",
                "Gateway",
                "203.0.113.254",
                "MonitorGateway",
                "Yes",
                "MonitorLinkStatus",
                "Yes");
        SessionDefinition session = compile().getFirst();
        assertEquals(List.of(), findings.all());
        assertEquals(List.of(), session.hosts());
        assertEquals(0, session.mostUnreachable());
        assertEquals(200, session.link().interval().toMillis());
        HostCheck gateway = session.gateway();
        assertEquals("203.0.113.254", gateway.host().toString());
        assertEquals(Protocol.ARP, gateway.protocol());
        assertEquals(300, gateway.interval().toMillis());
        assertEquals(3, gateway.samples());
        assertEquals(2, gateway.mostLost());
        assertEquals(0, gateway.mostLostToReturn());
    }

    @Test
    void routesWithoutHostMonitoringHaveNoSession() {
        host(route("Interface", "wan", "Network", "10.0.0.0/8"), "IPAddress", "198.51.100.7");
        assertEquals(List.of(), compile());
        assertEquals(List.of(), findings.all());
    }

    @Test
    void monitoringWithoutHostsIsRefused() {
        route("Interface", "wan", "Network", "10.0.0.0/8", "EnableHostMonitoring", "Yes");
        compile();
        assertFinding("there is no MonitoredHost in the route");
    }

    @Test
    void moreHostsThanThereAreCanNotBeReachable() {
        host(
                route(
                        "Interface",
                        "wan",
                        "Network",
                        "10.0.0.0/8",
                        "EnableHostMonitoring",
                        "Yes",
                        "MinimumReachability",
                        "2"),
                "IPAddress",
                "198.51.100.7");
        compile();
        assertFinding("2 hosts can not be reachable: there are 1");
    }

    @Test
    void theFirewallAsksOthersAndFromAnAddressOfItsOwn() {
        ConfigObject<StaticRoute> own =
                route("Interface", "wan", "Network", "10.0.0.0/8", "EnableHostMonitoring", "Yes");
        host(own, "IPAddress", "203.0.113.1");
        ConfigObject<StaticRoute> foreign = route(
                "Interface",
                "wan",
                "Network",
                "10.0.0.0/8",
                "EnableHostMonitoring",
                "Yes",
                "MonitorSource",
                "192.0.2.1");
        host(foreign, "IPAddress", "198.51.100.7");
        ConfigObject<StaticRoute> family =
                route("Interface", "wan", "Network", "2001:db8::/32", "EnableHostMonitoring", "Yes");
        host(family, "IPAddress", "2001:db8::7");
        assertEquals(List.of(), compile());
        assertFinding("203.0.113.1 is the firewall itself");
        assertFinding("192.0.2.1 is not an address of this firewall");
        assertFinding("wan has no address of its own to ask 2001:db8::7 from");
    }

    @Test
    void limitsThatCanNotBeExceededAreRefused() {
        ConfigError error = assertThrows(
                ConfigError.class,
                () -> TYPES.of(MonitoredHost.class)
                        .parse(Map.of("IPAddress", "198.51.100.7", "Samples", "2", "MaxPollFails", "2")));
        assertTrue(error.getMessage().contains("MaxPollFails"), error.getMessage());
    }
}
