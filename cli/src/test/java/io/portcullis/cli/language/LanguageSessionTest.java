package io.portcullis.cli.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.language.Fixture.Algorithms;
import io.portcullis.cli.language.Fixture.Ethernet;
import io.portcullis.cli.language.Fixture.IdList;
import io.portcullis.cli.language.Fixture.Identity;
import io.portcullis.cli.language.Fixture.Policy;
import io.portcullis.cli.language.Fixture.Psk;
import io.portcullis.cli.language.Fixture.Table;
import io.portcullis.cli.language.Fixture.TableRoute;
import io.portcullis.cli.language.Fixture.Tunnel;
import io.portcullis.core.config.Configuration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageSessionTest {
    private final Fixture firewall = new Fixture();

    private static final String TUNNEL =
            "add Interface IPsecTunnel t LocalNetwork=172.16.1.0/24 RemoteNetwork=192.168.11.0/24";

    private Configuration candidate() {
        return firewall.transactions.candidate();
    }

    /** Examples 10.1 to 10.3, with the prompts that a copied text has; 10.3 with one spelling of the key's name. */
    @Test
    void theReferencesExamplesAreTaken() {
        firewall.ok("""
                Device:/>
                add IPsecAlgorithms esp-l2tptunnel
                DES3Enabled=Yes
                AESEnabled=Yes
                SHA256Enabled=Yes
                SHA512Enabled=Yes
                Device:/>
                add PSK MyPSK Type=HEX PSKHex=00112233445566778899aabbccddeeff
                # B. Configure the IPsec tunnel:
                Device:/>
                add PSK my_secret_key Type=ASCII PSKascii=somesecretasciikey
                Device:/>
                add Interface IPsecTunnel ipsec_hq_to_branch
                LocalNetwork=172.16.1.0/24
                RemoteNetwork=192.168.11.0/24
                RemoteEndpoint=203.0.113.1
                PSK=my_secret_key
                set Interface IPsecTunnel ipsec_hq_to_branch
                IPsecAlgorithms=esp-l2tptunnel
                Device:/>
                add IPPolicy Name=hq_to_branch
                SourceInterface=lan
                SourceNetwork=172.16.1.0/24

                DestinationInterface=ipsec_hq_to_branch
                DestinationNetwork=192.168.11.0/24
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
                activate
                commit
                """);
        Configuration active = firewall.transactions.active();
        assertTrue(active.find(Algorithms.class, "esp-l2tptunnel").orElseThrow().sha512());
        assertEquals(
                "somesecretasciikey",
                active.find(Psk.class, "my_secret_key")
                        .orElseThrow()
                        .ascii()
                        .orElseThrow()
                        .reveal());
        assertEquals(
                "esp-l2tptunnel",
                active.find(Tunnel.class, "ipsec_hq_to_branch")
                        .orElseThrow()
                        .ipsecAlgorithms()
                        .orElseThrow()
                        .name());
        assertEquals(1, active.children(Table.class, "main", TableRoute.class).size());
        assertEquals(1, firewall.activations);
        assertEquals("Device:/>", firewall.session.prompt());
    }

    @Test
    void identitiesAreAddedInTheContextOfTheirList() {
        firewall.ok("add IDList my_id_list");
        firewall.ok("cc IDList my_id_list");
        assertEquals("Device:/my_id_list>", firewall.session.prompt());
        firewall.ok("add ID my_dn_id Type=DistinguishedName CommonName=\"John Smith\"");
        firewall.ok("add id my_email_id type=e-mail e-mail=john.smith@example.com");
        firewall.ok("cc ..");
        assertEquals("Device:/>", firewall.session.prompt());
        List<Identity> ids = candidate().children(IdList.class, "my_id_list", Identity.class);
        assertEquals("John Smith", ids.getFirst().commonName());
        assertEquals("john.smith@example.com", ids.getLast().email());
    }

    @Test
    void categoriesMayBeLeftOutAndFlagsStandAnywhere() {
        firewall.ok("add IPsecTunnel Tokyo_vpn LocalNetwork=all-nets -silent RemoteNetwork=all-nets"
                + " IKELifeTimeSeconds=86400 AutoInterfaceNetworkRoute=False RemoteEndpoint=dns:tokyo.example -force");
        Tunnel tunnel = candidate().find(Tunnel.class, "Tokyo_vpn").orElseThrow();
        assertFalse(tunnel.autoInterfaceNetworkRoute());
        assertEquals(
                List.of("dns:tokyo.example"),
                tunnel.remoteEndpoint().orElseThrow().parts());
        assertEquals("", firewall.out.toString());
    }

    @Test
    void policiesGoWhereTheIndexSays() {
        String rest = " SourceInterface=any SourceNetwork=all-nets DestinationInterface=core"
                + " DestinationNetwork=all-nets Service=x Action=Deny";
        firewall.ok("add IPPolicy" + rest);
        firewall.ok("add IPPolicy Name=second" + rest);
        firewall.ok("add IPPolicy first" + rest + " Index=1");
        assertEquals(
                List.of("first", "", "second"),
                candidate().all(Policy.class).stream().map(Policy::name).toList());
        firewall.ok("set IPPolicy 2 Action=allow Index=3");
        assertEquals(
                Fixture.Verdict.ALLOW, candidate().all(Policy.class).getLast().action());
        firewall.ok("delete IPPolicy 3");
        assertEquals(2, candidate().all(Policy.class).size());
        assertEquals("Index: 9 is not from 1 to 3\n", firewall.fails("add IPPolicy" + rest + " Index=9"));
    }

    @Test
    void errorsNameThePropertyAndWhatIsAllowed() {
        assertEquals(
                "IKELifeTimeSeconds: \"5\" is not a number from 60 to 86400\n",
                firewall.fails(TUNNEL + " IKELifeTimeSeconds=5"));
        assertEquals(
                "RemoteNetwork: must be given; an address, a network such as 192.0.2.0/24, a range first-last, dns:host"
                        + " or an address object\n",
                firewall.fails("add Interface IPsecTunnel t LocalNetwork=10.0.0.0/8"));
        assertEquals(
                "RemoteNetwerk: IPsecTunnel has no such property; did you mean RemoteNetwork?\n",
                firewall.fails("add IPsecTunnel t RemoteNetwerk=x"));
        assertEquals(
                "there is no object type \"IPsecTunel\"; did you mean IPsecTunnel?\n",
                firewall.fails("add IPsecTunel t"));
        assertEquals(
                "Interface has no type \"Tunnel\": it has Ethernet, IPsecTunnel\n",
                firewall.fails("add Interface Tunnel t"));
        assertEquals(
                "Route can only be in RoutingTable: use cc RoutingTable NAME first\n", firewall.fails("add Route"));
        assertEquals(
                "Ethernet lann does not exist; did you mean lan?\n", firewall.fails("set Ethernet lann IP=10.0.0.1"));
        assertEquals(
                "IP4Address all-nets exists by itself and cannot be changed\n",
                firewall.fails("delete IP4Address all-nets"));
        assertEquals("Name: Ethernet lan exists already\n", firewall.fails("add Ethernet lan IP=10.0.0.1"));
        assertEquals("the quote opened at column 15 is not closed\n", firewall.fails("add PSK k Type\"=ASCII"));
        assertEquals("there is no command 'frobnicate'; help lists them\n", firewall.fails("frobnicate"));
        assertEquals("psk: is given twice\n", firewall.fails(TUNNEL + " PSK=a psk=b"));
        firewall.fails("add");
        firewall.fails("set Ethernet lan");
        firewall.fails("set Ethernet lan extra IP=10.0.0.1");
        firewall.fails("cc Ethernet lan");
        firewall.fails("activate -now");
        firewall.fails("Name=x");
        firewall.fails("commit");
    }

    @Test
    void namesThatNameNothingAreRefusedUnlessTheyComeLaterInTheScript() {
        assertEquals(
                "LocalNetwork: there is no Address \"nowhere\"\n",
                firewall.fails("add Interface IPsecTunnel t LocalNetwork=nowhere"));
        firewall.ok(TUNNEL);
        assertEquals("PSK: there is no PSK \"k\"\n", firewall.fails("set IPsecTunnel t PSK=k"));
        firewall.ok("set IPsecTunnel t PSK=k\nadd PSK k PSKAscii=x");
        firewall.ok("set IPsecTunnel t PSK=later -force");
        assertTrue(firewall.ok("show -errors").contains("! Error: IPsecTunnel t, PSK: there is no PSK"));
        assertTrue(firewall.fails("activate").contains("has 1 error and is not activated"));
    }

    @Test
    void thousandsOfObjectsComeInOneScript() {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            script.append("add Address IP4Address a").append(i).append(" Address=10.0.0.1\n");
            script.append("add IPPolicy Name=p")
                    .append(i)
                    .append(" SourceInterface=lan SourceNetwork=a")
                    .append(i)
                    .append(" DestinationInterface=any DestinationNetwork=all-nets Service=x Action=Allow\n");
        }
        assertTimeoutPreemptively(java.time.Duration.ofSeconds(20), () -> firewall.ok(script + "activate\ncommit\n"));
        assertEquals(2_000, firewall.transactions.active().all(Policy.class).size());
    }

    @Test
    void ofAScriptWithAMistakeNothingIsKept() {
        String error = firewall.fails("""
                add PSK k PSKAscii=x
                activate
                commit

                # the third property is wrong
                %s
                PSK=k
                DHGroup=14,x
                """.formatted(TUNNEL));
        assertEquals("line 8: DHGroup: \"x\" is not a number from -2147483648 to 2147483647\n", error);
        assertEquals(0, firewall.activations);
        assertEquals(
                "line 2: \"PSK=\" continues a command, but there is none before it\n",
                firewall.fails("# note\nPSK=x\n"));
        assertEquals("line 2: there is no command 'nope'; help lists them\n", firewall.fails("add PSK k\nnope\n"));
        assertEquals("line 2: told to fail\n", firewall.fails("add PSK k\necho fail\n"));
        assertEquals(
                "line 3: PSK: there is no PSK \"missing\"\n",
                firewall.fails("# a name that never comes\n" + TUNNEL + "\nPSK=missing\nactivate\n"));
        String refused = firewall.fails(TUNNEL + " PSK=missing -force\nactivate\n");
        assertTrue(refused.startsWith("line 2: ! Error: IPsecTunnel t, PSK"), refused);
        assertEquals(0, firewall.activations);
    }

    @Test
    void scriptsRunOperationalCommandsInTheirPlace() {
        assertEquals("made\necho a\necho b\n", firewall.ok("newkey k\necho a\nadd IDList l\necho b"));
        assertTrue(candidate().find(IdList.class, "l").isPresent());
        assertTrue(candidate().find(Psk.class, "k").isPresent());
    }

    @Test
    void backslashJoinsLinesAndHashBeginsAComment() {
        firewall.ok("add Address IP4Address a \\\n Address=10.0.0.1 # the host\n");
        firewall.ok("add PSK k PSKAscii=\"a # b\\\"c\\\\d\"");
        assertEquals(
                "a # b\"c\\d",
                candidate()
                        .find(Psk.class, "k")
                        .orElseThrow()
                        .ascii()
                        .orElseThrow()
                        .reveal());
    }

    @Test
    void showPrintsPropertiesTablesAndChangesButNoSecret() {
        firewall.ok("add PSK k PSKAscii=hush");
        firewall.ok(TUNNEL + " PSK=k");
        String one = firewall.ok("show Interface IPsecTunnel t");
        assertTrue(one.contains("             LocalNetwork:  172.16.1.0/24\n"), one);
        assertTrue(one.contains("           RemoteEndpoint:  <empty>\n"), one);
        String table = firewall.ok("show Interface");
        assertTrue(table.contains("+  1  t     172.16.1.0/24  192.168.11.0/24"), table);
        String changes = firewall.ok("show -changes");
        assertTrue(changes.contains("+  IPsecTunnel t"), changes);
        for (String shown : List.of("show PSK k", "show PSK", "show", "show -changes", "script -create")) {
            assertFalse(firewall.ok(shown).contains("hush"), shown);
        }
        assertTrue(firewall.ok("script -create -secrets").contains("hush"));
        assertTrue(firewall.ok("show IP4Address all-nets").contains("0.0.0.0/0"));
        assertTrue(firewall.ok("show Settings RemoteMgmtSettings").contains("ValidationTimeout:  30"));
        firewall.ok("cc RoutingTable main");
        firewall.ok("add Route Interface=t Network=10.0.0.0/8");
        assertTrue(firewall.ok("show").contains("10.0.0.0/8"));
    }

    @Test
    void changesAreTakenBackOneByOneOrAll() {
        firewall.ok("set Ethernet lan IP=172.16.1.9");
        assertEquals("""
                   Object        Property  From        To
                -  ------------  --------  ----------  ----------
                *  Ethernet lan  IP        172.16.1.1  172.16.1.9
                """, firewall.ok("show -changes"));
        firewall.ok("add PSK k PSKAscii=x");
        firewall.ok("reject Ethernet lan");
        assertEquals(
                "172.16.1.1",
                candidate().find(Ethernet.class, "lan").orElseThrow().ip().toString());
        firewall.ok("delete Ethernet lan");
        assertTrue(firewall.ok("show -changes").contains("-  Ethernet lan"));
        firewall.ok("undelete Ethernet lan");
        firewall.ok("reject PSK k");
        assertEquals("No changes.\n", firewall.ok("show -changes"));
        firewall.ok("add PSK k PSKAscii=x");
        firewall.ok("reject");
        assertEquals("No changes.\n", firewall.ok("show -changes"));
        assertEquals("Ethernet lan has no changes\n", firewall.fails("reject Ethernet lan"));
        assertEquals("Ethernet lan was not deleted\n", firewall.fails("undelete Ethernet lan"));
    }

    @Test
    void deletingATableTakesItsRoutesAndUndeleteBringsThemBack() {
        firewall.ok("add PSK k PSKAscii=x\n" + TUNNEL
                + "\ncc RoutingTable main\nadd Route Interface=t Network=::/0\ncc\n" + "activate\ncommit");
        firewall.ok("delete RoutingTable main");
        assertEquals(0, candidate().all(TableRoute.class).size());
        firewall.ok("undelete RoutingTable main");
        assertEquals(1, candidate().all(TableRoute.class).size());
        assertEquals("No changes.\n", firewall.ok("show -changes"));
    }

    @Test
    void objectsAreSwitchedOffAndOn() {
        firewall.ok("set Ethernet lan -disable");
        assertTrue(firewall.ok("show -changes").contains("o  Ethernet lan  (disabled)"));
        assertTrue(candidate().find(Ethernet.class, "lan").isEmpty());
        firewall.ok("set Ethernet lan -enable");
        assertEquals("No changes.\n", firewall.ok("show -changes"));
    }

    @Test
    void activateSaysWhatItDoesAndCommitEndsIt() {
        firewall.ok(TUNNEL);
        assertTrue(firewall.ok("activate -plan").contains("IPsecTunnel t  added"));
        assertEquals(0, firewall.activations);
        assertTrue(firewall.ok("activate").startsWith("Activated. Commit within 30 seconds"));
        assertTrue(firewall.fails("add PSK k").contains("waits for its commit"));
        assertEquals("Committed version 1.\n", firewall.ok("commit"));
        assertEquals("No changes to activate.\n", firewall.ok("activate"));
        firewall.ok("add PSK k");
        firewall.ok("activate");
        firewall.ok("reject -all");
        assertTrue(firewall.transactions.active().find(Psk.class, "k").isEmpty());
    }

    @Test
    void settingsAreSetWithoutAName() {
        firewall.ok("set Settings RemoteMgmtSettings ValidationTimeout=60");
        assertTrue(firewall.ok("show RemoteMgmtSettings").contains("ValidationTimeout:  60"));
        firewall.ok("delete RemoteMgmtSettings");
        assertEquals("No changes.\n", firewall.ok("show -changes"));
        firewall.fails("add RemoteMgmtSettings ValidationTimeout=60");
    }

    @Test
    void anotherAdministratorIsToldWhoIsWriting() {
        firewall.ok("add PSK k");
        assertEquals(1, firewall.run(firewall.open("eve"), "add PSK l"));
        assertTrue(firewall.err.toString().startsWith("admin has changes that are not committed"));
        assertEquals(0, firewall.run(firewall.open("eve"), "reject -all -force"));
        assertEquals(0, firewall.run(firewall.open("eve"), "add PSK l"));
    }

    @Test
    void theScriptOfAConfigurationMakesItAgain() {
        firewall.ok("add PSK k PSKAscii=\"a \\\"b\\\" \\\\ # c\"\n" + TUNNEL
                + " DHGroup=\"\" PSK=k\n"
                + "add IDList l\ncc IDList l\nadd ID i Type=E-Mail E-Mail=a@b CommonName=\"x,y\"\ncc\n"
                + "cc RoutingTable main\nadd Route Interface=t Network=10.0.0.0/8,::/0\ncc\n"
                + "set RemoteMgmtSettings ValidationTimeout=77\nset Ethernet lan -disable\n");
        String script = firewall.ok("script -create -secrets");
        Fixture other = new Fixture();
        other.ok(script);
        assertEquals(script, other.ok("script -create -secrets"));
        assertEquals(
                candidate().find(Tunnel.class, "t"),
                other.transactions.candidate().find(Tunnel.class, "t"));
    }

    @Test
    void helpExplainsCommandsTypesAndProperties() {
        assertTrue(firewall.ok("help").contains("activate"));
        assertTrue(firewall.ok("help add").startsWith("add [CATEGORY] TYPE"));
        assertTrue(firewall.ok("help IPsecTunnel").contains("RemoteEndpoint"));
        assertTrue(firewall.ok("help echo").contains("-num"));
        assertTrue(firewall.ok("help IPsecTunnel IKELifeTimeSeconds").contains("Allowed: a number from 60 to 86400"));
        firewall.fails("help nothing");
    }

    @Test
    void theContextIsLeftWhenItsObjectIsGone() {
        firewall.ok("add IDList l\ncc IDList l");
        assertEquals("Device:/l>", firewall.session.prompt());
        firewall.ok("reject -all");
        assertEquals("Device:/>", firewall.session.prompt());
        firewall.ok("show");
    }
}
