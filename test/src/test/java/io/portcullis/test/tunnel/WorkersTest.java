package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several workers carry what one does, and cost nothing while there is nothing to carry. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class WorkersTest {
    private static final int WORKERS = 3;
    private static final int STREAMS = 12;
    private static final long TRANSFER = 4_000_000;
    private static final int DATAGRAM = 1200;
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final double MOST_IDLE_PERCENT = 2.0;

    @Test
    void aTunnelOfThreeWorkersKeepsEachFlowInOrder() throws InterruptedException, ExecutionException {
        // With offloads a port hands over super-packets, which are cut and joined on the tunnel's worker.
        try (TwoSites sites = TwoSites.open(true)) {
            Charon peer = Charon.asPeer(sites);
            peer.load(SwanConnection.ofPeer("default", "default", Scenario.KEY));
            String script = GatewayScript.gateway(Scenario.KEY)
                    .line("set Settings WorkerSettings Workers=" + WORKERS + " Pinning=Yes")
                    .text();
            try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
                assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), peer::log);
                assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 3));
                inParallel(sites);
                String workers = firewall.command("stats -workers").orThrow().output();
                System.out.println(workers);
                for (int worker = 0; worker < WORKERS; worker++) {
                    String[] row = row(workers, worker);
                    assertTrue(Long.parseLong(row[4]) > 0, () -> "nothing handed in:\n" + workers);
                    assertEquals("0", row[6], () -> "refused:\n" + workers);
                }
                assertEquals(0, firewall.stop(), firewall::complaints);
                assertEquals("", firewall.complaints());
            }
        }
    }

    /** TCP both ways and numbered datagrams, each in flows of their own. */
    private static void inParallel(TwoSites sites) throws InterruptedException, ExecutionException {
        List<Future<DatagramStream.Report>> streams = new ArrayList<>();
        List<Future<Traffic.Transfer>> transfers = new ArrayList<>();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < STREAMS; i++) {
                boolean there = i % 2 == 0;
                transfers.add(all.submit(() -> there
                        ? Traffic.tcp(sites.host, sites.branch, TwoSites.BRANCH, TRANSFER)
                        : Traffic.tcp(sites.branch, sites.host, TwoSites.HOST, TRANSFER)));
                streams.add(all.submit(
                        () -> DatagramStream.exchange(sites.host, sites.branch, TwoSites.BRANCH, DATAGRAM, 100, 300)));
            }
        }
        for (Future<Traffic.Transfer> transfer : transfers) {
            assertEquals(TRANSFER, transfer.get().octets());
        }
        for (Future<DatagramStream.Report> stream : streams) {
            assertEquals(0, stream.get().overtaken(), stream.get()::toString);
        }
    }

    private static String[] row(String table, int worker) {
        return table.lines()
                .map(line -> line.trim().split("\\s+", -1))
                .filter(cells -> cells[0].equals(String.valueOf(worker)))
                .findFirst()
                .orElseThrow();
    }

    /** @param workers as set; 0 is the default */
    @ParameterizedTest
    @ValueSource(ints = {0, WORKERS})
    void anIdleFirewallUsesHardlyAnyProcessor(int workers) {
        try (TwoSites sites = TwoSites.open()) {
            String script = GatewayScript.gateway(Scenario.KEY)
                    .line("set Settings WorkerSettings Workers=" + workers)
                    .text();
            try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
                assertTrue(Traffic.ping(sites.host, TwoSites.GATEWAY_LAN, 1));
                pass(SETTLED);
                long begin = System.nanoTime();
                long before = firewall.processorTicks();
                pass(MEASURED);
                double seconds = (System.nanoTime() - begin) / 1e9;
                double percent = (firewall.processorTicks() - before) / seconds;
                System.out.printf("Workers=%d: %.2f %% of one processor while idle%n", workers, percent);
                assertTrue(percent < MOST_IDLE_PERCENT, percent + " %");
            }
        }
    }

    /** What is measured is what happens meanwhile. */
    private static void pass(Duration time) {
        Await.within(time, () -> false);
    }
}
