package io.portcullis.cli.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.console.Session.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompleterTest {
    private final Fixture firewall = new Fixture();

    private List<String> complete(String line) {
        return firewall.session.complete(line, line.length()).stream()
                .map(Candidate::text)
                .toList();
    }

    @Test
    void verbsAndCommandsComeFirst() {
        assertEquals(List.of("add", "activate"), complete("a"));
        assertEquals(List.of("echo"), complete("ec"));
    }

    @Test
    void categoriesAndTypesThatCanBeHere() {
        assertEquals(List.of("Interface"), complete("add Inter"));
        assertEquals(List.of("Ethernet", "IPsecTunnel"), complete("add Interface "));
        assertEquals(List.of("IPsecTunnel", "IPsecAlgorithms"), complete("add ipsec"));
        assertEquals(List.of("RoutingTable", "IDList"), complete("cc "));
        assertTrue(complete("add Rou").stream().noneMatch("Route"::equals));
        firewall.ok("cc RoutingTable main");
        assertEquals(List.of("Route"), complete("add "));
    }

    @Test
    void mandatoryPropertiesFirstThenTheOthers() {
        assertEquals(List.of("LocalNetwork=", "RemoteNetwork="), complete("add IPsecTunnel t "));
        assertEquals(List.of("RemoteNetwork="), complete("add IPsecTunnel t LocalNetwork=10.0.0.0/8 "));
        List<String> rest = complete("add IPsecTunnel t LocalNetwork=10.0.0.0/8 RemoteNetwork=all-nets ");
        assertTrue(rest.contains("PSK=") && !rest.contains("LocalNetwork="), rest.toString());
        assertEquals(List.of("PSK="), complete("add IPsecTunnel t ps"));
    }

    @Test
    void valuesAreWordsNamesAndDefaults() {
        firewall.ok("add PSK key1 PSKAscii=x\nadd PSK key2 PSKAscii=y");
        assertEquals(List.of("Type=ASCII", "Type=HEX"), complete("add PSK k Type="));
        assertEquals(List.of("PSK=key1", "PSK=key2"), complete("add IPsecTunnel t PSK=key"));
        assertEquals(
                List.of("SourceInterface=any", "SourceInterface=core", "SourceInterface=lan"),
                complete("add IPPolicy SourceInterface="));
        assertEquals(
                List.of("LocalNetwork=10.0.0.1,all-nets", "LocalNetwork=10.0.0.1,all-nets6"),
                complete("add IPsecTunnel t LocalNetwork=10.0.0.1,all"));
        assertEquals(List.of("IKELifeTimeSeconds=28800"), complete("add IPsecTunnel t IKELifeTimeSeconds=."));
        assertEquals(List.of("IP=172.16.1.1"), complete("set Ethernet lan IP=."));
        assertEquals(List.of(), complete("set PSK key1 PSKAscii=."));
    }

    @Test
    void namesOfObjectsAndOptions() {
        assertEquals(List.of("lan"), complete("show Ethernet "));
        assertEquals(List.of("-changes", "-errors"), complete("show -"));
        assertEquals(List.of("-num="), complete("echo -"));
    }
}
