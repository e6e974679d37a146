package io.portcullis.test.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoProviders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A way fails while a connection is open: between equivalent interfaces it goes on, by the other one. */
@Needs({Need.ROOT, Need.NAMESPACES})
class EquivalentInterfacesTest {
    private static final int PORT = 7777;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int IMPATIENCE_MILLIS = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String ROUTES = """
            set IPPolicy out SourceTranslation=None
            cc RoutingTable main
            add Route Interface=wan1 Network=all-nets Gateway=198.51.100.1 Metric=10 MonitorLinkStatus=Yes GracePeriod=0
            add Route Interface=wan2 Network=all-nets Gateway=192.0.2.1 Metric=20
            cc
            """;

    /** Echoes what comes by one connection, octet by octet. */
    private static Future<Void> echo(TwoProviders lab) {
        ServerSocket server =
                lab.server.call(() -> new ServerSocket(PORT, 1, InetAddress.getByName(TwoProviders.SERVER)));
        return lab.server.submit(() -> {
            try (server;
                    Socket socket = server.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // The connection was cut: that is what one of the tests is about.
            }
            return null;
        });
    }

    private static int exchange(TwoProviders lab, Socket socket, int octet, int millis) {
        return lab.host.call(() -> {
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(octet);
            return socket.getInputStream().read();
        });
    }

    /** The lab with both ways to the host known everywhere, answers by the first. */
    private static TwoProviders open() {
        TwoProviders lab = new TwoProviders();
        lab.first.ip("route add 172.16.1.0/24 via 198.51.100.2");
        lab.second.ip("route add 172.16.1.0/24 via 192.0.2.2");
        lab.server.ip("route add 172.16.1.0/24 via 10.1.0.1 src " + TwoProviders.SERVER);
        return lab;
    }

    private static Socket connect(TwoProviders lab) {
        return lab.host.call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(TwoProviders.SERVER, PORT), PATIENCE_MILLIS);
            return socket;
        });
    }

    private static void failFirst(TwoProviders lab, Firewall firewall) {
        lab.first.ip("link set customer down");
        lab.server.ip("route replace 172.16.1.0/24 via 10.2.0.1 src " + TwoProviders.SERVER);
        Await.until(
                "the route by wan1 has failed",
                PATIENCE,
                () -> firewall.command("routes")
                        .output()
                        .lines()
                        .anyMatch(line -> line.contains("wan1") && line.contains("X")));
    }

    @Test
    void aConnectionGoesOnByTheOtherMemberAndBack() throws Exception {
        try (TwoProviders lab = open()) {
            Firewall firewall = lab.firewall(ROUTES + "set Interface InterfaceGroup wans Equivalent=Yes\n");
            Future<Void> server = echo(lab);
            try (Socket socket = connect(lab)) {
                assertEquals('a', exchange(lab, socket, 'a', PATIENCE_MILLIS));
                failFirst(lab, firewall);
                assertEquals('b', exchange(lab, socket, 'b', PATIENCE_MILLIS));
                String log = firewall.command("memlog -num=all").output();
                assertFalse(log.contains("conn_close"), log);
            }
            server.get();
        }
    }

    @Test
    void answersMayComeByAnotherMemberThanQuestionsLeaveBy() throws Exception {
        try (TwoProviders lab = open()) {
            lab.firewall(ROUTES + "set Interface InterfaceGroup wans Equivalent=Yes\n");
            lab.server.ip("route replace 172.16.1.0/24 via 10.2.0.1 src " + TwoProviders.SERVER);
            Future<Void> server = echo(lab);
            try (Socket socket = connect(lab)) {
                assertEquals('a', exchange(lab, socket, 'a', PATIENCE_MILLIS));
            }
            server.get();
        }
    }

    @Test
    void withoutEquivalenceItEnds() throws Exception {
        try (TwoProviders lab = open()) {
            Firewall firewall = lab.firewall(ROUTES);
            Future<Void> server = echo(lab);
            try (Socket socket = connect(lab)) {
                assertEquals('a', exchange(lab, socket, 'a', PATIENCE_MILLIS));
                failFirst(lab, firewall);
                assertThrows(IllegalStateException.class, () -> exchange(lab, socket, 'b', IMPATIENCE_MILLIS));
                assertTrue(firewall.command("memlog -num=all").output().contains("conn_close"));
            }
            server.cancel(true);
        }
    }
}
