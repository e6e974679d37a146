package io.portcullis.rules.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.SourceLimit;
import io.portcullis.rules.Site;
import io.portcullis.rules.service.ServiceResolution;
import io.portcullis.rules.service.ServiceTerm;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompiledRuleSetTest {
    private final Site site = new Site();

    private CompiledRuleSet compile() {
        return CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
    }

    private String decide(String in, String from, String out, String to, int protocol, int sourcePort, int port) {
        return lookup(compile(), site.iface(in), from, site.iface(out), to, protocol, sourcePort, port)
                .name();
    }

    private static Policy lookup(
            CompiledRuleSet rules,
            NetworkInterface in,
            String from,
            NetworkInterface out,
            String to,
            int protocol,
            int sourcePort,
            int port) {
        IpAddress source = IpAddress.literal(from);
        IpAddress destination = IpAddress.literal(to);
        return rules.lookup(
                in,
                out,
                source.high(),
                source.low(),
                destination.high(),
                destination.low(),
                protocol,
                sourcePort,
                port,
                0);
    }

    @Test
    void theFirstThatMatchesDecides() {
        site.policy("no_mail", "lan lan_net", "any all-nets", "smtp", "Deny")
                .policy("web", "lan,dmz lan_net", "wan all-nets", "http-all,dns-all", "Allow")
                .policy("self", "lan lan_net", "core lan_ip", "ping-inbound,ssh", "Allow")
                .policy("rest", "any all-nets", "any all-nets", "all_services", "Deny", "DenyBehavior", "Reject");
        assertEquals("no_mail", decide("lan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 25));
        assertEquals("web", decide("lan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 443));
        assertEquals("web", decide("lan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.UDP, 999, 53));
        assertEquals("rest", decide("lan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.UDP, 999, 443));
        assertEquals("rest", decide("lan", "192.168.2.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 443));
        assertEquals("rest", decide("wan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 443));
        assertEquals("rest", decide("lan", "192.168.1.7", "dmz", "198.51.100.1", IpProtocol.TCP, 999, 443));
        assertEquals("self", decide("lan", "192.168.1.7", "core", "192.168.1.1", IpProtocol.ICMP, 77, 0x0800));
        assertEquals("rest", decide("lan", "192.168.1.7", "core", "192.168.1.1", IpProtocol.ICMP, 77, 0x0d00));
        assertEquals("Default_Rule", decide("lan", "2001:db8::7", "wan", "2001:db8:9::1", IpProtocol.TCP, 999, 443));
        assertTrue(site.found().isEmpty(), site.found().toString());
    }

    @Test
    void onlyWhatNoPolicyMatchesIsTheDefault() {
        site.policy("no_mail", "lan lan_net", "wan all-nets", "smtp", "Deny")
                .policy("Default_Rule", "lan lan_net", "wan all-nets", "http", "Deny");
        CompiledRuleSet rules = compile();
        assertTrue(toWan(rules, 443).isDefault());
        assertFalse(toWan(rules, 25).isDefault());
        assertFalse(toWan(rules, 80).isDefault(), "whatever its name");
    }

    private Policy toWan(CompiledRuleSet rules, int port) {
        return lookup(
                rules, site.iface("lan"), "192.168.1.7", site.iface("wan"), "198.51.100.1", IpProtocol.TCP, 999, port);
    }

    @Test
    void aGroupOfInterfacesIsItsMembers() {
        site.add("InterfaceGroup", "Name", "inside", "Members", "lan,more")
                .add("InterfaceGroup", "Name", "more", "Members", "dmz,inside")
                .policy("from_inside", "inside all-nets", "wan all-nets", "http", "Allow");
        assertEquals("from_inside", decide("lan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 80));
        assertEquals("from_inside", decide("dmz", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 80));
        assertEquals("Default_Rule", decide("wan", "192.168.1.7", "wan", "198.51.100.1", IpProtocol.TCP, 999, 80));
        assertTrue(site.found().isEmpty(), site.found().toString());
    }

    @Test
    void actionsAndTranslationsAreWhatWasTyped() {
        site.policy("a", "lan all-nets", "wan all-nets", "ssh", "Allow", "LogEnabled", "No")
                .policy("b", "lan all-nets", "wan all-nets", "http", "Allow", "SourceTranslation", "NAT")
                .policy("c", "lan all-nets", "wan all-nets", "ftp", "Deny", "DenyBehavior", "Reject");
        CompiledRuleSet rules = compile();
        Policy a = lookup(rules, site.iface("lan"), "10.0.0.1", site.iface("wan"), "10.0.0.2", 6, 1, 22);
        Policy b = lookup(rules, site.iface("lan"), "10.0.0.1", site.iface("wan"), "10.0.0.2", 6, 1, 80);
        Policy c = lookup(rules, site.iface("lan"), "10.0.0.1", site.iface("wan"), "10.0.0.2", 6, 1, 21);
        Policy none = lookup(rules, site.iface("lan"), "10.0.0.1", site.iface("wan"), "10.0.0.2", 6, 1, 20);
        assertEquals(Policy.Action.ALLOW, a.action());
        assertEquals(Policy.SourceTranslation.AUTO, a.sourceTranslation());
        assertFalse(a.logs());
        assertEquals(Policy.SourceTranslation.NAT, b.sourceTranslation());
        assertTrue(b.logs());
        assertEquals(Policy.Action.REJECT, c.action());
        assertEquals(Policy.Action.DROP, none.action());
        assertTrue(none.logs());
    }

    @Test
    void hitsAreCountedAndOutliveAnActivation() {
        site.policy("web", "lan lan_net", "wan all-nets", "http", "Allow");
        CompiledRuleSet first = compile();
        long second = 1_000_000_000L;
        lookup(first, site.iface("lan"), "192.168.1.7", site.iface("wan"), "10.0.0.2", 6, 1, 80)
                .hit(5 * second);
        lookup(first, site.iface("lan"), "192.168.1.7", site.iface("wan"), "10.0.0.2", 6, 1, 81)
                .hit(6 * second);
        site.policy("more", "lan lan_net", "wan all-nets", "ssh", "Allow");
        CompiledRuleSet next = CompiledRuleSet.compile(site.configuration, site::resolve, first, site.findings);
        List<RuleView> rows = next.view("main", 8 * second).orElseThrow();
        assertEquals(
                List.of("web", "more", "Default_Rule"),
                rows.stream().map(RuleView::name).toList());
        assertEquals(1, rows.get(0).hits());
        assertEquals(3, rows.get(0).secondsSinceHit().orElseThrow());
        assertEquals(0, rows.get(1).hits());
        assertTrue(rows.get(1).secondsSinceHit().isEmpty());
        assertEquals(1, rows.get(2).hits());
        assertEquals("lan_net", rows.get(0).sourceNetwork());
    }

    @Test
    void twoFirewallsThatBeganEmptyCountApart() {
        CompiledRuleSet.EMPTY
                .lookup(site.iface("lan"), site.iface("wan"), 0, 0, 0, 0, 6, 1, 1, 0)
                .hit(1);
        for (int firewall = 0; firewall < 2; firewall++) {
            CompiledRuleSet own =
                    CompiledRuleSet.compile(site.configuration, site::resolve, CompiledRuleSet.EMPTY, site.findings);
            own.lookup(site.iface("lan"), site.iface("wan"), 0, 0, 0, 0, 6, 1, 1, 0)
                    .hit(1);
            assertEquals(1, own.view("main", 1).orElseThrow().getLast().hits());
        }
    }

    @Test
    void networksThatCanNeverMatchAreRefused() {
        site.policy("host", "lan dns:www.example.com", "wan all-nets", "http", "Deny")
                .policy("mixed", "lan lan_net", "wan all-nets6", "http", "Deny")
                .policy("both", "lan lan_net", "wan all-nets,all-nets6", "http", "Deny");
        site.configuration
                .objects(IpPolicy.class)
                .forEach(object ->
                        object.value().check(site.configuration, site.findings.of(site.configuration.key(object))));
        assertEquals(
                List.of(
                        "Error: IPPolicy host, SourceNetwork: dns:www.example.com stands for no address",
                        "Error: IPPolicy mixed, DestinationNetwork: all-nets6 and SourceNetwork lan_net are of different"
                                + " families: both must be IPv4 or both IPv6"),
                site.found());
    }

    @Test
    void whatIsNotThereIsFound() {
        site.policy("p", "lann lan_net", "vpn all-nets", "htp", "Allow");
        compile();
        assertEquals(
                List.of(
                        "Error: IPPolicy p, SourceInterface: lann is not an interface; interfaces, any and core are"
                                + " allowed",
                        "Warning: IPPolicy p, DestinationInterface: vpn does not run: nothing comes from or goes to it",
                        "Error: IPPolicy p, Service: htp is not a service; a service or a group of services is"
                                + " allowed"),
                site.found());
    }

    @Test
    void findsWhatAPlainScanFinds() {
        String[] interfaces = {"lan", "wan", "dmz", "core", "any", "lan,wan", "dmz,core"};
        String[] networks = {
            "all-nets",
            "all-nets6",
            "lan_net",
            "wan_ip",
            "dmz_net6",
            "10.0.0.0/8,2001:db8::/32",
            "192.168.1.5-192.168.1.9"
        };
        String[] services = {
            "all_services",
            "http",
            "dns-all",
            "all_icmp",
            "ping-inbound",
            "esp",
            "http-all,ntp",
            "all_tcp",
            "ipsec-suite"
        };
        String[] addresses = {
            "192.168.1.1",
            "192.168.1.5",
            "192.168.1.10",
            "203.0.113.1",
            "10.255.0.1",
            "2001:db8:5::9",
            "2001:db9::1",
            "0.0.0.0",
            "::"
        };
        String[] running = {"lan", "wan", "dmz", "core"};
        int[] protocols = {1, 6, 17, 50, 58, 255};
        int[] ports = {0, 53, 80, 123, 443, 500, 0x0800, 0x0801, 65535};
        for (long seed = 1; seed <= 15; seed++) {
            Random random = new Random(seed);
            Site made = new Site();
            for (int i = 0; i < 12; i++) {
                made.policy(
                        "p" + i,
                        pick(interfaces, random) + " " + pick(networks, random),
                        pick(interfaces, random) + " " + pick(networks, random),
                        pick(services, random),
                        random.nextBoolean() ? "Allow" : "Deny");
            }
            CompiledRuleSet rules = CompiledRuleSet.compile(made.configuration, made::resolve, null, made.findings);
            assertFalse(made.findings.hasErrors(), made.found()::toString);
            for (int i = 0; i < 800; i++) {
                String in = pick(running, random);
                String out = pick(running, random);
                String from = pick(addresses, random);
                String to = pick(addresses, random);
                int protocol = protocols[random.nextInt(protocols.length)];
                int port = ports[random.nextInt(ports.length)];
                Policy found = lookup(rules, made.iface(in), from, made.iface(out), to, protocol, 1024, port);
                assertEquals(
                        plain(made, in, from, out, to, protocol, port),
                        found.name(),
                        "seed " + seed + ": " + in + " " + from + " > " + out + " " + to + " " + protocol + "/" + port);
            }
        }
    }

    @Test
    void aLimitForEachSourceStaysThePolicysOwn() {
        Site site = new Site()
                .policy("one", "lan all-nets", "wan all-nets", "http", "Allow", "MaxConnectionsPerSource", "5")
                .policy("two", "lan all-nets", "wan all-nets", "ssh", "Allow", "MaxConnectionsPerSource", "5")
                .policy("any", "lan all-nets", "wan all-nets", "https", "Allow");
        SourceLimit one = limit(site, 80);
        assertEquals(5, one.connections());
        assertNotEquals(one, limit(site, 22));
        assertNull(limit(site, 443));
        site.policy("more", "lan all-nets", "wan all-nets", "dns-udp", "Allow");
        assertEquals(one, limit(site, 80), "after the configuration changed");
    }

    private static SourceLimit limit(Site site, int port) {
        CompiledRuleSet rules = CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
        return lookup(rules, site.iface("lan"), "192.168.1.2", site.iface("wan"), "198.51.100.1", 6, 1024, port)
                .sourceLimit();
    }

    private static String pick(String[] from, Random random) {
        return from[random.nextInt(from.length)];
    }

    private static String plain(Site site, String in, String from, String out, String to, int protocol, int port) {
        for (ConfigObject<IpPolicy> object : site.configuration.objects(IpPolicy.class)) {
            IpPolicy policy = object.value();
            ServiceTerm[] terms = new ServiceResolution(site.configuration)
                    .resolve(policy.service(), "", site.findings.of(site.configuration.key(object)));
            if (names(policy.sourceInterface(), in)
                    && names(policy.destinationInterface(), out)
                    && site.configuration.resolve(policy.sourceNetwork()).contains(IpAddress.literal(from))
                    && site.configuration.resolve(policy.destinationNetwork()).contains(IpAddress.literal(to))
                    && ServiceTerm.any(terms, protocol, 1024, port)) {
                return policy.name();
            }
        }
        return "Default_Rule";
    }

    private static boolean names(List<Ref> refs, String name) {
        return refs.stream()
                .anyMatch(ref -> ref.name().equals("any") || ref.name().equals(name));
    }
}
