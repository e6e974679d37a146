package io.portcullis.test.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A policy that lets each source have some connections, and the kernel's own TCP that wants one more. */
@Needs({Need.ROOT, Need.NAMESPACES})
class SourceLimitTest {
    private static final int LIMIT = 5;
    private static final int PORT = 80;
    private static final int CONNECT_MILLIS = 5_000;
    /** As long as the kernel needs for a second SYN. */
    private static final int REFUSED_MILLIS = 1_500;

    @Test
    void onlySoManyAtOnceByAllWorkersTogether() throws Exception {
        String script = "set Settings WorkerSettings Workers=3\n"
                + GatewayScript.gatewayDevices()
                + "add IPPolicy Name=out SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan"
                + " DestinationNetwork=all-nets Service=http Action=Allow SourceTranslation=NAT MaxConnectionsPerSource="
                + LIMIT + "\n";
        List<Socket> open = new ArrayList<>();
        try (TwoSites sites = TwoSites.open();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script);
                ServerSocket server = sites.router.call(
                        () -> new ServerSocket(PORT, 100, InetAddress.getByName(TwoSites.ROUTER_NEAR)))) {
            for (int i = 0; i < LIMIT; i++) {
                open.add(connect(sites.host, CONNECT_MILLIS));
            }
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> connect(sites.host, REFUSED_MILLIS));
            assertEquals(SocketTimeoutException.class, refused.getCause().getClass());
            String log = firewall.command("memlog -category=CONN").orThrow().output();
            assertTrue(log.contains("connections_per_source_exceeded"), log);
            assertTrue(firewall.command("stats").orThrow().output().contains("source_limit"));
            // One that both ends have closed makes room.
            open.removeLast().close();
            for (int i = 0; i < LIMIT; i++) {
                server.accept().close();
            }
            assertTrue(Await.within(
                    Duration.ofSeconds(5),
                    () -> firewall.command("connections -state=TIME_WAIT")
                            .orThrow()
                            .output()
                            .contains("TIME_WAIT")));
            open.add(connect(sites.host, CONNECT_MILLIS));
            assertEquals("", firewall.complaints());
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static Socket connect(Namespace from, int millis) {
        return from.call(() -> {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(TwoSites.ROUTER_NEAR, PORT), millis);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }
}
