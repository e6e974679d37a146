package io.portcullis.test.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoProviders;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two providers at once: routing rules say who uses which, and by which the answers go. */
@Needs({Need.ROOT, Need.NAMESPACES})
class PolicyRoutingTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private static final String TABLES = """
            cc RoutingTable main
            add Route Interface=wan1 Network=all-nets Gateway=198.51.100.1
            cc
            add RoutingTable isp2 Ordering=Only
            cc RoutingTable isp2
            add Route Interface=wan2 Network=all-nets Gateway=192.0.2.1
            cc
            add IPPolicy Name=in SourceInterface=wans SourceNetwork=all-nets DestinationInterface=lan
                DestinationNetwork=172.16.1.0/24 Service=all_services Action=Allow SourceTranslation=None
            """;

    /** By whose address the server sees who connects to this port of his. */
    private static String seen(TwoProviders lab, int port) throws Exception {
        ServerSocket server =
                lab.server.call(() -> new ServerSocket(port, 1, InetAddress.getByName(TwoProviders.SERVER)));
        Future<String> peer = lab.server.submit(() -> {
            server.setSoTimeout(PATIENCE_MILLIS);
            try (server;
                    Socket socket = server.accept()) {
                byte[] address = socket.getInetAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII);
                socket.getOutputStream().write(address);
                return new String(address, StandardCharsets.US_ASCII);
            }
        });
        String told = lab.host.call(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(TwoProviders.SERVER, port), PATIENCE_MILLIS);
                InputStream in = socket.getInputStream();
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        });
        assertEquals(peer.get(), told);
        return told;
    }

    @Test
    void aServiceTakesAnotherProvider() throws Exception {
        try (TwoProviders lab = new TwoProviders()) {
            Firewall firewall = lab.firewall(TABLES + """
                    add RoutingRule Name=web SourceInterface=lan SourceNetwork=172.16.1.0/24 DestinationInterface=any
                        DestinationNetwork=all-nets Service=http ForwardRoutingTable=isp2 ReturnRoutingTable=main
                    """);
            assertEquals("192.0.2.2", seen(lab, 80));
            assertEquals("198.51.100.2", seen(lab, 2222));
            assertTrue(firewall.command("set RoutingRule web ForwardRoutingTable=main\nactivate\ncommit")
                    .succeeded());
            assertEquals("198.51.100.2", seen(lab, 80));
        }
    }

    @Test
    void answersGoBackByTheProviderThatTheQuestionCameBy() {
        try (TwoProviders lab = new TwoProviders()) {
            lab.server.ip("route add 172.16.1.0/24 via 10.2.0.1 src " + TwoProviders.SERVER);
            lab.second.ip("route add 172.16.1.0/24 via 192.0.2.2");
            Firewall firewall = lab.firewall(TABLES);
            assertFalse(Traffic.ping(lab.server, "172.16.1.10", 1), "main expects the server at the first provider");
            assertTrue(firewall.command("add RoutingRule Name=back SourceInterface=wan2 SourceNetwork=all-nets"
                            + " DestinationInterface=any DestinationNetwork=all-nets Service=all_services"
                            + " ForwardRoutingTable=main ReturnRoutingTable=isp2\nactivate\ncommit")
                    .succeeded());
            assertTrue(Traffic.ping(lab.server, "172.16.1.10", 3));
            String connections = firewall.command("connections -verbose").output();
            assertTrue(connections.contains("wan2"), connections);
        }
    }
}
