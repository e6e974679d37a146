package io.portcullis.ipsec.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationCheck;
import io.portcullis.core.config.Finding;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.ike.iana.Prf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TunnelCompilerTest {
    private static final ObjectTypes TYPES = types();
    private static final Psk KEY = make(Psk.class, "Name", "key", "Type", "ASCII", "PSKAscii", "secret");

    private static ObjectTypes types() {
        List<Class<? extends Record>> classes =
                new ArrayList<>(List.of(Ip4Address.class, Ip6Address.class, EthernetConfiguration.class));
        classes.addAll(IpsecObjects.types());
        return ObjectTypes.of(classes).withPredefined(AddressObjects.predefined());
    }

    private static <T extends Record> T make(Class<T> type, String... properties) {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            texts.put(properties[i], properties[i + 1]);
        }
        return TYPES.of(type).parse(texts);
    }

    private static IpsecTunnel tunnel(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        List<String> usual = List.of(
                "Name", "t",
                "LocalNetwork", "172.16.1.0/24",
                "RemoteNetwork", "192.168.11.0/24",
                "RemoteEndpoint", "203.0.113.1",
                "PSK", "key");
        for (int i = 0; i < usual.size(); i += 2) {
            if (!all.contains(usual.get(i))) {
                all.addAll(usual.subList(i, i + 2));
            }
        }
        return make(IpsecTunnel.class, all.toArray(String[]::new));
    }

    private static Configuration with(Record... objects) {
        List<Record> all = new ArrayList<>(IpsecObjects.initial(TYPES));
        all.add(KEY);
        all.addAll(List.of(objects));
        return Configuration.of(TYPES, all.toArray(Record[]::new));
    }

    private static List<String> findings(Record... objects) {
        Findings findings = new Findings();
        ConfigurationCheck.run(with(), with(objects), findings);
        return findings.all().stream().map(Finding::toString).toList();
    }

    private static TunnelDefinition compiled(IpsecTunnel tunnel) {
        return new TunnelCompiler(with(tunnel), Map.of(), new Findings())
                .definitions()
                .getFirst();
    }

    @Test
    void tunnelsBeyondWhatIsAllowedAreDisabledAndNamed() {
        Findings found = new Findings();
        Configuration configuration = with(
                make(IpsecSettings.class, "MaxVPNTunnels", "1"), tunnel("Name", "first"), tunnel("Name", "second"));
        List<TunnelDefinition> definitions = new TunnelCompiler(configuration, Map.of(), found).definitions();
        assertEquals(
                List.of("first"),
                definitions.stream().map(TunnelDefinition::name).toList());
        assertEquals(
                List.of("Warning: IPsecTunnel second: is disabled: there are 2 tunnels, and MaxVPNTunnels is 1"),
                found.all().stream().map(Finding::toString).toList());
    }

    @Test
    void aTunnelOfTheReferencesExampleHasTheDecidedDefaults() {
        assertEquals(List.of(), findings(tunnel()));
        TunnelDefinition compiled = compiled(tunnel());
        assertEquals("t", compiled.name());
        assertEquals(List.of(IpAddress.literal("203.0.113.1")), compiled.initiateTo());
        assertEquals("203.0.113.1", compiled.remoteEndpoints().toString());
        assertEquals("[172.16.1.0/24]", compiled.local().toString());
        assertEquals("[192.168.11.0/24]", compiled.remote().toString());
        assertEquals(new PreSharedKey("secret".getBytes(StandardCharsets.UTF_8)), compiled.psk());
        assertEquals(
                "[CURVE25519, ECP_521, ECP_384, ECP_256, MODP_2048]",
                compiled.dhGroups().toString());
        assertEquals(compiled.dhGroups(), compiled.pfsGroups());
        assertEquals(28_800, compiled.ikeLifeSeconds());
        assertEquals(3_600, compiled.ipsecLifeSeconds());
        assertEquals(0, compiled.ipsecLifeKilobytes());
        assertEquals(30, compiled.dpdSeconds());
        assertEquals(64, compiled.replayWindow());
        assertTrue(compiled.extendedSequence());
        assertFalse(compiled.autoEstablish());
        assertEquals(TunnelDefinition.NatTraversal.ON_IF_NEEDED, compiled.natTraversal());
        assertEquals(
                List.of("aes-gcm-256", "aes-gcm-128"),
                compiled.espSuites().stream().map(Object::toString).limit(2).toList());
        assertTrue(compiled.espSuites().stream()
                .noneMatch(suite -> suite.toString().contains("sha1")));
        assertEquals(Prf.HMAC_SHA2_512, compiled.ikeSuites().getFirst().prf());
    }

    @Test
    void equalObjectsCompileToEqualDefinitions() {
        assertEquals(compiled(tunnel()), compiled(tunnel()));
        assertFalse(compiled(tunnel()).equals(compiled(tunnel("IPsecLifeTimeSeconds", "1800"))));
    }

    @Test
    void algorithmListsOfTheExampleParseAndWarnWhenUsed() {
        IpsecAlgorithms list = make(
                IpsecAlgorithms.class,
                "Name",
                "esp-l2tptunnel",
                "DES3Enabled",
                "Yes",
                "AESEnabled",
                "Yes",
                "SHA256Enabled",
                "Yes",
                "SHA512Enabled",
                "Yes");
        assertEquals(
                List.of(
                        "aes-cbc-256/hmac-sha2-512-256",
                        "aes-cbc-256/hmac-sha2-256-128",
                        "aes-cbc-128/hmac-sha2-512-256",
                        "aes-cbc-128/hmac-sha2-256-128",
                        "aes-cbc-192/hmac-sha2-512-256",
                        "aes-cbc-192/hmac-sha2-256-128"),
                list.suites().stream().map(Object::toString).toList());
        assertEquals(List.of(), findings(list), "nobody uses it");
        assertEquals(
                List.of("Warning: IPsecTunnel t, IPsecAlgorithms: DES3Enabled of esp-l2tptunnel is not implemented"
                        + " and is ignored"),
                findings(list, tunnel("IPsecAlgorithms", "esp-l2tptunnel")));
    }

    @Test
    void aListWithoutAnImplementedAlgorithmIsRefused() {
        IpsecAlgorithms list = make(IpsecAlgorithms.class, "Name", "old", "DES3Enabled", "Yes", "MD5Enabled", "Yes");
        assertEquals(1, findings(list).size());
        assertTrue(
                findings(list).getFirst().startsWith("Error: IPsecAlgorithms old"),
                findings(list).toString());
        assertThrows(
                ConfigError.class,
                () -> make(IpsecAlgorithms.class, "Name", "x", "AESKeySize", "192", "AESMinKeySize", "256"));
    }

    @Test
    void findingsNameObjectPropertyAndBothValues() {
        IpsecTunnel noKey =
                make(IpsecTunnel.class, "Name", "t", "LocalNetwork", "10.0.0.0/8", "RemoteNetwork", "192.0.2.0/24");
        assertEquals(
                List.of("Error: IPsecTunnel t, PSK: IPsecTunnel t needs a PSK object: AuthMethod is PSK"),
                findings(noKey));
        String missing = findings(tunnel("PSK", "my_secret_key")).getFirst();
        assertTrue(missing.contains("IPsecTunnel t") && missing.contains("my_secret_key"), missing);
        assertEquals(
                List.of(
                        "Warning: IPsecTunnel t, IKELifeTimeSeconds: 500 is below the recommended 600",
                        "Warning: IPsecTunnel t, IPsecLifeTimeSeconds: 490 is not clearly shorter than"
                                + " IKELifeTimeSeconds, 500"),
                findings(tunnel("IKELifeTimeSeconds", "500", "IPsecLifeTimeSeconds", "490")));
        assertEquals(
                "\"39\" is not a number from 40 to 31536000",
                assertThrows(ConfigError.class, () -> tunnel("IPsecLifeTimeSeconds", "39"))
                        .sentence());
        assertTrue(findings(tunnel("RemoteNetwork", "2001:db8::/32")).getFirst().contains("another family"));
        assertTrue(findings(tunnel("AutoEstablish", "Yes", "RemoteEndpoint", "192.0.2.0/24"))
                .getFirst()
                .contains("AutoEstablish"));
        assertTrue(findings(tunnel("LocalIDType", "DNS")).getFirst().contains("LocalID"));
        assertTrue(findings(tunnel("LocalID", "x")).getFirst().contains("LocalID"));
        assertTrue(findings(tunnel("ReplayWindow", "0")).getFirst().contains("ESN"));
        assertThrows(ConfigError.class, () -> tunnel("ReplayWindow", "65"));
        assertThrows(ConfigError.class, () -> tunnel("PFSDHGroup", "None,14"));
        assertThrows(ConfigError.class, () -> tunnel("DHGroup", "2"));
    }

    @Test
    void identitiesOfListsAndOfThisSide() {
        IdList list = make(IdList.class, "Name", "peers");
        Configuration configuration = with(
                        list, tunnel("RemoteID", "peers", "LocalIDType", "Email", "LocalID", "a@example.com"))
                .addTo(IdList.class, "peers", make(IdEntry.class, "Type", "DNS", "Hostname", "b.example"))
                .addTo(IdList.class, "peers", make(IdEntry.class, "Type", "IP", "IP", "192.0.2.9"))
                .addTo(IdList.class, "peers", make(IdEntry.class, "Type", "E-Mail", "E-Mail", "c@example.com"));
        TunnelDefinition compiled = new TunnelCompiler(configuration, Map.of(), new Findings())
                .definitions()
                .getFirst();
        assertEquals(new Identity.Email("a@example.com"), compiled.localId().orElseThrow());
        assertEquals(
                "[b.example, 192.0.2.9, c@example.com]", compiled.remoteIds().toString());
        assertTrue(findings(list, tunnel("RemoteID", "peers")).getFirst().contains("has no ID"));
        assertThrows(ConfigError.class, () -> make(IdEntry.class, "Type", "IP"));
    }

    @Test
    void hostNamesAreCalledInTurnWhenTheyHaveAddresses() {
        Configuration configuration = with(tunnel("RemoteEndpoint", "dns:gw.example"));
        assertEquals("[gw.example]", TunnelCompiler.hostNames(configuration).toString());
        Findings findings = new Findings();
        new TunnelCompiler(configuration, Map.of(), findings).definitions();
        assertEquals(
                "Warning: IPsecTunnel t, RemoteEndpoint: the name gw.example has no address yet",
                findings.all().getFirst().toString());
        List<IpAddress> two = List.of(IpAddress.literal("192.0.2.5"), IpAddress.literal("192.0.2.1"));
        TunnelDefinition compiled = new TunnelCompiler(configuration, Map.of("gw.example", two), new Findings())
                .definitions()
                .getFirst();
        assertEquals(two, compiled.initiateTo());
    }

    @Test
    void settingsOfTheDataPlane() {
        Configuration configuration = with(tunnel("IPsecDSField", "184"));
        TunnelSettings settings = new TunnelCompiler(configuration, Map.of(), new Findings())
                .settings(configuration.all(IpsecTunnel.class).getFirst());
        assertEquals(List.of(), settings.originators());
        assertEquals(184, settings.dsField());
        assertEquals(0, settings.plaintextMtu());
        assertEquals(1406, settings.unknownMtu(), "AES-CBC with SHA-512 in UDP over IPv4");
    }

    @Test
    void theFirewallItselfSpeaksWithItsAddressInTheLocalNetwork() {
        Configuration configuration = with(
                make(
                        EthernetConfiguration.class,
                        "Name",
                        "wan",
                        "EthernetDevice",
                        "e0",
                        "IP",
                        "203.0.113.2",
                        "Network",
                        "203.0.113.0/24"),
                make(
                        EthernetConfiguration.class,
                        "Name",
                        "lan",
                        "EthernetDevice",
                        "e1",
                        "IP",
                        "172.16.1.1",
                        "Network",
                        "172.16.1.0/24"),
                tunnel("LocalNetwork", "lan_net"));
        TunnelSettings settings = new TunnelCompiler(configuration, Map.of(), new Findings())
                .settings(configuration.all(IpsecTunnel.class).getFirst());
        assertEquals(List.of(IpAddress.literal("172.16.1.1")), settings.originators());
    }

    @Test
    void keysAreHexOrTextAndNeverPrint() {
        Psk hex = make(Psk.class, "Name", "k", "Type", "HEX", "PSKHex", "0x0aFF");
        assertEquals(new PreSharedKey(new byte[] {10, -1}), hex.key());
        assertFalse(hex.toString().contains("0aFF"), hex.toString());
        assertThrows(ConfigError.class, () -> make(Psk.class, "Name", "k", "Type", "HEX", "PSKHex", "abc"));
        assertThrows(ConfigError.class, () -> make(Psk.class, "Name", "k", "Type", "ASCII"));
        Psk random = Psk.generate("k", 512, new SecureRandom(), "");
        assertEquals(64, random.key().octets().length);
    }

    @Test
    void everyTypeHasHelpAndPrintsWhatItParses() {
        for (Class<? extends Record> type : IpsecObjects.types()) {
            TYPES.of(type)
                    .properties()
                    .forEach(property -> assertFalse(property.help().isBlank()));
        }
        IpsecTunnel tunnel = tunnel("DHGroup", "14,19", "PFSDHGroup", "None", "PlaintextMTU", "1300");
        Map<String, String> texts = new HashMap<>();
        TYPES.of(IpsecTunnel.class)
                .properties()
                .forEach(property -> property.value(tunnel)
                        .ifPresent(value ->
                                texts.put(property.name(), property.type().print(value))));
        assertEquals(tunnel, TYPES.of(IpsecTunnel.class).parse(texts));
    }
}
