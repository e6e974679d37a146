package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.core.pipeline.SourceLimit;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
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

    @Test
    void nothingIsMadePerConnection() {
        assertMakesNothingPerConnection(TestPolicy.NAT);
    }

    /** A policy that does everything that one can do to a connection. */
    private record Busy(SourceTranslation sourceTranslation, Redirection redirection, SourceLimit sourceLimit)
            implements AllowingPolicy {}

    @Test
    void nothingIsMadePerConnectionThatIsRedirectedAndCounted() {
        Redirection elsewhere = new Redirection(IpAddress.literal("198.51.100.99"), 5353);
        SourceLimit limit = new SourceLimit(1, 100_000);
        assertMakesNothingPerConnection(new Busy(SourceTranslation.AUTO, elsewhere, limit));
        assertMakesNothingPerConnection(new Busy(SourceTranslation.NONE, elsewhere, limit));
    }

    private static void assertMakesNothingPerConnection(Policy policy) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Bench bench = new Bench();
        IpAddress gateway = IpAddress.literal("203.0.113.254");
        Packet packet = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 100);
        long[] measured = new long[2];
        for (int round = 0; round < 2; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                packet.addresses(
                        Bench.CLIENT.high(), Bench.CLIENT.low() + i % 100, Bench.SERVER.high(), Bench.SERVER.low());
                packet.ports(1 + i % 7000, 53);
                Flow flow = bench.table.find(packet, bench.now);
                if (flow == null) {
                    flow = bench.table.open(packet, Bench.WAN, gateway, Bench.LAN, null, policy, 1, bench.now);
                }
                if (flow == null || bench.table.accept(flow, packet, bench.now) != DropReason.NONE) {
                    throw new AssertionError("refused");
                }
                bench.table.translate(flow, packet);
                if (i % 3 == 0) {
                    bench.table.close(flow.connection(), CloseReason.OPERATOR, bench.now);
                }
                bench.now += 20_000_000;
                bench.table.expire(bench.now, 10);
            }
            measured[round] = thread.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(measured[1] < 20_000, measured[1] + " octets for 20000 packets");
    }

    @Test
    void whatAConnectionNamesIsForgottenWithIt() {
        Bench bench = new Bench();
        Flow other = open(bench, 1, new IpAddress(0, 1), new TestPolicy("kept", false, SourceTranslation.NONE));
        List<WeakReference<Object>> named = openAndClose(bench);
        System.gc();
        named.forEach(reference -> assertNull(reference.get()));
        Flow flow = bench.flow(Packets.udp(Bench.LAN, Bench.CLIENT, 1, Bench.SERVER, 53, 1));
        assertSame(other, flow, "the table's own");
        assertEquals(new IpAddress(0, 1), flow.gateway());
    }

    /** What a connection named that is closed again. */
    private static List<WeakReference<Object>> openAndClose(Bench bench) {
        IpAddress gateway = new IpAddress(0, 2);
        TestPolicy policy = new TestPolicy("gone", false, SourceTranslation.NONE);
        Flow flow = open(bench, 2, gateway, policy);
        assertSame(gateway, flow.gateway());
        assertSame(policy, flow.connection().policy());
        bench.table.close(flow.connection(), CloseReason.OPERATOR, bench.now);
        return List.of(new WeakReference<>(gateway), new WeakReference<>(policy));
    }

    private static Flow open(Bench bench, int port, IpAddress gateway, TestPolicy policy) {
        Packet packet = Packets.udp(Bench.LAN, Bench.CLIENT, port, Bench.SERVER, 53, 1);
        return Objects.requireNonNull(
                bench.table.open(packet, Bench.WAN, gateway, Bench.LAN, null, policy, 1, bench.now));
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
