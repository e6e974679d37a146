package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Commands, timers, the thread, and what hostile ports can not do to them. */
class WorkerTest {
    private static final long SEED = 0x5eed_0002L;

    private final TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void commandsRunInOrderOnItsThread() throws InterruptedException {
        List<Integer> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        firewall.worker.start();
        for (int i = 0; i < 100; i++) {
            int number = i;
            assertTrue(firewall.worker.execute((_, _) -> order.add(number)));
        }
        assertTrue(firewall.worker.execute((_, _) -> done.countDown()));
        assertTrue(done.await(10, TimeUnit.SECONDS));
        firewall.worker.close();
        assertEquals(100, order.size());
        assertEquals(List.of(0, 1, 2), order.subList(0, 3));
    }

    @Test
    void whatWasAskedBeforeTheEndIsDone() {
        List<String> done = new ArrayList<>();
        firewall.worker.execute((_, _) -> done.add("asked before it started"));
        firewall.worker.start();
        firewall.worker.close();
        assertEquals(1, done.size());
    }

    @Test
    void theMailboxIsBounded() {
        int taken = 0;
        while (taken < 100_000 && firewall.worker.execute((_, _) -> {})) {
            taken++;
        }
        assertTrue(taken >= 4096 && taken < 100_000, taken + " commands");
        firewall.step();
        assertTrue(firewall.worker.execute((_, _) -> {}));
    }

    @Test
    void aCommandThatThrowsIsContained() {
        firewall.worker.execute((_, _) -> {
            throw new IllegalStateException("a defect");
        });
        firewall.step();
        assertEquals(1, firewall.pipeline.drops(DropReason.INTERNAL_ERROR));
        assertEquals(List.of("packet_defect"), firewall.eventNames());
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
    }

    @Test
    void timersRunEveryFewMilliseconds() {
        int[] ran = new int[1];
        firewall.worker.every((_, _) -> ran[0]++);
        for (int i = 0; i < 20; i++) {
            firewall.clock.advance(Duration.ofMillis(1));
            firewall.step();
        }
        assertEquals(4, ran[0]);
    }

    @Test
    void whileOthersBringPacketsTheEmptyTunDeviceIsLookedAtNowAndThen() {
        byte[] forwarded = Datagrams.udp(HOST, 1, FAR, 2, 10);
        byte[] own = Datagrams.udp(WAN, 40_000, FAR, 53, 10);
        firewall.step();
        firewall.tunPort.arrive(MemoryPort.Frame.of(own));
        firewall.fromLan(forwarded);
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        firewall.clock.advance(Duration.ofNanos(19_999));
        firewall.fromLan(forwarded);
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        firewall.clock.advance(Duration.ofNanos(1));
        firewall.fromLan(forwarded);
        assertEquals(2, TestFirewall.datagrams(firewall.wanPort).size());
        // It had something: there may be more.
        firewall.tunPort.arrive(MemoryPort.Frame.of(own));
        firewall.fromLan(forwarded);
        assertEquals(2, TestFirewall.datagrams(firewall.wanPort).size());
        firewall.fromLan(forwarded);
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        // Nobody else has anything: it is looked at in every round, and last before the worker sleeps.
        firewall.tunPort.arrive(MemoryPort.Frame.of(own));
        firewall.step();
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        firewall.assertNoLeak(0);
    }

