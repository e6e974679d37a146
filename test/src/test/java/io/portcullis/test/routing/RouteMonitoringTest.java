package io.portcullis.test.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoProviders;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Routes that follow what is behind them: a host by ICMP, TCP and HTTP, a gateway by ARP, a link. */
@Needs({Need.ROOT, Need.NAMESPACES})
class RouteMonitoringTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SAMPLING = " PollingInterval=200 Samples=4 MaxPollFails=1 MaxAverageLatency=500";

    private static final String ROUTES = """
            cc RoutingTable main
            add Route Name=preferred Interface=wan1 Network=all-nets Gateway=198.51.100.1 Metric=10
                EnableHostMonitoring=Yes GracePeriod=1 MinimumReachability=3
            add Route Name=second Interface=wan2 Network=all-nets Gateway=192.0.2.1 Metric=20
            cc Route preferred
            add MonitoredHost IPAddress=%1$s%2$s
            add MonitoredHost IPAddress=%1$s Method=TCP Port=%3$d%2$s
            add MonitoredHost IPAddress=%1$s Method=HTTP RequestURL=http://www.example.com:%3$d/status
                ExpectedResponse="Database OK"%2$s
            cc
            """.formatted(TwoProviders.SERVER, SAMPLING, TwoProviders.PORT);

    private static long reachable(Firewall firewall) {
        return firewall.command("hostmon")
                .output()
                .lines()
                .filter(line -> line.startsWith("YES "))
                .count();
    }

    private static boolean isRouted(Firewall firewall, String iface) {
        return firewall.command("routes -lookup=" + TwoProviders.SERVER)
                .output()
                .contains(" " + iface + " ");
    }

    @Test
    void aHostGoesAwayAndReturns() {
        try (TwoProviders lab = new TwoProviders()) {
            lab.serve("Database OK");
            Firewall firewall = lab.firewall(ROUTES);
            assertTrue(
                    Await.within(SOON, () -> reachable(firewall) == 3),
                    () -> firewall.command("hostmon").output());
            assertTrue(isRouted(firewall, "wan1"));
            assertTrue(Traffic.ping(lab.host, TwoProviders.SERVER, 2));

            lab.first.ip("link set core down");
            assertTrue(
                    Await.within(SOON, () -> isRouted(firewall, "wan2")),
                    () -> firewall.command("hostmon -verbose").output());
            assertEquals(0, reachable(firewall));
            assertTrue(Traffic.ping(lab.host, TwoProviders.SERVER, 15), "by the second provider, for three seconds");
            assertEquals(0, reachable(firewall), "questions still take the way that they are about");
            assertTrue(firewall.command("routes").output().contains("SX"), "the route is shown, out of order");

            lab.first.ip("link set core up\nroute add " + TwoProviders.SERVER + "/32 via 10.1.0.2");
            assertTrue(
                    Await.within(SOON, () -> reachable(firewall) == 3),
                    () -> firewall.command("hostmon").output());
            assertTrue(Await.within(SOON, () -> isRouted(firewall, "wan1")));
            assertTrue(Traffic.ping(lab.host, TwoProviders.SERVER, 2));

            String log = firewall.command("memlog -num=all").output();
            for (String event : new String[] {
                "monitored_host_unreachable action=none ip=203.0.113.80 proto=HTTP monitor=\"RoutingTable main/Route"
                        + " preferred\"",
                "event=hostmon_failed action=route_disabled iface=wan1 table=main net=0.0.0.0/0 gateway=198.51.100.1",
                "event=hostmon_successful action=route_enabled iface=wan1 table=main net=0.0.0.0/0"
            }) {
                assertTrue(log.contains(event), () -> event + " is not in\n" + log);
            }
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    @Test
    void aGatewayThatDoesNotAnswerAndALinkThatIsDown() {
        try (TwoProviders lab = new TwoProviders()) {
            Firewall firewall = lab.firewall("""
                    set Settings RouteFailOverSettings ARPPollInterval=200 IfacePollInterval=100 ConsecFails=3
                    cc RoutingTable main
                    add Route Interface=wan1 Network=all-nets Gateway=198.51.100.1 Metric=10 GracePeriod=0
                        MonitorGateway=Yes MonitorLinkStatus=Yes
                    add Route Interface=wan2 Network=all-nets Gateway=192.0.2.1 Metric=20
                    cc
                    """);
            assertTrue(
                    Await.within(SOON, () -> reachable(firewall) == 1),
                    () -> firewall.command("hostmon").output());
            assertTrue(isRouted(firewall, "wan1"));
            lab.first.ip("link set customer arp off");
            assertTrue(Await.within(SOON, () -> isRouted(firewall, "wan2")));
            lab.first.ip("link set customer arp on");
            assertTrue(Await.within(SOON, () -> isRouted(firewall, "wan1")));
            lab.first.ip("link set customer down");
            assertTrue(Await.within(SOON, () -> isRouted(firewall, "wan2")));
            assertTrue(Traffic.ping(lab.host, TwoProviders.SERVER, 2));
            lab.first.ip("link set customer up");
            assertTrue(Await.within(SOON, () -> isRouted(firewall, "wan1")));
            String log = firewall.command("memlog -category=RFO -num=all").output();
            for (String event : new String[] {
                "event=no_arp action=route_disabled",
                "event=has_arp action=route_enabled",
                "event=no_link action=route_disabled",
                "action=route_enabled iface=wan1 table=main net=0.0.0.0/0 gateway=198.51.100.1"
            }) {
                assertTrue(log.contains(event), () -> event + " is not in\n" + log);
            }
        }
    }

    @Test
    void aServerWithoutItsDatabaseIsUnreachableByHttpOnly() {
        try (TwoProviders lab = new TwoProviders()) {
            lab.serve("Database missing");
            Firewall firewall = lab.firewall(ROUTES);
            assertTrue(
                    Await.within(SOON, () -> isRouted(firewall, "wan2")),
                    () -> firewall.command("hostmon").output());
            assertEquals(
                    2, reachable(firewall), () -> firewall.command("hostmon").output());
            // Nothing is left behind by so many connections.
            assertTrue(Await.within(
                    SOON,
                    () -> firewall.command("connections -num=all")
                                    .output()
                                    .lines()
                                    .count()
                            < 20));
        }
    }
}
