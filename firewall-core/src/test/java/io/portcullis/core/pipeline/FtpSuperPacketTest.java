package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.FtpTranslationTest.INSIDE;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of a control connection that a device has merged, their checksum left to be computed. */
class FtpSuperPacketTest {
    private static final int CLIENT = 5000;
    private static final int DATA = 50_000;
    private static final int SIZE = 10;
    private static final String SAID = "NOOP\r\nPORT " + FtpTranslationTest.six(INSIDE, DATA) + "\r\nNOOP\r\n";
    private static final String HEARD = "NOOP\r\nPORT " + FtpTranslationTest.six(WAN, DATA) + "\r\nNOOP\r\n";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mergedLinesAreChangedAndEverySumIsRight(boolean takesSuperPackets) {
        TestFirewall firewall = new TestFirewall(takesSuperPackets, true, ConnectionLimits.DEFAULT);
        firewall.meetNeighbours();
        firewall.arpRequest(INSIDE, TestFirewall.LAN, TestFirewall.HOST_MAC);
        firewall.decisions.spoken = Policy.Application.FTP;
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.syn(INSIDE, CLIENT, FAR, 21));
        int port = firewall.onWan().sourcePort();
        firewall.fromWan(Datagrams.tcp(FAR, 21, WAN, port, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        firewall.clear();

        byte[] merged = Datagrams.tcp(INSIDE, CLIENT, FAR, 21, Tcp.ACK, 1001, 8, 0, 0, SAID);
        firewall.fromLan(EgressTest.partial(merged, Packet.Gso.TCP_V4, SIZE));
        List<MemoryPort.Frame> out = TestFirewall.datagrams(firewall.wanPort);

        assertTrue(HEARD.length() != SAID.length(), "or nothing is shown");
        assertEquals(takesSuperPackets ? 1 : (HEARD.length() + SIZE - 1) / SIZE, out.size());
        StringBuilder heard = new StringBuilder();
        for (MemoryPort.Frame frame : out) {
            Packet segment = Datagrams.parsed(frame.octets());
            assertEquals(1001 + heard.length(), Tcp.sequence(segment.buffer(), segment.transportAt()));
            heard.append(FtpTranslationTest.text(segment));
            assertSum(frame, segment);
        }
        assertEquals(HEARD, heard.toString());
        firewall.decisions.action = Policy.Action.DROP;
        firewall.clear();
        firewall.fromWan(Datagrams.syn(FAR, 20, WAN, DATA));
        assertEquals(DATA, firewall.onLan().destinationPort());
        firewall.assertNoLeak(0);
    }

    private static void assertSum(MemoryPort.Frame frame, Packet segment) {
        if (!frame.partial()) {
            assertEquals(DropReason.NONE, Headers.verifyTransport(segment));
            return;
        }
        int at = segment.transportAt();
        long pseudo =
                Ipv4.pseudoHeader(segment.buffer(), segment.networkAt(), IpProtocol.TCP, segment.payloadEnd() - at);
        assertEquals(Checksum.fold(pseudo), Octets.u16(segment.buffer(), at + (long) Tcp.CHECKSUM));
    }
}