    @Test
    void aPortComesAndGoesWhileItRuns() {
        firewall.worker.execute((_, _) -> firewall.worker.detach(firewall.lanLink));
        firewall.step();
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.assertNothingSent();
        firewall.worker.execute((_, _) -> firewall.worker.attach(firewall.lanLink));
        firewall.step();
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size(), "what waited in the device");
    }

    @Test
    void anInterfaceThatIsGoneSendsNothing() {
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.clear();
        firewall.worker.execute((_, _) -> firewall.wanLink.detach(firewall.wan));
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.INTERFACE_DOWN);
    }

    @Test
    void withoutBuffersPacketsDieAndNothingElse() {
        List<Packet> taken = new ArrayList<>();
        while (firewall.pool.available() > 3) {
            taken.add(firewall.pool.take());
        }
        for (int i = 0; i < 5; i++) {
            byte[] first =
                    Fragments.of(Datagrams.udp(HOST, 1, FAR, 2, 3000), 1480).getFirst();
            int identification = i;
            firewall.fromLan(Datagrams.changed(first, b -> Octets.u16(b, 4, identification)));
        }
        assertTrue(firewall.pipeline.drops(DropReason.NO_BUFFER) > 0);
        taken.forEach(firewall.pool::give);
        firewall.pass(Duration.ofSeconds(40));
        firewall.assertNoLeak(0);
    }

    @Test
    void idleConnectionsAreClosed() {
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        assertEquals(1, firewall.pipeline.connections().size());
        firewall.pass(Duration.ofSeconds(140));
        assertEquals(0, firewall.pipeline.connections().size());
    }

    @Test
    void theFirewallPings() {
        List<String> heard = new ArrayList<>();
        EchoClient.Listener listener = (sequence, time, ttl, octets) ->
                heard.add(sequence + " " + time / 1_000_000 + " " + ttl + " " + octets);
        EchoClient.Ping ping = firewall.echo
                .open(IpAddress.literal(WAN), IpAddress.literal(FAR), listener)
                .orElseThrow();
        assertTrue(ping.send(3, 32));
        firewall.step();
        Packet request = firewall.onWan();
        PipelineTest.assertIcmp(request, Icmp.ECHO_REQUEST, 0);
        firewall.clock.advance(Duration.ofMillis(20));
        firewall.fromWan(reply(request, FAR));
        assertEquals(List.of("3 20 64 32"), heard);
        ping.close();
        firewall.fromWan(reply(request, FAR));
        assertEquals(1, heard.size());
        assertEquals(1, firewall.tunPort.taken().size(), "a program's own ping, perhaps");
        firewall.assertNoLeak(0);
    }

    @Test
    void pingsAreBounded() {
        for (int i = 0; i < EchoClient.MOST; i++) {
            assertTrue(firewall.echo
                    .open(IpAddress.literal(WAN), IpAddress.literal(FAR), (_, _, _, _) -> {})
                    .isPresent());
        }
        assertFalse(firewall.echo
                .open(IpAddress.literal(WAN), IpAddress.literal(FAR), (_, _, _, _) -> {})
                .isPresent());
    }

    @Test
    void eventsOfOneKindAreLimitedAndTheRestCounted() {
        for (int i = 0; i < 200; i++) {
            firewall.fromWan(Datagrams.udp("192.168.1.77", 5000, WAN, 53, 100));
        }
        assertEquals(200, firewall.pipeline.drops(DropReason.ACCESS_DENIED));
        assertEquals(50, firewall.eventNames().size());
        firewall.pass(Duration.ofSeconds(2));
        String last = firewall.events.getLast().toString();
        assertTrue(last.contains("events_suppressed") && last.contains("count=150"), last);
    }

    @Test
    void noFrameIsAnException() {
        System.out.println("seed " + SEED);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        byte[][] good = {
            Datagrams.udp(HOST, 1, FAR, 2, 60),
            Datagrams.syn(HOST, 1, FAR, 2),
            Datagrams.ping(HOST, LAN, 3, 40),
            Datagrams.ip(TestFirewall.PEER, WAN, IpProtocol.ESP, 60, _ -> {}),
            Datagrams.udp(TestFirewall.HOST6, 1, TestFirewall.NEAR6, 2, 60),
            NeighbourMessages.solicitation(TestFirewall.HOST6, TestFirewall.HOST_MAC, TestFirewall.LAN6),
            Fragments.of(Datagrams.udp(HOST, 1, FAR, 2, 3000), 1480).getFirst(),
            TestFirewall.arp(1, TestFirewall.HOST_MAC, HOST, TestFirewall.LAN_MAC, LAN)
        };
        for (int i = 0; i < 40_000; i++) {
            byte[] datagram = good[random.nextInt(good.length)].clone();
            int damage = random.nextInt(6);
            for (int j = 0; j < damage; j++) {
                datagram[random.nextInt(datagram.length)] = (byte) random.nextInt();
            }
            int type = datagram.length == 28 ? 0x0806 : TestFirewall.type(datagram);
            if (damage > 0 && type == 0x0800 && (datagram[0] & 0xf) >= 5 && random.nextBoolean()) {
                int header = Math.min((datagram[0] & 0xf) * 4, datagram.length & ~1);
                datagram[0] = (byte) (0x40 | header / 4);
                datagram = Datagrams.changed(datagram, b -> Octets.u16(b, 4, random.nextInt(4)));
            }
            byte[] cut =
                    random.nextInt(8) == 0 ? Arrays.copyOf(datagram, random.nextInt(datagram.length + 1)) : datagram;
            boolean lan = random.nextBoolean();
            MemoryPort port = lan ? firewall.lanPort : firewall.wanPort;
            port.arrive(MemoryPort.Frame.of(Datagrams.framed(
                    cut,
                    lan ? TestFirewall.LAN_MAC : TestFirewall.WAN_MAC,
                    lan ? TestFirewall.HOST_MAC : TestFirewall.ROUTER_MAC,
                    type)));
            if (i % 16 == 0) {
                firewall.clock.advance(Duration.ofMillis(5));
                firewall.step();
                firewall.lanPort.taken();
                firewall.wanPort.taken();
                firewall.tunPort.taken();
            }
        }
        assertEquals(
                0,
                firewall.pipeline.drops(DropReason.INTERNAL_ERROR),
                () -> firewall.events.stream()
                        .filter(event -> event.type().name().equals("packet_defect"))
                        .toList()
                        .toString());
        firewall.pass(Duration.ofSeconds(60));
        firewall.assertNoLeak(0);
    }

    static byte[] reply(Packet request, String from) {
        byte[] icmp = request.buffer()
                .asSlice(request.transportAt(), request.payloadEnd() - request.transportAt())
                .toArray(ValueLayout.JAVA_BYTE);
        return Datagrams.ip(from, WAN, IpProtocol.ICMP, icmp.length, p -> {
            MemorySegment.copy(icmp, 0, p.buffer(), ValueLayout.JAVA_BYTE, p.transportAt(), icmp.length);
            Icmp.type(p.buffer(), p.transportAt(), Icmp.ECHO_REPLY);
            Icmp.computeChecksum(p.buffer(), p.transportAt(), p.transportAt() + icmp.length);
        });
    }
}
