package io.portcullis.test.tcp;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.ShortConnections;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand connections in each way through the firewall: each is made, carries something and ends, at both ends.
 */
@Needs({Need.ROOT, Need.NAMESPACES})
class ShortConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    /** More than the machine can. */
    private static final int PER_SECOND = 1_000_000;

    @Test
    void allAreDoneAndNoneIsLeft() {
        try (ClientAndServer site = ClientAndServer.open();
                Firewall firewall = site.firewall("set Settings WorkerSettings Workers=2\n")) {
            for (ClientAndServer.Way way : ClientAndServer.Way.values()) {
                try (ShortConnections connections =
                        ShortConnections.start(site.client, site.server, way.server(), PER_SECOND, CONNECTIONS)) {
                    Duration took = connections.awaitEnd();
                    System.out.printf("%s: %d connections in %d ms%n", way, CONNECTIONS, took.toMillis());
                }
            }
            String stats = firewall.command("stats").orThrow().output();
            for (String reason : new String[] {"bad_state", "no_new_connection", "translation_full", "no_buffer"}) {
                assertFalse(stats.contains(reason), stats);
            }
            ClientAndServer.assertDone(firewall);
        }
    }
}
