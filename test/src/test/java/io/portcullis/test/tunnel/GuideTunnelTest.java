package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.IoMode;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first tunnel of the user's guide, with the guide's file for the peer, as a reader would set it up. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class GuideTunnelTest {
    /** The guide's first examples: interfaces, the ways into the Internet and to the firewall, the tunnel. */
    private static List<String> blocks(String kind) throws IOException {
        Path guide = Firewall.launcher().resolveSibling("docs").resolve("guide.md");
        return Pattern.compile("^```" + kind + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(guide))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String upToTheTunnel(List<String> examples) {
        List<String> needed = new ArrayList<>();
        for (String example : examples) {
            needed.add(example);
            if (example.contains("IPsecTunnel")) {
                return String.join("\n", needed);
            }
        }
        throw new IllegalStateException("no tunnel in the guide");
    }

    @Test
    void theFirstTunnelComesUpWithTheFirstPacket() throws IOException {
        // Only the devices have other names here, and frames may come another way.
        String script = upToTheTunnel(blocks("portcullis"))
                .replace("=ens4 ", "=lan ")
                .replace("=ens5 ", "=wan ")
                .replaceAll(
                        "(?m)^(add Interface Ethernet .*)$",
                        "$1" + IoMode.current().property());
        try (TwoSites sites = TwoSites.open()) {
            Charon branch = Charon.asPeer(sites);
            branch.load(blocks("swanctl").getFirst());
            Firewall office = Firewall.start(sites.lab(), sites.gateway, script);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), branch::log);
            assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 3), branch::log);
            assertEquals(1, branch.childSas(), branch::listing);
            assertTrue(Traffic.ping(sites.host, TwoSites.GATEWAY_LAN, 1));
            Command.Result ping = office.command("ping 192.168.11.1 -count=2");
            assertTrue(ping.output().contains("Sent: 2, Received:2"), ping::output);
            Command.Result why = office.command("ike -why=branch");
            assertTrue(why.output().contains("established"), why::output);
            assertEquals(0, office.stop(), office::complaints);
        }
    }
}
