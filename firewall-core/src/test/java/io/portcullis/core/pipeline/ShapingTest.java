package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST_MAC;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.datagrams;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Grouping;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.shaping.PipeUser;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pipes in the way of a packet. */
class ShapingTest {
    private final TestFirewall firewall = TestFirewall.withNeighbours();

    /** Every connection goes through the same pipes. */
    record Everything(ConnectionPipes chosen, List<Pipe> pipes) implements PipeRules {
        static Everything of(@Nullable Pipe forward, @Nullable Pipe back) {
            return new Everything(new ConnectionPipes(chain(forward), chain(back)), List.of());
        }

        private static @Nullable PipeChain chain(@Nullable Pipe pipe) {
            return pipe == null ? null : new PipeChain(List.of(pipe), PipeChain.FROM_DSCP);
        }

        @Override
        public ConnectionPipes lookup(
                NetworkInterface in,
                NetworkInterface out,
                NetworkInterface way,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int protocol,
                int sourcePort,
                int destinationPort) {
            return chosen;
        }
    }

    static Pipe pipe(int kbps, int owner) {
        return new Pipe(PipeDefinition.of("pipe", new PipeLimit(kbps, 0)), owner);
    }

    private void shape(@Nullable Pipe forward, @Nullable Pipe back) {
        firewall.pipes = Everything.of(forward, back);
        firewall.settings(PipelineSettings.DEFAULT);
    }

    private static byte[] there(int octets) {
        return Datagrams.udp(HOST, 4000, FAR, 53, octets - 28);
    }

    private static byte[] back(int octets) {
        return Datagrams.udp(FAR, 53, HOST, 4000, octets - 28);
    }

    /** Frames that leave in a time, in steps of a millisecond. */
    private int leave(MemoryPort port, int millis) {
        int left = 0;
        for (int i = 0; i < millis; i++) {
            firewall.clock.advance(Duration.ofMillis(1));
            firewall.step();
            left += datagrams(port).size();
        }
        return left;
    }

    @Test
    void eachDirectionHasItsOwnPipe() {
        shape(pipe(800, 0), null);
        for (int i = 0; i < 50; i++) {
            firewall.fromLan(there(1000));
        }
        assertEquals(1, datagrams(firewall.wanPort).size(), "the first one passes, the others are 10 ms apart");
        assertEquals(20, leave(firewall.wanPort, 200), 1);
        for (int i = 0; i < 50; i++) {
            firewall.fromWan(back(1000));
        }
        assertEquals(50, datagrams(firewall.lanPort).size(), "answers are not shaped");
        assertEquals(29, leave(firewall.wanPort, 1000), 1);
        firewall.assertNoLeak(0);
    }

    @Test
    void answersAreShapedByTheReturnChain() {
        shape(null, pipe(800, 0));
        firewall.fromLan(there(1000));
        for (int i = 0; i < 20; i++) {
            firewall.fromWan(back(1000));
        }
        assertEquals(1, datagrams(firewall.lanPort).size());
        assertEquals(10, leave(firewall.lanPort, 100), 1);
    }

    @Test
    void packetsThatWaitLongAreAccountedForAndTooManyDie() {
        shape(pipe(400, 0), null);
        for (int i = 0; i < 100; i++) {
            firewall.fromLan(there(1000));
        }
        assertTrue(firewall.pipeline.drops(DropReason.PIPE_FULL) > 20);
        assertTrue(firewall.eventNames().contains("pipe_full"));
        int held = 99 - (int) firewall.pipeline.drops(DropReason.PIPE_FULL);
        firewall.assertNoLeak(held);
        firewall.clear();
        assertEquals(held, leave(firewall.wanPort, 2000));
        firewall.assertNoLeak(0);
    }

    /** A super-packet of 20 segments. */
    private static MemoryPort.Frame whole() {
        byte[] datagram = Datagrams.udp(HOST, 4000, FAR, 53, 20_000);
        return new MemoryPort.Frame(
                Datagrams.framed(datagram, LAN_MAC, HOST_MAC, EtherType.IPV4), false, 0, Packet.Gso.UDP, 1000);
    }

    @Test
    void aSuperPacketLeavesInSegmentsOrAsItIsByTheRate() {
        shape(pipe(1000, 0), null);
        firewall.fromLan(whole());
        assertEquals(1, datagrams(firewall.wanPort).size(), "one segment, which pays later");
        int millis = 0;
        int left = 1;
        while (left < 20) {
            left += leave(firewall.wanPort, 1);
            millis++;
        }
        // 20 segments of 1028 octets are 164 ms at this rate, less the one that left at once.
        assertEquals(156, millis, 3);
        firewall.assertNoLeak(0);

        shape(pipe(1_000_000, 0), null);
        firewall.fromLan(whole());
        assertEquals(1, datagrams(firewall.wanPort).size(), "0.17 ms at this rate: as it is");
        firewall.assertNoLeak(0);
    }

    @Test
    void theDsFieldSaysThePrecedence() {
        Pipe pipe = pipe(1_000_000, 0);
        shape(pipe, null);
        firewall.fromLan(Datagrams.changed(
                there(100), b -> b.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 1, (byte) (46 << 2))));
        assertEquals(1, pipe.view(firewall.clock.nanos()).precedences().get(5).packets(), "expedited forwarding is 5");
    }

    @Test
    void usersAreThoseBeforeTranslation() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        List<PipeLimit> none = Collections.nCopies(8, PipeLimit.NONE);
        Pipe out = new Pipe(
                new PipeDefinition(
                        "out", PipeLimit.NONE, none, PipeLimit.NONE, none, Grouping.SOURCE_IP, 0, false, 0, 0, 7),
                0);
        Pipe in = new Pipe(
                new PipeDefinition(
                        "in", PipeLimit.NONE, none, PipeLimit.NONE, none, Grouping.DESTINATION_IP, 0, false, 0, 0, 7),
                0);
        shape(out, in);
        firewall.fromLan(there(100));
        Packet sent = firewall.onWan();
        firewall.fromWan(Datagrams.udp(FAR, 53, TestFirewall.WAN, sent.sourcePort(), 100));
        for (Pipe pipe : List.of(out, in)) {
            assertEquals(
                    List.of(HOST),
                    pipe.users(firewall.clock.nanos()).stream()
                            .map(PipeUser::address)
                            .map(Object::toString)
                            .toList());
        }
    }

    @Test
    void theFirewallsOwnPacketsAreNotShaped() {
        shape(pipe(1, 0), pipe(1, 0));
        for (int i = 0; i < 20; i++) {
            firewall.fromLan(Datagrams.ping(HOST, LAN, i, 1000));
        }
        // The questions are: they wait for the firewall as they would for another host.
        assertEquals(1, datagrams(firewall.lanPort).size());
    }

    @Test
    void otherRulesHoldForConnectionsThatAreThere() {
        shape(pipe(80, 0), null);
        firewall.fromLan(there(1000));
        firewall.fromLan(there(1000));
        assertEquals(1, datagrams(firewall.wanPort).size());
        shape(null, null);
        firewall.fromLan(there(100));
        assertEquals(1, datagrams(firewall.wanPort).size(), "it overtakes what waits in the pipe that is gone");
        assertEquals(1, leave(firewall.wanPort, 150), "which leaves in its time");
        firewall.pipes = PipeRules.NONE;
        firewall.settings(PipelineSettings.DEFAULT);
        firewall.fromLan(there(100));
        assertEquals(1, datagrams(firewall.wanPort).size());
        firewall.assertNoLeak(0);
    }
}
