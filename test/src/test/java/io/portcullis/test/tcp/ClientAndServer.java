package io.portcullis.test.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.BadWire;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client inside, the firewall, and a server outside that has two addresses of each version of IP: toward one the
 * client is hidden behind the firewall's address, toward the other it is not.
 *
 * <pre>
 *   client 172.16.1.10 ------- lan  firewall  wan ------- server 198.51.100.1 and .9
 *          2001:db8:16::10     .1, ::1    .2, ::2         2001:db8:51::1 and ::9
 * </pre>
 */
final class ClientAndServer implements AutoCloseable {
    private static final String LAN6 = "2001:db8:16::/64";
    private static final String GATEWAY_LAN6 = "2001:db8:16::1";
    private static final String GATEWAY6 = "2001:db8:51::2";
    /** Longer than a connection is kept that both ends have closed, and than any time-out of the script. */
    private static final Duration EMPTY = Duration.ofSeconds(25);

    /** How a connection goes through the firewall. */
    enum Way {
        HIDDEN(TwoSites.ROUTER_NEAR, "lan_net", "NAT"),
        PLAIN("198.51.100.9", "lan_net", "None"),
        HIDDEN6("2001:db8:51::1", LAN6, "NAT"),
        PLAIN6("2001:db8:51::9", LAN6, "None");

        private final String server;
        private final String policy;

        Way(String server, String clients, String translation) {
            this.server = server;
            policy = "add IPPolicy Name=" + this + " SourceInterface=lan SourceNetwork=" + clients
                    + " DestinationInterface=wan DestinationNetwork=" + server
                    + " Service=all_tcp Action=Allow SourceTranslation=" + translation;
        }

        /** The server's address that is reached in this way. */
        String server() {
            return server;
        }
    }

    final Lab lab;
    final Namespace client;
    final Namespace server;
    private final Namespace gateway;
    private final Optional<BadWire> wire;

    private ClientAndServer(Lab lab, String netem) {
        this.lab = lab;
        client = lab.namespace("client");
        gateway = lab.namespace("gateway");
        server = lab.namespace("server");
        lab.wire(gateway, "lan", client, "eth0", false);
        if (netem.isEmpty()) {
            lab.wire(gateway, "wan", server, "eth0", false);
            wire = Optional.empty();
        } else {
            wire = Optional.of(BadWire.between(lab, gateway, "wan", server, "eth0", netem));
        }
        client.ip("addr add " + TwoSites.HOST + "/24 dev eth0\naddr add 2001:db8:16::10/64 dev eth0 nodad\n"
                + "route add default via " + TwoSites.GATEWAY_LAN + "\nroute add default via " + GATEWAY_LAN6);
        for (Way way : Way.values()) {
            server.ip(
                    "addr add " + way.server() + (way.server().contains(":") ? "/64 dev eth0 nodad" : "/24 dev eth0"));
        }
        server.ip("route add " + TwoSites.HOST_NETWORK + " via " + TwoSites.GATEWAY + "\nroute add " + LAN6 + " via "
                + GATEWAY6);
    }

    static ClientAndServer open() {
        return open("");
    }

    /** The same with a {@link BadWire} to the server, or a good one if it says nothing. */
    static ClientAndServer open(String netem) {
        Lab lab = Lab.open();
        try {
            return new ClientAndServer(lab, netem);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Frames that the bad wire has lost. */
    long lost() {
        return wire.orElseThrow().lost();
    }

    /** Starts the firewall, with short time-outs; {@code more} stands in front. */
    Firewall firewall(String more) {
        return firewall(more, "");
    }

    /** As {@link #firewall(String)}, with more properties of the policies. */
    Firewall firewall(String more, String properties) {
        String script = more
                + "set Settings ConnTimeoutSettings ConnLife_TCP_SYN=5 ConnLife_TCP_FIN=10\n"
                + GatewayScript.gatewayDevices()
                + "set Interface Ethernet lan IP6=" + GATEWAY_LAN6 + " Network6=" + LAN6 + "\n"
                + "set Interface Ethernet wan IP6=" + GATEWAY6 + " Network6=2001:db8:51::/64\n"
                + Arrays.stream(Way.values())
                        .map(way -> way.policy + " " + properties + "\n")
                        .collect(Collectors.joining());
        return Firewall.start(lab, gateway, script);
    }

    /** Everything went through, in its own way, and nothing is left of it when its time is over. */
    static void assertDone(Firewall firewall) {
        String translated =
                firewall.command("connections -translated -num=all").orThrow().output();
        for (Way way : Way.values()) {
            boolean hides = firewall.command("connections -translated -policy=" + way + " -num=all")
                    .orThrow()
                    .output()
                    .contains(way.server());
            assertEquals(way.name().startsWith("HIDDEN"), hides, () -> way + ":\n" + translated);
        }
        assertEquals("", firewall.complaints());
        Await.until("no connection is left", EMPTY, () -> firewall.connections() == 0);
    }

    @Override
    public void close() {
        lab.close();
    }
}
