package io.portcullis.test.shaping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Eight megabits a second for the kernel's TCP, into the Internet and into a tunnel, by devices with super-packets and
 * without; and numbered datagrams of a higher precedence beside it, of which none is lost.
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class PipesTest {
    private static final String KEY = "a-secret-of-the-laboratory";
    private static final double MEGABITS = 8;
    private static final long OCTETS = 4_000_000;

    @ParameterizedTest
    @CsvSource({"1, true", "3, false"})
    void tcpHasWhatThePipeLetsPassAndDatagramsGoFirst(int workers, boolean offload) {
        String script = "set Settings WorkerSettings Workers=" + workers + "\n"
                + GatewayScript.gateway(KEY).text()
                + "add IPPolicy Name=web SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan"
                + " DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=NAT\n"
                + "add Pipe up LimitKbpsTotal=8000 LimitKbps6=1000 Grouping=SourceIP DynamicBalancing=Yes\n"
                + "add PipeRule Name=udp SourceInterface=lan SourceNetwork=lan_net DestinationInterface=any"
                + " DestinationNetwork=all-nets Service=all_udp ForwardChain=up Precedence=Fixed FixedPrecedence=6\n"
                + "add PipeRule Name=rest SourceInterface=lan SourceNetwork=lan_net DestinationInterface=any"
                + " DestinationNetwork=all-nets Service=all_services ForwardChain=up\n";
        try (TwoSites sites = TwoSites.open(offload)) {
            Charon peer = Charon.asPeer(sites);
            peer.load(SwanConnection.ofPeer("default", "default", KEY));
            Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), peer::log);
            assertShaped(sites.host, sites.router, TwoSites.ROUTER_NEAR);
            assertShaped(sites.host, sites.branch, TwoSites.BRANCH);
            String pipes = firewall.command("pipes up").orThrow().output();
            assertTrue(pipes.contains("1 users by SourceIP"), pipes);
            String users = firewall.command("pipes up -users").orThrow().output();
            assertTrue(users.contains(TwoSites.HOST), users);
            // Answers go through no pipe.
            Traffic.Transfer back = Traffic.tcp(sites.branch, sites.host, TwoSites.HOST, OCTETS);
            assertTrue(back.megabitsPerSecond() > 2 * MEGABITS, back.toString());
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    @Test
    void allTunnelsTogetherHaveTheirThroughputBothWays() {
        String script = GatewayScript.gateway(KEY).text() + "set Settings IPsecSettings MaxVPNThroughput=8\n"
                + "add IPPolicy Name=web SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan"
                + " DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=NAT\n";
        try (TwoSites sites = TwoSites.open(true)) {
            Charon peer = Charon.asPeer(sites);
            peer.load(SwanConnection.ofPeer("default", "default", KEY));
            Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), peer::log);
            double there = Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, OCTETS)
                    .megabitsPerSecond();
            double back =
                    Traffic.tcp(sites.branch, sites.host, TwoSites.HOST, OCTETS).megabitsPerSecond();
            assertTrue(there > 0.8 * MEGABITS && there < MEGABITS, there + " Mbit/s");
            assertTrue(back > 0.8 * MEGABITS && back < MEGABITS, back + " Mbit/s");
            double beside = Traffic.tcp(sites.host, sites.router, TwoSites.ROUTER_NEAR, OCTETS)
                    .megabitsPerSecond();
            assertTrue(beside > 2 * MEGABITS, beside + " Mbit/s beside tunnels");
            String pipes = firewall.command("pipes").orThrow().output();
            assertTrue(pipes.contains("MaxVPNThroughput  8000"), pipes);
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    private static void assertShaped(Namespace from, Namespace to, String address) {
        try (DatagramStream stream = DatagramStream.start(from, to, address, 200, 100)) {
            Traffic.Transfer transfer = Traffic.tcp(from, to, address, OCTETS);
            double rate = transfer.megabitsPerSecond();
            // 160 kbit/s of datagrams and the headers of TCP are not in it; the senders' queues are never empty for
            // long.
            assertTrue(rate > 0.8 * MEGABITS && rate < 0.98 * MEGABITS, rate + " Mbit/s to " + address);
            DatagramStream.Report report = stream.stop();
            assertTrue(report.complete(), report::toString);
        }
    }
}
