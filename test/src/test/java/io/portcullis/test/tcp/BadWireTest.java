package io.portcullis.test.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Long transfers over a wire that loses, doubles and reorders, in each way through the firewall: all octets arrive. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.NETEM})
class BadWireTest {
    private static final long OCTETS = 8_000_000;
    /** Reordering means that one in twenty does not wait for the delay. */
    private static final String NETEM = "delay 2ms reorder 5% loss 1% duplicate 1%";

    @Test
    void allOctetsArrive() {
        try (ClientAndServer site = ClientAndServer.open(NETEM);
                Firewall firewall = site.firewall("set Settings WorkerSettings Workers=2\n")) {
            Map<ClientAndServer.Way, CompletableFuture<Traffic.Transfer>> transfers = new LinkedHashMap<>();
            for (ClientAndServer.Way way : ClientAndServer.Way.values()) {
                transfers.put(
                        way,
                        CompletableFuture.supplyAsync(
                                () -> Traffic.tcp(site.client, site.server, way.server(), OCTETS),
                                Thread::startVirtualThread));
            }
            transfers.forEach((way, transfer) -> {
                assertEquals(OCTETS, transfer.join().octets());
                System.out.printf("%s: %.1f Mbit/s%n", way, transfer.join().megabitsPerSecond());
            });
            // Otherwise the wire was none of what it is called.
            assertTrue(site.lost() > 0, "nothing was lost");
            assertTrue(counter(site.server, "TcpExtTCPOFOQueue") > 0, "nothing was out of order");
            assertTrue(counter(site.client, "TcpExtTCPDSACKRecv") > 0, "nothing came twice");
            ClientAndServer.assertDone(firewall);
        }
    }

    /** A counter of the kernel's TCP. */
    private static long counter(Namespace where, String name) {
        String line = where.run("nstat", "-asz", name).output();
        return line.lines()
                .filter(it -> it.startsWith(name))
                .mapToLong(it -> (long) Double.parseDouble(it.split("\\s+", -1)[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in:\n" + line));
    }
}
