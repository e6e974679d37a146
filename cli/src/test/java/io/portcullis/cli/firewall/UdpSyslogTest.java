package io.portcullis.cli.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UdpSyslogTest {
    @Test
    @Timeout(10)
    void eachMessageIsADatagram() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                UdpSyslog syslog = new UdpSyslog(IpAddress.literal("127.0.0.1"), server.getLocalPort())) {
            for (String sent : new String[] {"<158>1 first", "<158>1 second, Größe"}) {
                syslog.send(sent.getBytes(StandardCharsets.UTF_8));
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                server.receive(packet);
                assertEquals(sent, new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
        }
    }
}
