package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    @Test
    void nothingIsMadePerPacketOfAnOpenConnection() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Bench bench = new Bench();
        bench.pass(segment(Tcp.SYN, 0), Bench.WAN, TestPolicy.NAT);
        Packet packet = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 100);
        bench.pass(packet, Bench.WAN, TestPolicy.NAT);
        Packet again = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 100);
        long[] measured = new long[2];
        // Twice: at first the virtual machine itself makes things.
        for (int round = 0; round < 2; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                again.addresses(Bench.CLIENT.high(), Bench.CLIENT.low(), Bench.SERVER.high(), Bench.SERVER.low());
                again.ports(4000, 53);
                Flow flow = bench.table.find(again, bench.now);
                if (flow == null || bench.table.accept(flow, again, bench.now) != DropReason.NONE) {
                    throw new AssertionError("refused");
                }
                bench.table.translate(flow, again);
                bench.table.expire(bench.now, 10);
            }
            measured[round] = thread.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(measured[1] < 20_000, measured[1] + " octets for 20000 packets");
    }

    private static Packet segment(int flags, int sequence) {
        return Packets.tcp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 80, flags, sequence, 0, 1000, -1, 0);
    }

    @Test
    void theSettingsDefaultsAreTheLimitsDefaults() {
        Configuration empty =
                Configuration.empty(ObjectTypes.of(List.of(ConnectionTimeoutSettings.class, StateSettings.class)));
        assertEquals(ConnectionLimits.DEFAULT, StateSettings.limits(empty));
    }

    @Test
    void aLargerTableTakesOverWhatIsOpen() {
        Bench bench = new Bench(Bench.atMost(50), 1);
        for (int port = 1; port <= 50; port++) {
            bench.pass(Packets.udp(Bench.LAN, Bench.CLIENT, port, Bench.SERVER, 53, 1), Bench.WAN, TestPolicy.PLAIN);
        }
        bench.table.limits(Bench.atMost(5000));
        for (int port = 51; port <= 5000; port++) {
            bench.pass(Packets.udp(Bench.LAN, Bench.CLIENT, port, Bench.SERVER, 53, 1), Bench.WAN, TestPolicy.PLAIN);
        }
        assertEquals(5000, bench.table.size());
        for (int port = 1; port <= 5000; port++) {
            bench.flow(Packets.udp(Bench.LAN, Bench.CLIENT, port, Bench.SERVER, 53, 1));
        }
    }
}
