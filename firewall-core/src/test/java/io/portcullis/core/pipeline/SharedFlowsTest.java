package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST_MAC;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER_MAC;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static io.portcullis.core.pipeline.TestFirewall.WAN_MAC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.time.ManualClock;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.core.trace.TraceStep;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three workers with a port each of both devices: whichever of them a packet comes by, its flow's owner has it. */
class SharedFlowsTest {
    private static final int WORKERS = 3;
    private static final int FLOWS = 60;
    private static final int ESP_IN_UDP = 4500;
    private static final int FIRST_PORT = 20_000;

    private final long seed = new Random().nextLong();
    private final List<MemoryPort> lan = ports(LAN_MAC);
    private final List<MemoryPort> wan = ports(WAN_MAC);
    private final Gate gate = new Gate();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TestWorkers firewall = new TestWorkers(WORKERS, clock, new Random(seed), gate, lan, wan);

    /** Takes datagrams to port 4500, each on the worker that its first four octets say, as an SPI would. */
    private static final class Gate implements IpsecGate {
        final List<String> taken = new ArrayList<>();

        @Override
        public boolean claims(Packet packet) {
            return packet.protocol() == IpProtocol.UDP && packet.destinationPort() == ESP_IN_UDP;
        }

        @Override
        public int worker(Packet packet) {
            int size = packet.gso() == Packet.Gso.NONE ? Packet.CAPACITY : packet.gsoSize();
            int owner = BY_FLOW;
            for (int at = packet.transportAt() + Udp.HEADER; at < packet.payloadEnd(); at += size) {
                int its = Octets.i32(packet.buffer(), at) % WORKERS;
                if (owner != BY_FLOW && its != owner) {
                    return SEVERAL;
                }
                owner = its;
            }
            return owner;
        }

        @Override
        public DropReason take(Packet packet, PacketWorker worker, long now) {
            int spi = Octets.i32(packet.buffer(), packet.transportAt() + Udp.HEADER);
            taken.add(worker.index() + " takes " + spi + (packet.gso() == Packet.Gso.NONE ? "" : " merged"));
            worker.pool().give(packet);
            return DropReason.NONE;
        }
    }

    private static List<MemoryPort> ports(MacAddress mac) {
        return IntStream.range(0, WORKERS)
                .mapToObj(_ -> new MemoryPort(mac, true))
                .toList();
    }

    @BeforeEach
    void meetNeighbours() {
        System.out.println("seed " + seed);
        // Each by one port only, as a device spreads them: what one worker hears the others know.
        lan.get(1).arrive(MemoryPort.Frame.of(TestWorkers.hostSpeaks()));
        wan.get(2).arrive(MemoryPort.Frame.of(TestWorkers.routerSpeaks()));
        firewall.step();
        sent(lan);
        sent(wan);
    }

    @AfterEach
    void everyPacketIsAtHome() {
        firewall.assertAllAtHome();
    }

    private void fromLan(int worker, byte[] datagram) {
        lan.get(worker).arrive(MemoryPort.Frame.of(Datagrams.framed(datagram, LAN_MAC, HOST_MAC, EtherType.IPV4)));
    }

    private void fromWan(int worker, byte[] datagram) {
        wan.get(worker).arrive(MemoryPort.Frame.of(Datagrams.framed(datagram, WAN_MAC, ROUTER_MAC, EtherType.IPV4)));
    }

    /** What left by any port of the device, parsed. */
    private static List<Packet> sent(List<MemoryPort> device) {
        return device.stream()
                .flatMap(port -> TestFirewall.datagrams(port).stream())
                .map(frame -> Datagrams.parsed(frame.octets()))
                .toList();
    }

    private static IpAddress destination(Packet packet) {
        return new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }

    private TraceReport trace(byte[] datagram, NetworkInterface in) {
        CompletableFuture<TraceReport> answer = PacketTrace.of(firewall.workers, PacketTraceTest.packet(datagram), in);
        for (int round = 0; round < 2 * WORKERS && !answer.isDone(); round++) {
            firewall.step();
        }
        assertTrue(answer.isDone(), "seed " + seed);
        return answer.join();
    }

    private static String said(TraceReport report, String stage) {
        return report.steps().stream()
                .filter(step -> step.stage().equals(stage))
                .findFirst()
                .map(TraceStep::text)
                .orElse("nothing of " + stage);
    }

    private List<Integer> sizes() {
        return firewall.workers.stream()
                .map(worker -> worker.pipeline().connections().size())
                .toList();
    }

