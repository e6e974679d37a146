package io.portcullis.test.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Tcp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Random rule sets and packets: what {@code trace} says of a packet is what happens to it right after. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceAgreementTest {
    private static final int RULE_SETS = 8;
    private static final int PACKETS = 24;

    private static final List<String> HOSTS = List.of(
            FilterLab.LAN_HOST,
            FilterLab.LAN_OTHER,
            FilterLab.WAN_HOST,
            FilterLab.WAN_OTHER,
            FilterLab.DMZ_HOST,
            FilterLab.LAN,
            FilterLab.WAN);
    private static final List<String> WIRES = List.of("lan", "wan", "dmz");
    private static final List<String> NETWORKS =
            List.of("all-nets", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.10", FilterLab.WAN);
    private static final List<String> SERVICES = List.of("all_services", "all_tcpudp", "http", "dns-udp", "all_icmp");
    private static final int[] PORTS = {53, 80, 443, 4000};

    private static final Pattern LEAVES = Pattern.compile(
            "leaves\\s+as\\s+(\\S+?)(?:,?\\s+port,\\s+for\\s+example,\\s+\\d+|:\\d+)?\\s+->\\s+([0-9.]+)");

    private FilterLab lab;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @Test
    void whatIsSaidIsWhatHappens() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int set = 0; set < RULE_SETS; set++) {
            String script = rules(random);
            lab.configure(script);
            for (int i = 0; i < PACKETS; i++) {
                assertAgreement(random, "seed " + seed + "\n" + script);
            }
        }
    }

    private void assertAgreement(SplittableRandom random, String where) {
        String wire = pick(WIRES, random);
        String from = pick(HOSTS, random);
        String to = pick(HOSTS, random);
        int port = PORTS[random.nextInt(PORTS.length)];
        int other = PORTS[random.nextInt(PORTS.length)];
        String ports = "%s:%d %s:%d".formatted(from, port, to, other);
        boolean opens = random.nextInt(3) > 0;
        Datagram datagram;
        String command;
        switch (random.nextInt(4)) {
            case 0 -> {
                datagram = Datagram.icmp(from, to, 8, 0, 0);
                command = "trace %s icmp %s %s -size=44".formatted(wire, from, to);
            }
            case 1 -> {
                datagram = Datagram.udp(from, port, to, other);
                command = "trace %s udp %s -size=44".formatted(wire, ports);
            }
            case 2 -> {
                datagram = Datagram.ofProtocol(from, to, 47);
                command = "trace %s gre %s %s -size=52".formatted(wire, from, to);
            }
            default -> {
                datagram = Datagram.tcp(from, port, to, other, opens ? Tcp.SYN : Tcp.ACK, 1000, 0, 0);
                command = "trace %s tcp %s -seq=1000%s".formatted(wire, ports, opens ? "" : " -flags=ACK");
            }
        }
        Map<String, Long> drops = lab.drops();
        String connections = lab.type("connections -num=all");
        lab.type("memlog -clear");
        String told = lab.ask(command);
        assertEquals("No events.\n", lab.type("memlog"), () -> where + told);
        assertEquals(drops, lab.drops(), () -> where + told);
        assertEquals(connections, lab.type("connections -num=all"), () -> where + told);
        compare(told, lab.sent(wire, datagram), where + command + "\n" + told);
    }

    private static void compare(String told, FilterLab.Outcome outcome, String where) {
        String verdict = told.lines().filter(line -> line.matches("[A-Z].*")).reduce("", (_, last) -> last);
        if (verdict.startsWith("Dropped: ")) {
            String reason = verdict.substring(9).split("[ .]", 2)[0];
            assertEquals(Map.of(reason, 1L), outcome.dropped(), () -> where + outcome);
            return;
        }
        assertEquals(Map.of(), outcome.dropped(), () -> where + outcome);
        if (!verdict.startsWith("Forwarded to ")) {
            return;
        }
        assertEquals(1, outcome.arrived().size(), () -> where + outcome);
        byte[] octets = outcome.arrived().getFirst().octets();
        Matcher leaves = LEAVES.matcher(told);
        if (leaves.find()) {
            assertEquals(address(octets, 12), leaves.group(1), () -> where + outcome);
            assertEquals(address(octets, 16), leaves.group(2), () -> where + outcome);
        }
    }

    private static String address(byte[] octets, int at) {
        return IpAddress.of(java.util.Arrays.copyOfRange(octets, at, at + 4)).toString();
    }

    private static String rules(SplittableRandom random) {
        StringBuilder script = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            script.append("add Access Name=access%d Interface=%s Network=%s Action=%s\n"
                    .formatted(
                            i,
                            pick(WIRES, random),
                            // Not of the hosts that the laboratory's own packets come from.
                            pick(List.of(FilterLab.LAN_OTHER, FilterLab.WAN_OTHER), random),
                            pick(List.of("Drop", "Accept", "Expect"), random)));
        }
        int policies = random.nextInt(1, 7);
        for (int i = 0; i < policies; i++) {
            script.append(
                    "add IPPolicy Name=policy%d SourceInterface=%s SourceNetwork=%s DestinationInterface=%s DestinationNetwork=%s Service=%s %s\n"
                            .formatted(
                                    i,
                                    random.nextBoolean() ? "any" : pick(WIRES, random),
                                    pick(NETWORKS, random),
                                    random.nextInt(3) > 0 ? "any" : pick(List.of("lan", "wan", "core"), random),
                                    pick(NETWORKS, random),
                                    pick(SERVICES, random),
                                    action(random)));
        }
        return script.toString();
    }

    private static String action(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> "Action=Deny";
            case 1 -> "Action=Deny DenyBehavior=Reject";
            case 2 -> "Action=Allow SourceTranslation=NAT";
            case 3 ->
                "Action=Allow SourceTranslation=None DestinationTranslation=SAT SATTranslateToIP=" + FilterLab.DMZ_HOST;
            default -> "Action=Allow SourceTranslation=" + pick(List.of("Auto", "None"), random);
        };
    }

    private static <T> T pick(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    @Test
    void theWayThroughRuleSetsIsTold() {
        lab.configure(FilterLab.policy(
                "web", "SourceInterface=lan SourceNetwork=192.0.2.0/24", "all-nets", "Action=Allow", "http"));
        String told = lab.ask("trace lan tcp 192.0.2.10:4000 198.51.100.10:80");
        assertTrue(told.contains("main 2 web: Allow"), told);
        assertTrue(told.contains("198.51.100.0/24 by wan, metric 100, table main"), told);
        assertTrue(told.endsWith("Forwarded to wan.\n"), told);
        assertTrue(told.lines().allMatch(line -> line.length() <= 100), told);
        told = lab.ask("trace lan tcp 192.0.2.10:4000 198.51.100.10:81");
        assertTrue(told.contains("Default_Rule: Drop, since no policy matches"), told);
        assertTrue(told.contains("Dropped: no_policy by Default_Rule."), told);
    }
}
