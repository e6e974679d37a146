package io.portcullis.rules.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.config.Ref;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.Site;
import io.portcullis.rules.policy.CompiledRuleSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final Site site = new Site();

    private boolean passes(String service, int protocol, int port) {
        return passes(service, protocol, 40_000, port);
    }

    private boolean passes(String service, int protocol, int sourcePort, int port) {
        ServiceTerm[] terms = new ServiceResolution(site.configuration)
                .resolve(List.of(new Ref(service)), "Service", site.findings.of(ObjectKey.of("IPPolicy", "p")));
        return ServiceTerm.any(terms, protocol, sourcePort, port);
    }

    @Test
    void theIssuesServicesExistAndMeanWhatTheySay() {
        assertTrue(passes("all_services", 132, 0));
        assertTrue(passes("all_tcp", 6, 65_535));
        assertFalse(passes("all_tcp", 17, 1));
        assertTrue(passes("all_udp", 17, 0));
        assertTrue(passes("all_tcpudp", 6, 1));
        assertTrue(passes("all_tcpudp", 17, 1));
        assertTrue(passes("all_icmp", 1, 0x0d00));
        assertFalse(passes("all_icmp", 58, 0x8000));
        assertTrue(passes("all_icmpv6", 58, 0x8000));
        assertTrue(passes("http", 6, 80));
        assertFalse(passes("http", 6, 81));
        assertTrue(passes("https", 6, 443));
        assertTrue(passes("http-all", 6, 443));
        assertTrue(passes("ssh", 6, 22));
        assertTrue(passes("ssh-in", 6, 22));
        assertTrue(passes("dns-all", 6, 53));
        assertTrue(passes("dns-all", 17, 53));
        assertFalse(passes("dns-tcp", 17, 53));
        assertTrue(passes("ping-inbound", 1, 0x0800));
        assertFalse(passes("ping-inbound", 1, 0x0d00));
        assertTrue(passes("ipsec-suite", 50, 0));
        assertTrue(passes("ipsec-suite", 17, 4500));
        assertTrue(site.found().isEmpty());
    }

    @Test
    void extensionHeadersAreNumbersOfThoseThatThereAre() {
        ServiceIpProto service = new ServiceIpProto("s", "6", "0,43-44,60", "");
        assertEquals(
                Ipv6Extensions.kind(0) | Ipv6Extensions.kind(43) | Ipv6Extensions.kind(44) | Ipv6Extensions.kind(60),
                service.terms().getFirst().extensions());
        for (String wrong : List.of("6", "0,51", "0-60", "x", ",", "256")) {
            assertThrows(ConfigError.class, () -> new ServiceIpProto("s", "6", wrong, ""), wrong);
        }
        ServiceTerm narrow = new ServiceIpProto("s", "6", "43", "").terms().getFirst();
        ServiceTerm wide = new ServiceIpProto("s", "0-255", "43,60", "").terms().getFirst();
        assertTrue(wide.covers(narrow));
        assertFalse(narrow.covers(wide));
        assertFalse(wide.covers(ServiceTerm.ALL), "what carries no extension header is not matched");
        assertTrue(ServiceTerm.ALL.covers(wide));
    }

    @Test
    void ftpIsSpokenWhereAServiceSaysSo() {
        site.add("ServiceTCPUDP", "Name", "own", "DestinationPorts", "2121", "Protocol", "FTP");
        site.policy("p", "lan lan_net", "wan all-nets", "http,ftp,own", "Allow");
        Policy policy = CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings)
                .lookup(site.iface("lan"), site.iface("wan"), 0, 0xffff_c0a8_0107L, 0, 0xffff_0808_0808L, 6, 1, 80, 0);
        assertEquals("p", policy.name());
        assertEquals(Policy.Application.FTP, policy.application(6, 4000, 21));
        assertEquals(Policy.Application.FTP, policy.application(6, 4000, 2121));
        assertEquals(Policy.Application.NONE, policy.application(6, 4000, 80));
        assertEquals(Policy.Application.NONE, policy.application(17, 4000, 21));
        assertThrows(
                ConfigError.class,
                () -> new ServiceTcpUdp(
                        "u", ServiceTcpUdp.Transport.UDP, "21", "0-65535", ServiceTcpUdp.Protocol.FTP, ""));
    }

    @Test
    void onlyPoliciesLookAtExtensionHeaders() {
        site.add("ServiceIPProto", "Name", "hop", "IPProto", "6", "ExtensionHeaders", "0")
                .add("ServiceGroup", "Name", "group", "Members", "http,hop");
        new ServiceResolution(site.configuration)
                .resolveWithoutExtensions(
                        List.of(new Ref("group")), "Service", site.findings.of(ObjectKey.of("PipeRule", "p")));
        assertEquals(
                List.of("Error: PipeRule p, Service: group asks for IPv6 extension headers, which only IP policies look"
                        + " at"),
                site.found());
    }

    @Test
    void everyPredefinedServiceResolves() {
        for (Record record : PredefinedServices.table()) {
            String name = Site.TYPES.of(record.getClass()).nameOf(record);
            ServiceTerm[] terms = new ServiceResolution(site.configuration)
                    .resolve(List.of(new Ref(name)), "Service", site.findings.of(ObjectKey.of("IPPolicy", "p")));
            assertTrue(terms.length > 0, name);
        }
        assertEquals(List.of(), site.found());
    }

    @Test
    void ownServicesAndGroups() {
        site.add(
                        "ServiceTCPUDP",
                        "Name",
                        "game",
                        "Type",
                        "TCPUDP",
                        "DestinationPorts",
                        "100,200-210",
                        "SourcePorts",
                        "7-9")
                .add("ServiceIPProto", "Name", "old", "IPProto", "3-5,9")
                .add("ServiceICMP", "Name", "times", "MessageTypes", "Specific", "MessageNumbers", "13-14")
                .add("ServiceGroup", "Name", "loop", "Members", "game,loop2")
                .add("ServiceGroup", "Name", "loop2", "Members", "loop,old");
        assertTrue(passes("game", 17, 8, 205));
        assertFalse(passes("game", 17, 8, 211));
        assertFalse(passes("game", 17, 10, 205));
        assertTrue(passes("old", 9, 0));
        assertFalse(passes("old", 8, 0));
        assertTrue(passes("times", 1, 0x0e03));
        assertFalse(passes("times", 1, 0x0f00));
        assertTrue(passes("loop", 4, 0), "groups that contain each other end");
        assertTrue(passes("loop2", 6, 9, 100));
        assertTrue(site.found().isEmpty());
    }

    @Test
    void icmpServicesNameTypesAndCodes() {
        site.add(
                        "ServiceICMP",
                        "Name",
                        "some",
                        "MessageTypes",
                        "Specific",
                        "MessageNumbers",
                        "8,13-14",
                        "Codes",
                        "0,3-4")
                .add("ServiceICMPv6", "Name", "echo", "MessageTypes", "Specific", "Codes", "0");
        for (int type = 0; type < 256; type++) {
            for (int code = 0; code < 256; code++) {
                boolean named = (type == 8 || type == 13 || type == 14) && (code == 0 || code == 3 || code == 4);
                assertEquals(named, passes("some", 1, type << 8 | code), type + " " + code);
                assertEquals(type == 128 && code == 0, passes("echo", 58, type << 8 | code), type + " " + code);
            }
        }
        assertThrows(ConfigError.class, () -> site.add("ServiceICMP", "Name", "s", "Codes", "256"));
        assertThrows(ConfigError.class, () -> site.add("ServiceICMPv6", "Name", "s", "Codes", ""));
    }

    @Test
    void portsThatAreNoneAreRefused() {
        for (String wrong : List.of("", "x", "80,", "65536", "10-5", "1-2-3", "-1", "80;81", "999999")) {
            ConfigError error = assertThrows(
                    ConfigError.class, () -> site.add("ServiceTCPUDP", "Name", "s", "DestinationPorts", wrong), wrong);
            assertTrue(error.getMessage().contains("DestinationPorts"), error.getMessage());
        }
    }
}
