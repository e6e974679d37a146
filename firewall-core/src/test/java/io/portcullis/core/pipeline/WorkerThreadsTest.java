package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST_MAC;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER_MAC;
import static io.portcullis.core.pipeline.TestFirewall.WAN_MAC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.time.Clock;
import io.portcullis.core.time.SystemClock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three workers on threads of their own, and numbered datagrams of many flows through them. */
class WorkerThreadsTest {
    private static final int WORKERS = 3;
    private static final int FLOWS = 48;
    private static final int DATAGRAMS = 60_000;
    /** Less than any ring or wire takes: nothing has a reason to be lost. */
    private static final int UNDER_WAY = 256;

    private static final int FIRST_PORT = 30_000;
    private static final int NUMBER_AT = Ethernet.HEADER + Ipv4.HEADER + Udp.HEADER;
    private static final long PATIENCE = 20_000_000_000L;

    private final Clock clock = new SystemClock();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final PacketPool pool = new PacketPool(2 * UNDER_WAY);
    private final PacketBurst burst = new PacketBurst();
    private final int[] sent = new int[FLOWS];
    private final int[] arrived = new int[FLOWS];

    /** With fewer ports than workers a packet is handed on twice: to its owner and to one who can send it. */
    @ParameterizedTest(name = "{0} ports on lan, {1} on wan")
    @CsvSource({"3,3", "1,1", "3,1", "1,2"})
    void datagramsOfAFlowStayInOrderAndEveryBufferComesHome(int lanPorts, int wanPorts) throws InterruptedException {
        System.out.println("seed " + seed);
        List<SimulatedWire> lan = wires(lanPorts, LAN_MAC);
        List<SimulatedWire> wan = wires(wanPorts, WAN_MAC);
        TestWorkers firewall = new TestWorkers(
                WORKERS,
                clock,
                random,
                IpsecGate.CLOSED,
                lan.stream().map(SimulatedWire::left).toList(),
                wan.stream().map(SimulatedWire::left).toList());
        firewall.workers.forEach(Worker::start);
        try {
            speak(lan.getLast().right(), TestWorkers.hostSpeaks());
            speak(wan.getLast().right(), TestWorkers.routerSpeaks());
            letAllWork(firewall);
            List<byte[]> frames = frames();
            long deadline = clock.nanos() + PATIENCE;
            int underWay = 0;
            int all = 0;
            while ((all < DATAGRAMS || underWay > 0) && clock.nanos() < deadline) {
                for (int i = random.nextInt(32); i > 0 && all < DATAGRAMS && underWay < UNDER_WAY; i--) {
                    int flow = random.nextInt(FLOWS);
                    // A device gives all of a flow to one queue.
                    send(lan.get(flow % lanPorts).right(), numbered(frames.get(flow), sent[flow]++));
                    all++;
                    underWay++;
                }
                for (SimulatedWire wire : wan) {
                    underWay -= receive(wire.right());
                }
                for (SimulatedWire wire : lan) {
                    receive(wire.right());
                }
                Thread.onSpinWait();
            }
            assertEquals(DATAGRAMS, all, "sent in time");
            assertEquals(0, underWay, "lost, seed " + seed);
        } finally {
            firewall.workers.forEach(Worker::close);
            firewall.workers.forEach(Worker::discardHandedOver);
        }
        assertEquals(0, firewall.drops(DropReason.HANDOFF_FULL));
        assertEquals(FLOWS, firewall.connections());
        for (Worker worker : firewall.workers) {
            assertTrue(worker.use().handedIn() > 0, "nothing was handed to worker " + worker.index());
        }
        firewall.assertAllAtHome();
        assertEquals(pool.size(), pool.available());
    }

    private List<SimulatedWire> wires(int count, MacAddress mac) {
        List<SimulatedWire> wires = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            wires.add(new SimulatedWire(
                    "wire" + i, SimulatedWire.Properties.ethernet(), mac, new MacAddress(0), clock, random));
        }
        return wires;
    }

    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            byte[] datagram = Datagrams.udp(HOST, FIRST_PORT + flow, FAR, 53, 64);
            // No checksum: the number in it changes.
            Octets.u16(MemorySegment.ofArray(datagram), Ipv4.HEADER + Udp.CHECKSUM, 0);
            frames.add(Datagrams.framed(datagram, LAN_MAC, HOST_MAC, EtherType.IPV4));
        }
        return frames;
    }

    private static byte[] numbered(byte[] frame, int number) {
        Octets.i32(MemorySegment.ofArray(frame), NUMBER_AT, number);
        return frame;
    }

    /** Asks the firewall for its station and waits for the answer: then it knows ours. */
    private void speak(Port port, byte[] question) {
        send(port, question);
        long deadline = clock.nanos() + PATIENCE;
        boolean answered = false;
        while (!answered && clock.nanos() < deadline) {
            Thread.onSpinWait();
            int heard = port.receive(burst, pool);
            for (int i = 0; i < heard; i++) {
                Packet packet = burst.get(i);
                // It also says unasked where it is, before it has heard of us.
                answered |= Arp.operation(packet.buffer(), packet.start() + Ethernet.HEADER) == Arp.REPLY;
                pool.give(packet);
            }
            burst.clear();
        }
        assertTrue(answered, "no answer to ARP");
    }

    /** A whole round of each worker has begun and ended: what they told each other was heard. */
    private static void letAllWork(TestWorkers firewall) throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            CountDownLatch all = new CountDownLatch(WORKERS);
            firewall.workers.forEach(worker -> assertTrue(worker.execute((_, _) -> all.countDown())));
            assertTrue(all.await(PATIENCE, TimeUnit.NANOSECONDS));
        }
    }

    private void send(Port port, byte[] frame) {
        Packet packet = pool.take();
        int at = packet.append(frame.length);
        MemorySegment.copy(frame, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, frame.length);
        burst.add(packet);
        assertEquals(1, port.send(burst));
        burst.clear();
        pool.give(packet);
    }

    /** Takes what arrived, and compares its numbers. Returns how many datagrams of ours there were. */
    private int receive(Port port) {
        int datagrams = 0;
        int received = port.receive(burst, pool);
        for (int i = 0; i < received; i++) {
            Packet packet = burst.get(i);
            MemorySegment b = packet.buffer();
            int at = packet.start();
            if (Ethernet.type(b, at) == EtherType.IPV4 && Ethernet.destination(b, at) == ROUTER_MAC.bits()) {
                int flow = Udp.sourcePort(b, at + Ethernet.HEADER + Ipv4.HEADER) - FIRST_PORT;
                assertEquals(arrived[flow]++, Octets.i32(b, at + NUMBER_AT), "of flow " + flow + ", seed " + seed);
                datagrams++;
            }
            pool.give(packet);
        }
        burst.clear();
        return datagrams;
    }
}
