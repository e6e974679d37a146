package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Nothing is made for a packet, whether it passes or dies. */
class AllocationTest {
    private static final int PACKETS = 100_000;
    /** What the virtual machine itself may make meanwhile, octets: less than one for each packet. */
    private static final long NOISE = 65_536;

    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void anEstablishedFlowMakesNothing() {
        assertMakesNothing(Datagrams.udp(HOST, 5000, FAR, 53, 1200));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    @Test
    void anEstablishedTcpConnectionThroughTranslationMakesNothing() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.syn(HOST, 5000, FAR, 80));
        int port = firewall.onWan().sourcePort();
        firewall.fromWan(Datagrams.tcp(FAR, 80, TestFirewall.WAN, port, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 0));
        assertMakesNothing(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 1000));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    @Test
    void answersToAFloodOfOpenersMakeNothing() {
        firewall.decisions.synRelay = Policy.SynRelay.ALWAYS;
        assertMakesNothing(Datagrams.syn(HOST, 5000, FAR, 80));
        assertTrue(firewall.lanPort.forgotten() >= PACKETS, "all were answered");
    }

    @Test
    void aRelayedConnectionMakesNothing() {
        firewall.decisions.synRelay = Policy.SynRelay.ALWAYS;
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.syn(HOST, 5000, FAR, 80));
        Packet answer = firewall.onLan();
        int next = Tcp.sequence(answer.buffer(), answer.transportAt()) + 1;
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, next, 0, 0));
        int port = firewall.onWan().sourcePort();
        firewall.fromWan(Datagrams.tcp(FAR, 80, TestFirewall.WAN, port, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        assertMakesNothing(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, next, 0, 1000));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    /** One of many control connections, whose client has gone on reading. */
    @Test
    void aFollowedConnectionMakesNothing() {
        firewall.decisions.spoken = Policy.Application.FTP;
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        for (int port = 5000; port < 5300; port++) {
            firewall.fromLan(Datagrams.syn(HOST, port, FAR, 21));
        }
        firewall.clear();
        firewall.fromLan(Datagrams.syn(HOST, 5300, FAR, 21));
        int port = firewall.onWan().sourcePort();
        firewall.fromWan(Datagrams.tcp(FAR, 21, TestFirewall.WAN, port, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        assertMakesNothing(Datagrams.tcp(HOST, 5300, FAR, 21, Tcp.ACK, 1001, 8, 0, 0));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    @Test
    void aRedirectedFlowMakesNothing() {
        firewall.decisions.redirection = new Redirection(IpAddress.literal(FAR), 5353);
        assertMakesNothing(Datagrams.udp(HOST, 5000, TestFirewall.LAN, 53, 1200));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    @Test
    void aTunnelMakesNothing() {
        assertMakesNothing(Datagrams.udp(HOST, 5000, TestFirewall.BEHIND, 53, 1200));
        assertTrue(firewall.wanPort.forgotten() >= PACKETS, "all were forwarded");
    }

    @Test
    void refusedPacketsMakeNothing() {
        firewall.decisions.action = Policy.Action.DROP;
        firewall.settings(new PipelineSettings(
                PipelineSettings.DEFAULT.ip(),
                PipelineSettings.DEFAULT.tcp(),
                PipelineSettings.DEFAULT.fragments(),
                true,
                true,
                0,
                0));
        assertMakesNothing(Datagrams.udp(HOST, 5000, FAR, 53, 1200));
        assertMakesNothing(Datagrams.udp(HOST, 5000, "8.8.8.8", 53, 1200));
        assertMakesNothing(Datagrams.udp(HOST, 5000, HOST, 53, 1200));
    }

    private void assertMakesNothing(byte[] datagram) {
        byte[] frame = Datagrams.framed(datagram, TestFirewall.LAN_MAC, TestFirewall.HOST_MAC, EtherType.IPV4);
        firewall.lanPort.forgetful();
        firewall.wanPort.forgetful();
        run(frame, 20_000);
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        run(frame, PACKETS);
        long made = threads.getThreadAllocatedBytes(thread) - before;
        assertTrue(made < NOISE, made + " octets for " + PACKETS + " packets");
        firewall.assertNoLeak(0);
    }

    private void run(byte[] frame, int packets) {
        firewall.lanPort.repeat(frame, packets);
        int done = 0;
        while (done < packets) {
            int now = firewall.worker.step(firewall.clock.nanos());
            assertTrue(now > 0, "the port gave out");
            done += now;
        }
    }
}
