package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What {@code run} and {@code cli} promise to scripts. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class RunTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void anEndBySigtermDeletesSasAtThePeerAndGivesTheDevicesBack() {
        try (TwoSites sites = TwoSites.open()) {
            Charon peer = Charon.asPeer(sites);
            peer.load(SwanConnection.ofPeer("default", "default", Scenario.KEY));
            String before = devices(sites.gateway);
            Firewall firewall = Firewall.start(
                    sites.lab(),
                    sites.gateway,
                    GatewayScript.gateway(Scenario.KEY)
                            .tunnel("AutoEstablish=Yes")
                            .text());
            assertTrue(Await.within(SOON, () -> peer.childSas() == 1), peer::listing);
            assertTrue(Traffic.ping(sites.host, TwoSites.GATEWAY_LAN, 1));
            assertEquals(0, firewall.stop(), firewall::complaints);
            assertTrue(Await.within(Duration.ofSeconds(1), () -> peer.listing().isBlank()), peer::listing);
            assertBecomes(before, () -> devices(sites.gateway));
        }
    }

    /** The kernel looks for duplicates of the addresses that it gives a device back. */
    private static void assertBecomes(String expected, Supplier<String> actual) {
        if (!Await.within(SOON, () -> actual.get().equals(expected))) {
            assertEquals(expected, actual.get());
        }
    }

    @Test
    void afterAKillTheNextRunGivesTheDevicesBackAsTheyWere() {
        try (TwoSites sites = TwoSites.open()) {
            sites.gateway.ip("link set lan alias mine");
            sites.gateway.sysctl("net.ipv4.conf.lan.rp_filter=2", "net.ipv4.conf.lan.forwarding=1");
            String before = devices(sites.gateway) + settings(sites.gateway);
            Firewall killed = Firewall.start(sites.lab(), sites.gateway, GatewayScript.gatewayDevices());
            assertNotEquals(before, devices(sites.gateway) + settings(sites.gateway));
            killed.kill();
            try (Firewall next = Firewall.launch(sites.gateway, killed.data(), List.of())) {
                next.awaitReady();
                assertEquals(0, next.stop(), next::complaints);
            }
            assertBecomes(before, () -> devices(sites.gateway) + settings(sites.gateway));
        }
    }

    private static String settings(Namespace namespace) {
        return namespace
                .run("sysctl", "-a", "-r", "conf.(lan|wan).(arp_ignore|rp_filter|forwarding|proxy_arp|disable_ipv6)$")
                .output();
    }

    @Test
    void aScriptThatFailsIsNamedByItsLineAndNothingOfItIsKept() throws IOException {
        try (Lab lab = Lab.open()) {
            Namespace gateway = lab.namespace("gateway");
            Path folder = lab.folder("failing");
            Path script = folder.resolve("gw.cli");
            Files.writeString(
                    script,
                    "add Address IP4Address first Address=10.0.0.1\n" + "\n".repeat(38)
                            + "add Address IP4Address second Address=10.0.0.256\n");
            Path data = folder.resolve("data");
            try (Firewall firewall = Firewall.launch(gateway, data, List.of("--script", script.toString()))) {
                assertEquals(1, firewall.awaitEnd(SOON));
                assertFalse(firewall.isReady());
                assertTrue(firewall.complaints().contains("40"), firewall::complaints);
                assertTrue(firewall.complaints().contains("10.0.0.256"), firewall::complaints);
            }
            try (Firewall firewall = Firewall.launch(gateway, data, List.of())) {
                firewall.awaitReady();
                assertFalse(firewall.command("show Address IP4Address first").succeeded());
            }
        }
    }

    @Test
    void statusesOfCliAndOneProcessPerDataFolder() throws IOException {
        try (Lab lab = Lab.open()) {
            Namespace gateway = lab.namespace("gateway");
            Path data = lab.folder("statuses").resolve("data");
            try (Firewall firewall = Firewall.launch(gateway, data, List.of())) {
                assertEquals(2, firewall.cli("show").status());
                firewall.awaitReady();
                Command.Result good = firewall.cli("show Service");
                assertEquals(0, good.status(), good.output());
                assertTrue(good.output().contains("all_services"), good.output());
                Command.Result bad = firewall.cli("add Interface IPsecTunnel t LocalNetwork=nowhere");
                assertEquals(1, bad.status(), bad.output());
                assertTrue(bad.output().contains("LocalNetwork"), bad.output());
                assertTrue(bad.output().contains("nowhere"), bad.output());
                try (Firewall second = Firewall.launch(gateway, data, List.of())) {
                    assertEquals(1, second.awaitEnd(SOON));
                    assertTrue(second.complaints().contains(data.toString()), second::complaints);
                }
                assertEquals(0, firewall.stop(), firewall::complaints);
                assertEquals(2, firewall.cli("show").status());
            }
        }
    }

    private static String devices(Namespace namespace) {
        return namespace.run("ip", "-o", "address", "show").output()
                + namespace.run("ip", "-o", "link", "show").output()
                + namespace.run("ethtool", "-k", "lan").output()
                + namespace.run("ip", "route", "show", "table", "all").output();
    }
}
