package io.portcullis.test.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are reached at addresses of the firewall's, by the kernels' own TCP. */
@Needs({Need.ROOT, Need.NAMESPACES})
class DestinationTranslationTest {
    private static final int CONNECTIONS = 40;
    private static final int LONG = 2_000_000;
    private static final int PORT = 8080;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String KEY = "sat-between-two-firewalls";

    private static final String ROUTER6 = "2001:db8:51::1";
    private static final String GATEWAY6 = "2001:db8:51::2";
    private static final String HOST6 = "2001:db8:16::10";

    /** A policy that sends HTTP for an address to a server. */
    private static String published(String name, String from, String to, String server, String more) {
        return "add IPPolicy Name=" + name + " " + ends(from, to) + " Service=http Action=Allow"
                + " DestinationTranslation=SAT SATTranslateToIP=" + server + " SATTranslateToPort=" + PORT + " " + more
                + "\n";
    }

    /** A policy that sends DNS for an address to where nobody listens. */
    private static String nobody(String name, String from, String to, String server) {
        return "add IPPolicy Name=" + name + " " + ends(from, to) + " Service=dns-udp Action=Allow"
                + " DestinationTranslation=SAT SATTranslateToIP=" + server + " SATTranslateToPort=5353\n";
    }

    /** Each end as {@code interface network}. */
    private static String ends(String from, String to) {
        return "SourceInterface=" + from.replace(" ", " SourceNetwork=") + " DestinationInterface="
                + to.replace(" ", " DestinationNetwork=");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aServerInsideIsReachedAtTheFirewallsAddress(int workers) throws Exception {
        String script = "set Settings WorkerSettings Workers=" + workers + "\n"
                + GatewayScript.gatewayDevices()
                + "set Interface Ethernet lan IP6=2001:db8:16::1 Network6=2001:db8:16::/64\n"
                + "set Interface Ethernet wan IP6=" + GATEWAY6 + " Network6=2001:db8:51::/64\n"
                + published("web", "wan all-nets", "core wan_ip", TwoSites.HOST, "")
                + published("web6", "wan all-nets6", "core " + GATEWAY6, HOST6, "")
                + published("from_inside", "lan lan_net", "core wan_ip", TwoSites.HOST, "SourceTranslation=NAT")
                + nobody("nobody", "wan all-nets", "core wan_ip", TwoSites.HOST)
                + nobody("nobody6", "wan all-nets6", "core " + GATEWAY6, HOST6);
        try (TwoSites sites = TwoSites.open()) {
            sites.host.ip("addr add " + HOST6 + "/64 dev eth0 nodad\nroute add default via 2001:db8:16::1");
            sites.router.ip("addr add " + ROUTER6 + "/64 dev isp nodad");
            try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
                    EchoServer server = new EchoServer(sites.host)) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertEquals(TwoSites.ROUTER_NEAR, server.seenFrom(sites.router, TwoSites.GATEWAY, 100 + i));
                    assertEquals(ROUTER6, server.seenFrom(sites.router, GATEWAY6, 100 + i));
                    assertEquals(TwoSites.GATEWAY_LAN, server.seenFrom(sites.host, TwoSites.GATEWAY, 100 + i));
                }
                assertEquals(TwoSites.ROUTER_NEAR, server.seenFrom(sites.router, TwoSites.GATEWAY, LONG));
                // The server's kernel says that nobody listens, and quotes what it got.
                assertTrue(sites.router.call(() -> isRefused(TwoSites.GATEWAY, 53)), "an error for who asked");
                assertTrue(sites.router.call(() -> isRefused(GATEWAY6, 53)), "an error for who asked by IPv6");
                String connections = firewall.command("connections -verbose -num=all")
                        .orThrow()
                        .output();
                assertTrue(connections.contains("-> " + TwoSites.HOST + ":" + PORT), connections);
                String rules = firewall.command("rules -verbose").orThrow().output();
                assertTrue(rules.contains(TwoSites.HOST + " port " + PORT), rules);
                assertEquals("", firewall.complaints());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void networksAreTranslatedOneToOne(int workers) throws Exception {
        String ports = " Service=eighties DestPortAction=Transposed SATTranslateToPort=" + (PORT - 5);
        String to = " Action=Allow DestinationTranslation=SAT DestAddressAction=Transposed SATTranslateToIP=";
        String from = " Service=eighties Action=Allow SourceTranslation=SAT SATSourceIP=";
        String script = "set Settings WorkerSettings Workers=" + workers + "\n"
                + GatewayScript.gatewayDevices()
                + "set Interface Ethernet lan IP6=2001:db8:16::1 Network6=2001:db8:16::/64\n"
                + "set Interface Ethernet wan IP6=" + GATEWAY6 + " Network6=2001:db8:51::/64 DefaultGateway6="
                + ROUTER6 + "\n"
                + "add Service ServiceTCPUDP eighties DestinationPorts=75-89\n"
                + "add IPPolicy Name=in " + ends("wan all-nets", "any 192.0.2.0/24") + ports + to + "172.16.1.0/24\n"
                + "add IPPolicy Name=in6 " + ends("wan all-nets6", "any 2001:db8:99::/64") + ports + to
                + "2001:db8:16::/64\n"
                + "add IPPolicy Name=out " + ends("lan 172.16.1.0/24", "wan all-nets") + from + "192.0.2.0/24\n"
                + "add IPPolicy Name=out6 " + ends("lan 2001:db8:16::/64", "wan all-nets6") + from
                + "2001:db8:99::/64\n";
        try (TwoSites sites = TwoSites.open()) {
            sites.host.ip("addr add " + HOST6 + "/64 dev eth0 nodad\nroute add default via 2001:db8:16::1");
            sites.router.ip("addr add " + ROUTER6 + "/64 dev isp nodad\nroute add 192.0.2.0/24 via " + TwoSites.GATEWAY
                    + "\nroute add 2001:db8:99::/64 via " + GATEWAY6);
            try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
                    EchoServer inside = new EchoServer(sites.host, PORT);
                    EchoServer outside = new EchoServer(sites.router, 80)) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertEquals(TwoSites.ROUTER_NEAR, inside.seenFrom(sites.router, "192.0.2.10", 100 + i));
                    assertEquals(ROUTER6, inside.seenFrom(sites.router, "2001:db8:99::10", 100 + i));
                    assertEquals("192.0.2.10", outside.seenFrom(sites.host, TwoSites.ROUTER_NEAR, 100 + i));
                    assertEquals("2001:db8:99:0:0:0:0:10", outside.seenFrom(sites.host, ROUTER6, 100 + i));
                }
                assertEquals(TwoSites.ROUTER_NEAR, inside.seenFrom(sites.router, "192.0.2.10", LONG));
                assertEquals("192.0.2.10", outside.seenFrom(sites.host, TwoSites.ROUTER_NEAR, LONG));
                String there = firewall.command("trace wan tcp 198.51.100.1:4000 192.0.2.10:80")
                        .orThrow()
                        .output();
                assertTrue(there.contains("-> 172.16.1.10:" + PORT), there);
                String back = firewall.command("trace lan tcp 172.16.1.77:4000 198.51.100.1:80")
                        .orThrow()
                        .output();
                assertTrue(back.contains("SAT of the source"), back);
                assertTrue(back.contains("192.0.2.77:"), back);
                assertEquals("", firewall.complaints());
            }
        }
    }

    /** Whether the kernel hears that nobody is there. */
    private static boolean isRefused(String address, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(address, port));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.send(new DatagramPacket(new byte[40], 40));
            socket.receive(new DatagramPacket(new byte[40], 40));
            return false;
        } catch (PortUnreachableException _) {
            return true;
        }
    }

    @Test
    void serversAreReachedThroughTunnelsAndFromThem() throws Exception {
        String gateway = GatewayScript.gateway(KEY)
                        .line("set Settings WorkerSettings Workers=3")
                        .text()
                + published("far", "wan all-nets", "core wan_ip", TwoSites.BRANCH, "SourceTranslation=NAT")
                + published("near", "lan lan_net", "core lan_ip", TwoSites.BRANCH, "")
                + published("back", "branch " + TwoSites.BRANCH_NETWORK, "core lan_ip", TwoSites.HOST, "");
        String peer = GatewayScript.peer(KEY)
                .line("set Settings WorkerSettings Workers=2")
                .text();
        try (TwoSites sites = TwoSites.open();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, gateway);
                Firewall other = Firewall.start(sites.lab(), sites.peer, peer);
                EchoServer host = new EchoServer(sites.host);
                EchoServer branch = new EchoServer(sites.branch)) {
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), firewall::complaints);
            for (int i = 0; i < CONNECTIONS; i++) {
                // Hidden behind the firewall's own address in the tunnel, which the other end would not let through
                // else.
                assertEquals(TwoSites.GATEWAY_LAN, branch.seenFrom(sites.router, TwoSites.GATEWAY, 100 + i));
                assertEquals(TwoSites.HOST, branch.seenFrom(sites.host, TwoSites.GATEWAY_LAN, 100 + i));
                assertEquals(TwoSites.BRANCH, host.seenFrom(sites.branch, TwoSites.GATEWAY_LAN, 100 + i));
            }
            assertEquals(TwoSites.GATEWAY_LAN, branch.seenFrom(sites.router, TwoSites.GATEWAY, LONG));
            assertEquals(TwoSites.BRANCH, host.seenFrom(sites.branch, TwoSites.GATEWAY_LAN, LONG));
            assertEquals("", firewall.complaints());
            assertEquals("", other.complaints());
        }
    }

    /** Says whose address it sees, on a line, and sends everything back. */
    private static final class EchoServer implements AutoCloseable {
        private final ServerSocket socket;

        EchoServer(Namespace where) {
            this(where, PORT);
        }

        EchoServer(Namespace where, int port) {
            socket = where.call(() -> new ServerSocket(port, CONNECTIONS));
            Future<?> _ = where.submit(() -> {
                while (!socket.isClosed()) {
                    try (Socket accepted = socket.accept()) {
                        accepted.setSoTimeout(PATIENCE_MILLIS);
                        byte[] all = accepted.getInputStream().readAllBytes();
                        String peer = accepted.getInetAddress().getHostAddress() + "\n";
                        accepted.getOutputStream().write(peer.getBytes(StandardCharsets.US_ASCII));
                        accepted.getOutputStream().write(all);
                    } catch (SocketException _) {
                        // Closed, by us or by a client that gave up and says so itself.
                    }
                }
                return null;
            });
        }

        /** What the server says of a client in this place that sends so many octets to port 80 of an address. */
        String seenFrom(Namespace client, String address, int octets) {
            byte[] sent = new byte[octets];
            new Random(octets).nextBytes(sent);
            byte[] got = client.call(() -> {
                try (Socket to = new Socket()) {
                    to.connect(new InetSocketAddress(address, 80), PATIENCE_MILLIS);
                    to.setSoTimeout(PATIENCE_MILLIS);
                    to.getOutputStream().write(sent);
                    to.shutdownOutput();
                    InputStream in = to.getInputStream();
                    return in.readAllBytes();
                }
            });
            int line = got.length - octets;
            assertTrue(line > 0, () -> address + " sent " + got.length + " octets back for " + octets);
            assertArrayEquals(sent, Arrays.copyOfRange(got, line, got.length));
            String seen = new String(got, 0, line - 1, StandardCharsets.US_ASCII);
            try {
                return InetAddress.getByName(seen).equals(InetAddress.getByName(ROUTER6)) ? ROUTER6 : seen;
            } catch (UnknownHostException e) {
                throw new AssertionError(seen, e);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
