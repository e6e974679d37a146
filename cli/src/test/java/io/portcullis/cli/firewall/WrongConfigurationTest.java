package io.portcullis.cli.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.console.Session;
import io.portcullis.core.time.SystemClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong in a configuration is refused with the object's name and the reason, and what is in force stays so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class WrongConfigurationTest {
    private static final String GOOD = """
            add Interface Ethernet lan EthernetDevice=ens4 IP=192.168.1.1 Network=192.168.1.0/24
            add Interface Ethernet wan EthernetDevice=ens5 IP=203.0.113.1 Network=203.0.113.0/24
            add IPPolicy Name=out SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan
                DestinationNetwork=all-nets Service=all_services Action=Allow
            add Pipe up LimitKbpsTotal=1000
            add Pipe used LimitKbpsTotal=1000
            add PipeRule Name=shaped SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan
                DestinationNetwork=all-nets Service=smtp ForwardChain=used
            add RoutingTable spare
            add RoutingRule Name=mail SourceInterface=lan SourceNetwork=lan_net DestinationInterface=any
                DestinationNetwork=all-nets Service=smtp ForwardRoutingTable=spare ReturnRoutingTable=main
            add Address IP4Address printer Address=192.168.1.9
            add ServiceTCPUDP print Type=TCP DestinationPorts=9100
            add ScheduleProfile office Mon=8-17
            add IPRuleSet guests
            add IPPolicy Name=to_guests SourceInterface=wan SourceNetwork=all-nets DestinationInterface=lan
                DestinationNetwork=printer Service=print Action=Goto RuleSet=guests Schedule=office
            add PSK key Type=ASCII PSKAscii=something-secret
            add Interface IPsecTunnel branch LocalNetwork=lan_net RemoteNetwork=10.8.0.0/16
                RemoteEndpoint=198.51.100.8 PSK=key
            activate
            commit
            """;

    private static final String MATCH =
            " SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan DestinationNetwork=all-nets ";

    private final List<String> output = new ArrayList<>();
    private final Session.Output printed = new Session.Output() {
        @Override
        public void out(String text) {
            output.add(text);
        }

        @Override
        public void err(String text) {
            output.add(text);
        }
    };

    private Firewall firewall;
    private Session session;

    /**
     * A change that must not be put in force.
     *
     * @param object that the refusal names
     * @param reason a part of the sentence
     */
    record Wrong(String change, String object, String reason) {
        @Override
        public String toString() {
            return object + ": " + reason;
        }
    }

    static List<Wrong> wrong() {
        return List.of(
                new Wrong(
                        "add IPPolicy Name=nowhere SourceInterface=lan SourceNetwork=gone_net DestinationInterface=wan"
                                + " DestinationNetwork=all-nets Service=http Action=Allow",
                        "nowhere",
                        "gone_net"),
                new Wrong(
                        "add IPPolicy Name=dmz SourceInterface=dmz SourceNetwork=all-nets DestinationInterface=wan"
                                + " DestinationNetwork=all-nets Service=http Action=Allow",
                        "dmz",
                        "SourceInterface"),
                new Wrong("add IPPolicy Name=unserved" + MATCH + "Service=gopher Action=Allow", "unserved", "gopher"),
                new Wrong(
                        "add IPPolicy Name=never" + MATCH + "Service=http Action=Allow Schedule=never_made",
                        "never",
                        "never_made"),
                new Wrong(
                        "add IPPolicy Name=mixed SourceInterface=lan SourceNetwork=2001:db8::/32"
                                + " DestinationInterface=wan DestinationNetwork=all-nets Service=http Action=Allow",
                        "mixed",
                        "different families"),
                new Wrong("cc RoutingTable main\nadd Route Interface=dmz Network=10.0.0.0/8\ncc", "Route", "dmz"),
                new Wrong(
                        "add RoutingTable isp\ncc RoutingTable isp\nadd Route Interface=wan Network=10.0.0.0/8"
                                + " Gateway=elsewhere\ncc",
                        "Route",
                        "elsewhere"),
                new Wrong(
                        "add RoutingRule Name=astray" + MATCH
                                + "Service=http ForwardRoutingTable=main ReturnRoutingTable=isp2",
                        "astray",
                        "isp2"),
                new Wrong(
                        "add IPPolicy Name=first SourceInterface=wan SourceNetwork=all-nets DestinationInterface=core"
                                + " DestinationNetwork=wan_ip Service=all_services Action=Allow DestinationTranslation=SAT"
                                + " SATTranslateToIP=192.168.1.10\n"
                                + "add IPPolicy Name=second SourceInterface=wan SourceNetwork=all-nets"
                                + " DestinationInterface=core DestinationNetwork=wan_ip Service=http Action=Allow"
                                + " DestinationTranslation=SAT SATTranslateToIP=192.168.1.20",
                        "second",
                        "first, which stands above it, sends all that it matches to 192.168.1.10"),
                new Wrong(
                        "add IPPolicy Name=sat SourceInterface=wan SourceNetwork=all-nets DestinationInterface=core"
                                + " DestinationNetwork=wan_ip Service=http Action=Allow DestinationTranslation=SAT"
                                + " SATTranslateToIP=192.168.1.0/24",
                        "sat",
                        "is not the address of one host"),
                new Wrong(
                        "add IPRuleSet one\nadd IPRuleSet two\n"
                                + "add IPPolicy Name=begin" + MATCH + "Service=http Action=Goto RuleSet=one\n"
                                + "cc IPRuleSet one\nadd IPPolicy Name=on" + MATCH + "Service=http Action=Goto"
                                + " RuleSet=two\ncc\n"
                                + "cc IPRuleSet two\nadd IPPolicy Name=again" + MATCH + "Service=http Action=Goto"
                                + " RuleSet=one\ncc",
                        "again",
                        "one > two > one"),
                new Wrong(
                        "add IPPolicy Name=lost" + MATCH + "Service=http Action=Goto RuleSet=unmade", "lost", "unmade"),
                new Wrong(
                        "add IPPolicy Name=back" + MATCH + "Service=http Action=Return",
                        "back",
                        "nothing to return to"),
                new Wrong(
                        "add PipeRule Name=circle" + MATCH + "Service=http ForwardChain=up,up",
                        "circle",
                        "leads through up twice"),
                new Wrong("add PipeRule Name=dry" + MATCH + "Service=http ForwardChain=down", "dry", "down"),
                new Wrong("set Pipe up PrecedenceMin=4", "up", "PrecedenceDefault"),
                new Wrong("add Access Name=stranger Interface=dmz Network=all-nets Action=Expect", "stranger", "dmz"),
                new Wrong(
                        "add Address IP4Group ring Members=chain\nadd Address IP4Group chain Members=ring",
                        "ring",
                        "chain"),
                new Wrong("add Interface InterfaceGroup both Members=lan,dmz", "both", "dmz"),
                new Wrong(
                        "add Interface IPsecTunnel vpn LocalNetwork=lan_net RemoteNetwork=10.9.0.0/16"
                                + " RemoteEndpoint=198.51.100.9 PSK=no_key",
                        "vpn",
                        "no_key"),
                new Wrong("delete Address IP4Address printer", "to_guests", "printer"),
                new Wrong("delete ServiceTCPUDP print", "to_guests", "print"),
                new Wrong("delete ScheduleProfile office", "to_guests", "office"),
                new Wrong("delete IPRuleSet guests", "to_guests", "guests"),
                new Wrong("delete RoutingTable spare", "mail", "spare"),
                new Wrong("delete Pipe used", "shaped", "used"),
                new Wrong("delete PSK key", "branch", "key"),
                new Wrong("delete Interface Ethernet wan", "out", "wan"));
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        SystemClock clock = new SystemClock();
        firewall = Firewall.start(new NowhereMachine(clock), folder, clock, new SecureRandom());
        firewall.restore();
        session = firewall.sessions().open("admin");
        assertEquals(0, session.execute(GOOD, printed), output::toString);
    }

    @AfterAll
    void stop() throws Exception {
        session.close();
        firewall.close();
    }

    private String run(String script) throws InterruptedException {
        output.clear();
        assertEquals(0, session.execute(script, printed), () -> script + "\n" + output);
        return String.join("", output);
    }

    private String inForce() throws InterruptedException {
        return run("rules") + run("routes -all") + run("pipes") + run("ipsec");
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void isRefusedByNameAndNothingChanges(Wrong wrong) throws InterruptedException {
        String before = inForce();
        output.clear();
        // Some are refused when they are typed, the others when all is there.
        int typed = session.execute(wrong.change(), printed);
        int status = typed != 0 ? typed : session.execute("activate", printed);
        String said = String.join("", output);
        session.execute("cc", printed);
        assertEquals(before, inForce(), "what is in force");
        session.execute("reject -all", printed);
        assertNotEquals(0, status, wrong.change());
        // Who types an object knows which one: there the property is named.
        assertTrue(typed != 0 || said.contains(wrong.object()), said);
        assertTrue(said.contains(wrong.reason()), said);
    }

    @Test
    void whatIsRightIsTakenAfterwards() throws InterruptedException {
        run("add PipeRule Name=circle" + MATCH + "Service=http ForwardChain=up,up");
        assertNotEquals(0, session.execute("activate", printed));
        run("set PipeRule circle ForwardChain=up");
        assertTrue(run("activate\ncommit\npipes").contains("up"), output::toString);
        run("delete PipeRule circle\nactivate\ncommit");
    }
}