    @Test
    void aTraceIsAnsweredByTheOwnerOfTheFlow() {
        Set<Integer> owners = new HashSet<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            byte[] there = Datagrams.udp(HOST, FIRST_PORT + flow, FAR, 53, 100);
            byte[] back = Datagrams.udp(FAR, 53, HOST, FIRST_PORT + flow, 100);
            List<Integer> before = sizes();
            TraceReport first = trace(there, firewall.lan);
            assertEquals("none yet, this packet opens one", said(first, "Connection"));
            assertEquals(before, sizes(), "asking opens nothing");
            assertEquals(List.of(), sent(wan));
            fromLan(flow % WORKERS, there);
            firewall.step();
            assertEquals(1, sent(wan).size());
            int owner = IntStream.range(0, WORKERS)
                    .filter(worker -> sizes().get(worker) > before.get(worker))
                    .findFirst()
                    .orElseThrow();
            owners.add(owner);
            for (TraceReport again : List.of(first, trace(there, firewall.lan), trace(back, firewall.wan))) {
                assertEquals(owner + " of " + WORKERS, said(again, "Worker"), "seed " + seed);
            }
            assertTrue(said(trace(there, firewall.lan), "Connection").startsWith("UDP, lan to wan"));
            assertTrue(said(trace(back, firewall.wan), "Connection").endsWith(": an answer"));
            assertTrue(trace(back, firewall.wan).verdict().startsWith("forwarded to lan"));
        }
        assertEquals(WORKERS, owners.size(), "seed " + seed);
    }

    @Test
    void aTraceAsksTheOwnerOfAPipeWhetherItIsFull() {
        firewall.pipes(ShapingTest.Everything.of(ShapingTest.pipe(100, WORKERS - 1), null));
        byte[] datagram = Datagrams.udp(HOST, FIRST_PORT, FAR, 53, 1000);
        assertTrue(trace(datagram, firewall.lan).verdict().startsWith("forwarded to wan"));
        for (int i = 0; i < 100; i++) {
            fromLan(0, datagram);
            firewall.step();
        }
        assertTrue(firewall.drops(DropReason.PIPE_FULL) > 0);
        assertEquals("dropped: pipe_full by pipe", trace(datagram, firewall.lan).verdict());
        for (int i = 0; i < 800; i++) {
            clock.advance(Duration.ofMillis(10));
            firewall.step();
            sent(wan);
        }
    }

    @Test
    void aFlowIsOneConnectionByWhateverPortsItsPacketsCome() {
        for (int worker = 0; worker < WORKERS; worker++) {
            for (int flow = 0; flow < FLOWS; flow++) {
                fromLan(worker, Datagrams.udp(HOST, FIRST_PORT + flow, FAR, 53, 100));
            }
        }
        firewall.step();
        assertEquals(FLOWS, firewall.connections());
        assertEquals(WORKERS * FLOWS, sent(wan).size());
        for (Worker worker : firewall.workers) {
            assertTrue(worker.pipeline().connections().size() > 0, "no flow is worker " + worker.index() + "'s");
        }
        for (int worker = 0; worker < WORKERS; worker++) {
            for (int flow = 0; flow < FLOWS; flow++) {
                fromWan(worker, Datagrams.udp(FAR, 53, HOST, FIRST_PORT + flow, 100));
            }
        }
        firewall.step();
        assertEquals(FLOWS, firewall.connections(), "answers belong to the questions");
        assertEquals(WORKERS * FLOWS, sent(lan).size());
    }

    @Test
    void onePipeLimitsTheFlowsOfAllWorkersTogether() {
        Pipe pipe = ShapingTest.pipe(1000, 1);
        firewall.pipes(ShapingTest.Everything.of(pipe, null));
        int octets = 0;
        for (int milli = 0; milli < 1000; milli++) {
            fromLan(milli % WORKERS, Datagrams.udp(HOST, FIRST_PORT + milli % FLOWS, FAR, 53, 500 - 28));
            clock.advance(Duration.ofMillis(1));
            firewall.step();
            octets += sent(wan).stream().mapToInt(packet -> 500).sum();
        }
        assertEquals(125_000, octets, 1_750, "octets in a second");
        assertEquals(FLOWS, firewall.connections());
        assertTrue(firewall.drops(DropReason.PIPE_FULL) > 0);
        clock.advance(Duration.ofSeconds(1));
        while (pipe.view(clock.nanos()).waiting() > 0) {
            clock.advance(Duration.ofMillis(5));
            firewall.step();
        }
        sent(wan);
    }

    @Test
    void answersToTranslatedPacketsFindTheirConnection() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        List<Packet> questions = questions();
        // Nobody may come in by himself: what gets through has found its connection.
        firewall.decisions.action = Policy.Action.DROP;
        for (int i = 0; i < questions.size(); i++) {
            fromWan(i % WORKERS, Datagrams.udp(FAR, 53, WAN, questions.get(i).sourcePort(), 100));
        }
        firewall.step();
        List<Packet> answers = sent(lan);
        assertEquals(
                FLOWS, answers.stream().map(Packet::destinationPort).distinct().count());
        answers.forEach(answer -> assertEquals(IpAddress.literal(HOST), destination(answer)));
    }

    @Test
    void errorsAboutTranslatedPacketsFindTheirConnection() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        List<Packet> questions = questions();
        firewall.decisions.action = Policy.Action.DROP;
        for (int i = 0; i < questions.size(); i++) {
            fromWan(i % WORKERS, unreachable(questions.get(i)));
        }
        firewall.step();
        List<Packet> errors = sent(lan);
        assertEquals(FLOWS, errors.size());
        for (Packet error : errors) {
            assertEquals(IpProtocol.ICMP, error.protocol());
            assertEquals(IpAddress.literal(HOST), destination(error));
            assertEquals(DropReason.NONE, Headers.verifyTransport(error));
        }
    }

    /** Sends one datagram of each flow by different ports, and answers them as they left: translated. */
    private List<Packet> questions() {
        for (int flow = 0; flow < FLOWS; flow++) {
            fromLan(flow % WORKERS, Datagrams.udp(HOST, FIRST_PORT + flow, FAR, 53, 100));
        }
        firewall.step();
        List<Packet> left = sent(wan);
        assertEquals(FLOWS, left.size());
        left.forEach(
                packet -> assertEquals(IpAddress.literal(WAN), new IpAddress(packet.sourceHigh(), packet.sourceLow())));
        return left;
    }

    /** The router says of a packet that left: host unreachable. */
    private static byte[] unreachable(Packet about) {
        int quoted = 28;
        int length = Icmp.HEADER + quoted;
        return Datagrams.ip(TestFirewall.ROUTER, WAN, IpProtocol.ICMP, length, p -> {
            int at = p.transportAt();
            Icmp.write(p.buffer(), at, Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE, 0);
            MemorySegment.copy(about.buffer(), about.networkAt(), p.buffer(), at + Icmp.HEADER, quoted);
            Icmp.computeChecksum(p.buffer(), at, at + length);
        });
    }

    @Test
    void answersOfAServerThatIsReachedAtAnotherAddressFindTheirConnection() {
        firewall.decisions.redirection = new Redirection(IpAddress.literal(HOST), 5353);
        for (int flow = 0; flow < FLOWS; flow++) {
            fromWan(flow % WORKERS, Datagrams.udp(FAR, FIRST_PORT + flow, WAN, 53, 100));
        }
        firewall.step();
        List<Packet> questions = sent(lan);
        assertEquals(FLOWS, questions.size());
        firewall.decisions.action = Policy.Action.DROP;
        for (int i = 0; i < FLOWS; i++) {
            Packet question = questions.get(i);
            assertEquals(IpAddress.literal(HOST), destination(question));
            assertEquals(5353, question.destinationPort());
            fromLan(i % WORKERS, Datagrams.udp(HOST, 5353, FAR, question.sourcePort(), 100));
        }
        firewall.step();
        List<Packet> answers = sent(wan);
        assertEquals(
                FLOWS, answers.stream().map(Packet::destinationPort).distinct().count());
        for (Packet answer : answers) {
            assertEquals(IpAddress.literal(WAN), new IpAddress(answer.sourceHigh(), answer.sourceLow()));
            assertEquals(53, answer.sourcePort());
            assertTrue(answer.destinationPort() >= FIRST_PORT && answer.destinationPort() < FIRST_PORT + FLOWS);
        }
    }

    @Test
    void aPingAndItsAnswerHaveOneOwner() {
        for (int i = 0; i < FLOWS; i++) {
            fromLan(i % WORKERS, Datagrams.ping(HOST, FAR, 500 + i, 40));
        }
        firewall.step();
        List<Packet> requests = sent(wan);
        assertEquals(FLOWS, requests.size());
        firewall.decisions.action = Policy.Action.DROP;
        for (int i = 0; i < FLOWS; i++) {
            int identifier = 500 + i;
            fromWan(i % WORKERS, Datagrams.ip(FAR, HOST, IpProtocol.ICMP, Icmp.HEADER, p -> {
                Icmp.write(p.buffer(), p.transportAt(), Icmp.ECHO_REPLY, 0, identifier << 16 | 1);
                Icmp.computeChecksum(p.buffer(), p.transportAt(), p.transportAt() + Icmp.HEADER);
            }));
        }
        firewall.step();
        assertEquals(FLOWS, sent(lan).size());
    }

    @Test
    void fragmentsOfADatagramMeetByWhateverPortsTheyCome() {
        for (int datagram = 0; datagram < FLOWS; datagram++) {
            int identification = 1000 + datagram;
            byte[] whole = Datagrams.changed(
                    Datagrams.udp(HOST, FIRST_PORT + datagram, FAR, 53, 3000), b -> Octets.u16(b, 4, identification));
            List<byte[]> pieces = Fragments.of(whole, 1480);
            for (int i = pieces.size() - 1; i >= 0; i--) {
                fromLan((datagram + i) % WORKERS, pieces.get(i));
            }
            firewall.step();
        }
        assertEquals(3 * FLOWS, sent(wan).size());
        assertEquals(FLOWS, firewall.connections());
    }

    @Test
    void aFullRingIsACountedDrop() {
        int owner = 1;
        int port = portOwnedBy(owner);
        int most = 1 << 12;
        for (int i = 0; i < most; i++) {
            fromLan(0, Datagrams.udp(HOST, port, FAR, 53, 10));
        }
        // The owner does not work meanwhile.
        Worker busy = firewall.workers.get(0);
        long handedOut = busy.use().handedOut();
        long handedIn = firewall.workers.get(owner).use().handedIn();
        while (busy.step(0) > 0) {}
        long refused = firewall.drops(DropReason.HANDOFF_FULL);
        assertEquals(most - Handoff.RING, refused);
        assertEquals(refused, busy.use().refused());
        assertEquals(Handoff.RING, busy.use().handedOut() - handedOut);
        firewall.step();
        assertEquals(Handoff.RING, sent(wan).size());
        assertEquals(Handoff.RING, firewall.workers.get(owner).use().handedIn() - handedIn);
        assertEquals(refused, firewall.drops(DropReason.HANDOFF_FULL), "it goes on as before");
    }

    /** A source port whose flow to FAR is this worker's. */
    private int portOwnedBy(int owner) {
        for (int port = 1024; ; port++) {
            int before = firewall.workers.get(owner).pipeline().connections().size();
            fromLan(0, Datagrams.udp(HOST, port, FAR, 53, 10));
            firewall.step();
            sent(wan);
            if (firewall.workers.get(owner).pipeline().connections().size() > before) {
                return port;
            }
        }
    }

    @Test
    void mergedEspGoesToTheWorkerOfItsSa() {
        arriveMerged(4, 7, 10);
        assertEquals(List.of("1 takes 4 merged"), gate.taken);
    }

    @Test
    void mergedEspOfSeveralWorkersIsTakenApartInOrder() {
        arriveMerged(3, 4, 5, 7, 4, 6, 4);
        assertEquals(
                List.of("1 takes 4", "1 takes 7", "1 takes 4", "1 takes 4"),
                gate.taken.stream().filter(one -> one.startsWith("1")).toList());
        assertEquals(
                List.of("0 takes 3", "0 takes 6"),
                gate.taken.stream().filter(one -> one.startsWith("0")).toList());
        assertTrue(gate.taken.contains("2 takes 5"));
        assertEquals(7, gate.taken.size());
    }

    private void arriveMerged(int... spis) {
        int size = 20;
        byte[] merged = Datagrams.udp(FAR, 4500, WAN, ESP_IN_UDP, size * spis.length);
        MemorySegment b = MemorySegment.ofArray(merged);
        for (int i = 0; i < spis.length; i++) {
            Octets.i32(b, 28 + i * size, spis[i]);
        }
        byte[] frame = Datagrams.framed(merged, WAN_MAC, ROUTER_MAC, EtherType.IPV4);
        wan.get(2).arrive(new MemoryPort.Frame(frame, true, Udp.CHECKSUM, Packet.Gso.UDP, size));
        firewall.step();
    }
}
