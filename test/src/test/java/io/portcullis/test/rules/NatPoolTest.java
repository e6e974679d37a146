package io.portcullis.test.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Hosts that are hidden behind addresses which only the firewall says that it has. */
@Needs({Need.ROOT, Need.NAMESPACES})
class NatPoolTest {
    private static final int PORT = 80;
    private static final int HOSTS = 6;
    private static final int CONNECTIONS = 20;
    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void eachHostKeepsItsAddressOnAllWorkersAndNeighboursFindIt() throws Exception {
        String script = "set Settings WorkerSettings Workers=3\n"
                + GatewayScript.gatewayDevices()
                + "add NATPool isp Range=198.51.100.16-198.51.100.19 ProxyARPInterfaces=wan\n"
                + "add IPPolicy Name=out SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan"
                + " DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=NATPool NATPool=isp\n";
        try (TwoSites sites = TwoSites.open();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
                ServerSocket server = sites.router.call(
                        () -> new ServerSocket(PORT, 100, InetAddress.getByName(TwoSites.ROUTER_NEAR)))) {
            Set<InetAddress> all = new HashSet<>();
            for (int host = 0; host < HOSTS; host++) {
                String client = "172.16.1." + (100 + host);
                sites.host.ip("addr add " + client + "/24 dev eth0");
                Set<InetAddress> seen = new HashSet<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    seen.add(seenFrom(sites.host, client, server));
                }
                assertEquals(1, seen.size(), () -> client + " is seen as " + seen);
                assertTrue(seen.toString().matches("\\[/198\\.51\\.100\\.1[6-9]]"), seen::toString);
                all.addAll(seen);
            }
            assertTrue(all.size() > 1, all::toString);
            assertEquals(
                    0,
                    sites.host
                            .attempt("ping", "-n", "-c", "3", "-i", "0.2", "-W", "4", TwoSites.ROUTER_NEAR)
                            .status());
            String pools = firewall.command("natpool").orThrow().output();
            assertTrue(pools.contains("Stateful") && pools.contains("198.51.100.16/30"), pools);
            String pool = firewall.command("natpool isp").orThrow().output();
            assertTrue(pool.contains("172.16.1.105"), pool);
            assertEquals("", firewall.complaints());
        }
    }

    /** The address under which the server sees a client; a word goes each way. */
    private static InetAddress seenFrom(Namespace where, String client, ServerSocket server) throws Exception {
        Callable<Integer> asks = () -> {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(client, 0));
                socket.connect(new InetSocketAddress(TwoSites.ROUTER_NEAR, PORT), PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write(7);
                return socket.getInputStream().read();
            }
        };
        Future<Integer> answer = where.submit(asks);
        server.setSoTimeout(PATIENCE_MILLIS);
        try (Socket accepted = server.accept()) {
            accepted.setSoTimeout(PATIENCE_MILLIS);
            accepted.getOutputStream().write(accepted.getInputStream().read());
            assertEquals(7, answer.get());
            return accepted.getInetAddress();
        }
    }
}
