package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** tshark reads what {@code pcapdump} writes: the inside of a tunnel, its outside, and why packets died. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.CAPTURE})
class PcapdumpTest {
    private static final String KEY = "captured-between-two-firewalls";
    private static final String ECHO_REQUEST = "8";
    private static final String ECHO_REPLY = "0";
    private static final int PINGS = 3;
    /** Nobody has allowed anything that goes there. */
    private static final String FORBIDDEN = "203.0.113.77";

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void tsharkReadsAllOfIt(int workers) {
        String script = GatewayScript.gateway(KEY)
                .line("set Settings WorkerSettings Workers=" + workers)
                .text();
        try (TwoSites sites = TwoSites.open();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
                Firewall other = Firewall.start(
                        sites.lab(), sites.peer, GatewayScript.peer(KEY).text())) {
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), firewall::complaints);
            firewall.command("pcapdump -start -out=all").orThrow();
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, PINGS), firewall::complaints);
            Command.attempt(sites.host.within("ping", "-c", "1", "-W", "1", FORBIDDEN));
            String ended = firewall.command("pcapdump -stop").orThrow().output();
            Matcher file =
                    Pattern.compile("(\\S+all\\.pcapng): \\d+ packets\\.").matcher(ended);
            assertTrue(file.find(), ended);

            String tunnel = "frame.interface_name == \"" + GatewayScript.TUNNEL + "\" && icmp";
            assertEquals(2 * PINGS, fields(file.group(1), tunnel, "icmp.type").size());
            assertEquals(
                    List.of(ECHO_REQUEST + "\t0x00000002", ECHO_REPLY + "\t0x00000001"),
                    fields(file.group(1), tunnel, "icmp.type", "frame.packet_flags")
                            .subList(0, 2),
                    "out by the tunnel, and in by it");
            assertEquals(
                    PINGS,
                    fields(
                                    file.group(1),
                                    "frame.interface_name == \"wan\" && esp && ip.src == " + TwoSites.GATEWAY,
                                    "esp.spi")
                            .size());
            assertEquals(
                    List.of("dropped: no_policy by Default_Rule"),
                    fields(file.group(1), "frame.comment && ip.dst == " + FORBIDDEN, "frame.comment"));
            assertEquals(
                    List.of(), fields(file.group(1), "_ws.malformed || _ws.expert.severity == error", "frame.number"));
            assertEquals("", other.complaints());
        }
    }

    private static List<String> fields(String file, String filter, String... fields) {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file, "-Y", filter, "-T", "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return Command.attempt(command)
                .orThrow()
                .output()
                .lines()
                .filter(line -> !line.startsWith("Running as user"))
                .toList();
    }
}
