package io.portcullis.cli.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.StaticRoute;
import io.portcullis.ipsec.tunnel.IpsecTunnel;
import io.portcullis.ipsec.tunnel.Psk;
import io.portcullis.rules.policy.IpPolicy;
import io.portcullis.rules.service.PredefinedServices;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference's examples 10.1 to 10.3 with the product's own types, prompts included as in copied text. */
class ReferenceExamplesTest {
    private static final ObjectTypes TYPES = ObjectTypes.of(DeclaredTypes.all())
            .withPredefined(Stream.concat(AddressObjects.predefined().stream(), PredefinedServices.table().stream())
                    .toList());

    private static final String DEVICES = """
            add Interface Ethernet lan EthernetDevice=lan0 IP=172.16.1.1 Network=172.16.1.0/24
            add Interface Ethernet wan EthernetDevice=wan0 IP=203.0.113.2 Network=203.0.113.0/24
            add IKEAlgorithms High AESEnabled=Yes SHA256Enabled=Yes
            add IPsecAlgorithms High AESEnabled=Yes SHA256Enabled=Yes
            """;

    /** The reference adds the key as my_scecret_key and uses my_secret_key: here both are the latter. */
    private static final String EXAMPLE_10_3 = """
            Device:/>
            add PSK my_secret_key Type=ASCII PSKascii=somesecretasciikey
            Device:/>
            add Interface IPsecTunnel ipsec_hq_to_branch
            LocalNetwork=172.16.1.0/24
            RemoteNetwork=192.168.11.0/24
            RemoteEndpoint=203.0.113.1
            PSK=my_secret_key
            Device:/>
            add IPPolicy Name=hq_to_branch
            SourceInterface=lan
            SourceNetwork=172.16.1.0/24
            DestinationInterface=ipsec_hq_to_branch
            DestinationNetwork=192.168.11.0/24
            Service=all_services
            Action=Allow
            Device:/>
            add IPPolicy Name=branch_to_hq
            SourceInterface=ipsec_hq_to_branch
            SourceNetwork=192.168.11.0/24
            DestinationInterface=lan
            DestinationNetwork=172.16.1.0/24
            Service=all_services
            Action=Allow
            Device:/>
            cc RoutingTable main
            Device:/main>
            add Route
            Interface=ipsec_hq_to_branch
            Network=192.168.11.0/24
            Device:/main>
            cc
            """;

    private final Fixture firewall = new Fixture(TYPES, Configuration.of(TYPES, new NamedRoutingTable("main", "")));

    @Test
    void pskBasedLanToLanTunnel() {
        firewall.ok(DEVICES + EXAMPLE_10_3 + "activate\ncommit\n");
        Configuration active = firewall.transactions.active();
        IpsecTunnel tunnel =
                active.find(IpsecTunnel.class, "ipsec_hq_to_branch").orElseThrow();
        assertEquals("203.0.113.1", tunnel.remoteEndpoint().orElseThrow().toString());
        assertEquals(
                "somesecretasciikey",
                active.find(Psk.class, tunnel.psk().orElseThrow().name())
                        .orElseThrow()
                        .pskAscii()
                        .orElseThrow()
                        .reveal());
        assertEquals(2, active.all(IpPolicy.class).size());
        assertEquals(
                1,
                active.children(NamedRoutingTable.class, "main", StaticRoute.class)
                        .size());
    }

    @Test
    void proposalListAndHexadecimalKeyAreAppliedToATunnel() {
        firewall.ok(DEVICES + EXAMPLE_10_3 + """
                Device:/>
                add IPsecAlgorithms esp-l2tptunnel
                DES3Enabled=Yes
                AESEnabled=Yes
                SHA256Enabled=Yes
                SHA512Enabled=Yes
                Device:/>
                set Interface IPsecTunnel ipsec_hq_to_branch
                IPsecAlgorithms=esp-l2tptunnel
                Device:/>
                add PSK MyPSK Type=HEX PSKHex=00112233445566778899aabbccddeeff
                Device:/>
                set Interface IPsecTunnel ipsec_hq_to_branch PSK=MyPSK
                """);
        IpsecTunnel tunnel = firewall.transactions
                .candidate()
                .find(IpsecTunnel.class, "ipsec_hq_to_branch")
                .orElseThrow();
        assertEquals("esp-l2tptunnel", tunnel.ipsecAlgorithms().name());
        assertEquals("MyPSK", tunnel.psk().orElseThrow().name());
    }

    @Test
    void theReferencesMisspeltKeyIsNamedWithItsLine() {
        String error = firewall.fails(DEVICES + EXAMPLE_10_3.replaceFirst("my_secret_key", "my_scecret_key"));
        assertEquals("line 12: PSK: there is no PSK \"my_secret_key\"; did you mean my_scecret_key?\n", error);
    }

    @Test
    void theWholeConfigurationIsAScriptThatMakesItAgain() {
        firewall.ok(DEVICES + EXAMPLE_10_3);
        String script = firewall.ok("script -create -secrets");
        Fixture other = new Fixture(TYPES, Configuration.of(TYPES, new NamedRoutingTable("main", "")));
        other.ok(script + "activate\ncommit\n");
        assertEquals(script, other.ok("script -create -secrets"));
        assertTrue(other.ok("show Service").contains("all_services"));
    }
}
