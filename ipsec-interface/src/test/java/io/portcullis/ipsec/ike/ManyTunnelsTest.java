package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a negotiation costs does not depend on how many tunnels and SAs there are beside it. */
final class ManyTunnelsTest {
    private static final int MANY = 10_000;

    /**
     * An engine with other tunnels, each with an IKE SA under way, whose definitions tell when they are looked into.
     */
    private static final class Crowd {
        final TwoPeers net = new TwoPeers(1);
        final AtomicInteger looks = new AtomicInteger();

        Crowd(int others) {
            net.b.slow = _ -> {}; // their key exchanges never end
            List<TunnelDefinition> tunnels = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                Tunnels other = Tunnels.mirrored("10." + (i >>> 16) + "." + (i >>> 8 & 0xff) + "." + (i & 0xff));
                other.name = "other" + i;
                other.ikeSuites = counted(other.ikeSuites);
                tunnels.add(other.build());
            }
            tunnels.add(net.tunnelB.build());
            net.b.configure(tunnels.toArray(TunnelDefinition[]::new));
            for (int i = 0; i < others; i++) {
                net.b.engine.connect("other" + i);
                net.b.poll();
            }
            assertEquals(others, net.b.list().size());
            net.b.slow = Runnable::run;
            net.a.configure(net.tunnelA.build());
        }

        private List<IkeSuite> counted(List<IkeSuite> suites) {
            return new AbstractList<>() {
                @Override
                public IkeSuite get(int index) {
                    looks.incrementAndGet();
                    return suites.get(index);
                }

                @Override
                public int size() {
                    looks.incrementAndGet();
                    return suites.size();
                }
            };
        }

        /** Up, rekeyed, looked after, down. */
        void negotiate() {
            net.a.engine.connect("tunnel");
            net.settle();
            net.a.engine.rekeyChildren("tunnel");
            net.settle();
            net.b.engine.rekeyIke("tunnel");
            net.settle();
            assertEquals(1, net.a.list().size());
            net.advance(Duration.ofMillis(1));
            net.b.engine.delete("tunnel");
            net.settle();
        }
    }

    @Test
    void nobodyElsesDefinitionIsLookedInto() {
        Crowd crowd = new Crowd(MANY);
        crowd.looks.set(0);
        crowd.negotiate();
        assertEquals(0, crowd.looks.get());
    }

    @Test
    void nothingIsCopiedThatGrowsWithTheirNumber() {
        long few = allocated(new Crowd(100));
        long many = allocated(new Crowd(MANY));
        System.out.println("ManyTunnelsTest: " + few + " and " + many + " octets allocated");
        assertTrue(many < few + few / 2, () -> many + " octets with many, " + few + " with few");
    }

    private static long allocated(Crowd crowd) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        crowd.negotiate();
        long before = threads.getCurrentThreadAllocatedBytes();
        crowd.negotiate();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
