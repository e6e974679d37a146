package io.portcullis.test.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.ShortConnections;
import io.portcullis.test.lab.Traffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Openers that must show their address, with the kernel's own TCP at both ends. */
@Needs({Need.ROOT, Need.NAMESPACES})
class SynFloodTest {
    private static final int PER_SECOND = 1_000_000;
    private static final int CONNECTIONS = 1_000;
    private static final long OCTETS = 10_000_000;
    private static final int LIMIT = 40;
    /** Nobody answers there, and nobody hears answers from there. */
    private static final int NOWHERE = 9;

    private static final int FLOOD = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void everyOpenerIsAnsweredByTheFirewallAndThenConnected() {
        try (ClientAndServer site = ClientAndServer.open();
                Firewall firewall = site.firewall("set Settings WorkerSettings Workers=2\n", "SYNRelay=Yes")) {
            connectAll(site);
            // Who answers is the firewall: a port that nobody listens on is open for a moment, and then reset.
            IllegalStateException reset =
                    assertThrows(IllegalStateException.class, () -> site.client.call(SynFloodTest::readFromNobody));
            assertEquals(SocketException.class, reset.getCause().getClass(), reset::toString);
            assertFalse(firewall.command("stats").orThrow().output().contains("no_new_connection"));
            ClientAndServer.assertDone(firewall);
        }
    }

    @Test
    void connectionsAreMadeBesideAFlood() throws Exception {
        String script = "set Settings WorkerSettings Workers=2\nset Settings StateSettings MaxHalfOpenConnections="
                + LIMIT + "\n";
        String deaf =
                "table inet lab {\n  chain in { type filter hook input priority 0; tcp %s " + NOWHERE + " drop; }\n}\n";
        try (ClientAndServer site = ClientAndServer.open();
                Firewall firewall = site.firewall(script)) {
            site.server.nft(deaf.formatted("dport"));
            site.client.nft(deaf.formatted("sport"));
            AtomicBoolean ends = new AtomicBoolean();
            Future<Integer> flood = site.client.submit(() -> flood(ends));
            try {
                Await.until(
                        "the flood is noticed",
                        PATIENCE,
                        () -> firewall.command("memlog -category=CONN")
                                .orThrow()
                                .output()
                                .contains("syn_flood_protection"));
                connectAll(site);
            } finally {
                ends.set(true);
            }
            assertTrue(flood.get() >= FLOOD);
            ClientAndServer.assertDone(firewall);
        }
    }

    private static void connectAll(ClientAndServer site) {
        for (ClientAndServer.Way way : ClientAndServer.Way.values()) {
            try (ShortConnections connections =
                    ShortConnections.start(site.client, site.server, way.server(), PER_SECOND, CONNECTIONS)) {
                System.out.printf("%s: %d connections in %s%n", way, CONNECTIONS, connections.awaitEnd());
            }
            Traffic.Transfer transfer = Traffic.tcp(site.client, site.server, way.server(), OCTETS);
            assertEquals(OCTETS, transfer.octets());
            System.out.printf("%s: %.0f Mbit/s%n", way, transfer.megabitsPerSecond());
        }
    }

    private static int readFromNobody() throws IOException {
        try (Socket socket = new Socket()) {
            int patience = (int) PATIENCE.toMillis();
            socket.connect(new InetSocketAddress(ClientAndServer.Way.PLAIN.server(), NOWHERE), patience);
            socket.setSoTimeout(patience);
            return socket.getInputStream().read();
        }
    }

    /** Opens connections that come to nothing, for a second each, until told to end. @return how many */
    private static int flood(AtomicBoolean ends) throws IOException {
        int opened = 0;
        while (!ends.get()) {
            List<SocketChannel> channels = new ArrayList<>();
            try {
                for (int i = 0; i < FLOOD; i++) {
                    SocketChannel channel = SocketChannel.open();
                    channels.add(channel);
                    channel.configureBlocking(false);
                    channel.connect(new InetSocketAddress(ClientAndServer.Way.PLAIN.server(), NOWHERE));
                    opened++;
                }
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            } finally {
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
        }
        return opened;
    }
}
