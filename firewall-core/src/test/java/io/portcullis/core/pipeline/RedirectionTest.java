package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that a policy sends elsewhere than they are addressed to (SAT). */
class RedirectionTest {
    private static final String NOBODY = "192.168.1.77";

    private final TestFirewall firewall = TestFirewall.withNeighbours();

    private void redirect(String address, int port) {
        firewall.decisions.redirection = new Redirection(IpAddress.literal(address), port);
    }

    private static String ends(Packet packet) {
        return new IpAddress(packet.sourceHigh(), packet.sourceLow()) + ":" + packet.sourcePort() + " > "
                + new IpAddress(packet.destinationHigh(), packet.destinationLow()) + ":" + packet.destinationPort();
    }

    @Test
    void whatIsAddressedToTheFirewallGoesToAServer() {
        redirect(HOST, 8080);
        firewall.fromWan(Datagrams.syn(FAR, 4000, WAN, 80));
        assertEquals(FAR + ":4000 > " + HOST + ":8080", ends(firewall.onLan()));
        firewall.decisions.action = Policy.Action.DROP;
        firewall.fromLan(Datagrams.tcp(HOST, 8080, FAR, 4000, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        assertEquals(WAN + ":80 > " + FAR + ":4000", ends(firewall.onWan()));
        assertEquals(1, firewall.decisions.lookups, "answers are asked nothing");
        assertEquals(0, firewall.tunPort.taken().size(), "nothing reaches the firewall itself");
        firewall.assertNoLeak(0);
    }

    @Test
    void theServerMayBeBehindATunnel() {
        redirect(BEHIND, 0);
        firewall.fromLan(Datagrams.udp(HOST, 4000, LAN, 53, 20));
        Packet outer = firewall.onWan();
        int inner = outer.transportAt() + 8;
        assertEquals(IpAddress.literal(BEHIND).v4Bits(), Ipv4.destination(outer.buffer(), inner));
    }

    @Test
    void aServerWithoutARouteIsACountedDrop() {
        redirect("8.8.8.8", 0);
        firewall.fromWan(Datagrams.udp(FAR, 4000, WAN, 53, 20));
        firewall.assertDropped(DropReason.NO_ROUTE);
        assertEquals(0, firewall.pipeline.connections().size());
    }

    /** Who hears of a server that is down hears of the address he knows. */
    @Test
    void anErrorAboutATranslatedPacketQuotesWhatItsSenderSent() {
        redirect(NOBODY, 5353);
        byte[] sent = Datagrams.udp(FAR, 4000, WAN, 53, 20);
        firewall.fromWan(sent);
        firewall.lanPort.taken();
        firewall.pass(Duration.ofSeconds(5));
        firewall.assertDropped(DropReason.NEIGHBOUR_UNKNOWN);
        Packet error = firewall.onWan();
        assertEquals(WAN + " > " + FAR, ends(error).replaceAll(":\\d+", ""));
        assertEquals(Icmp.UNREACHABLE, Icmp.type(error.buffer(), error.transportAt()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(error));
        assertQuotes(sent, error);
    }

    @Test
    void aHiddenHostHearsToo() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        byte[] sent = Datagrams.udp(HOST, 4000, "203.0.113.77", 53, 20);
        firewall.fromLan(sent);
        firewall.wanPort.taken();
        firewall.pass(Duration.ofSeconds(5));
        firewall.assertDropped(DropReason.NEIGHBOUR_UNKNOWN);
        Packet error = firewall.onLan();
        assertEquals(LAN + " > " + HOST, ends(error).replaceAll(":\\d+", ""));
        assertQuotes(sent, error);
    }

    /** All of the packet but its TTL and the checksum over it. */
    private static void assertQuotes(byte[] sent, Packet error) {
        int quote = error.transportAt() + Icmp.HEADER;
        for (int i = 0; i < sent.length; i++) {
            if (i != 8 && i != 10 && i != 11) {
                assertEquals(sent[i], error.buffer().get(ValueLayout.JAVA_BYTE, quote + i), "octet " + i);
            }
        }
    }

    @Test
    void aConnectionEndsWhenItWouldGoElsewhereToday() {
        redirect(HOST, 8080);
        firewall.fromWan(Datagrams.udp(FAR, 4000, WAN, 53, 20));
        firewall.settings(PipelineSettings.DEFAULT);
        firewall.fromWan(Datagrams.udp(FAR, 4000, WAN, 53, 20));
        assertEquals(List.of("conn_open_natsat"), firewall.eventNames(), "the same policy, the same connection");
        redirect(NOBODY, 8080);
        firewall.settings(PipelineSettings.DEFAULT);
        firewall.fromWan(Datagrams.udp(FAR, 4000, WAN, 53, 20));
        assertTrue(
                firewall.eventNames().contains("conn_close_natsat"),
                firewall.eventNames().toString());
        assertEquals(1, firewall.pipeline.connections().size());
    }
}
