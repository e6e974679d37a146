package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data plane makes no garbage: neither for single packets nor for super-packets, in both directions. */
final class EspAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static List<EspSuite> suites() {
        return List.of(Site.GCM, Site.CBC, new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void nothingIsMadePerPacket(EspSuite suite) {
        String provider = CryptoReport.of(Site.SELECTION).lines().stream()
                .filter(line -> line.algorithm().equals(suite.toString()))
                .findFirst()
                .orElseThrow()
                .provider();
        assumeTrue(!provider.startsWith("SunJCE"), provider);
        try (Site one = new Site(1);
                Site two = new Site(2)) {
            one.pair(1, suite).udp().extended().install();
            two.pair(1, suite).udp().extended().install();
            byte[] single = Inner.v4(1400);
            byte[] merged = Inner.v4(28 + 20 * 1000);
            run(one, two, single, merged, 500);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            run(one, two, single, merged, 500);
            long made = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(made < 10_000, made + " octets for 10500 packets");
        }
    }

    private static void run(Site one, Site two, byte[] single, byte[] merged, int rounds) {
        for (int i = 0; i < rounds; i++) {
            send(one, one.worker.packet(single));
            Packet packet = one.worker.packet(merged);
            packet.gso(Packet.Gso.UDP, 1000);
            send(one, packet);
            one.worker.end();
            for (int k = 0; k < one.worker.originated.size(); k++) {
                Packet outer = one.worker.originated.get(k);
                Packet came = two.worker.pool.take();
                came.copyFrom(outer);
                one.worker.pool.give(outer);
                assertEquals(DropReason.NONE, two.take(came));
            }
            one.worker.originated.clear();
            two.worker.end();
            for (int k = 0; k < two.worker.decapsulated.size(); k++) {
                two.worker.pool.give(two.worker.decapsulated.get(k));
            }
            two.worker.decapsulated.clear();
        }
    }

    private static void send(Site site, Packet packet) {
        assertEquals(DropReason.NONE, site.tunnel.send(packet, site.worker, site.worker.now));
    }
}
