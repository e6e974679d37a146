package io.portcullis.test.bench.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the generator sends is UDP that a kernel takes, in all the flows asked for. */
@Needs({Need.ROOT, Need.NAMESPACES})
class FrameGeneratorTest {
    private static final int PORT = 4000;

    @Test
    void everyFlowArrivesWithTheLengthAskedFor() {
        try (Lab lab = Lab.open()) {
            Namespace source = lab.namespace("source");
            Namespace sink = lab.namespace("sink");
            lab.wire(source, "eth0", sink, "eth0", true);
            source.ip("addr add 10.9.0.1/24 dev eth0");
            sink.ip("addr add 10.9.0.2/24 dev eth0");
            Frame frame = new Frame(
                    100,
                    "02:00:00:00:00:01",
                    sink.run("cat", "/sys/class/net/eth0/address").output().strip(),
                    "10.9.0.1",
                    "10.9.0.2",
                    new PortRange(1000, 3),
                    PortRange.of(PORT));
            Set<Integer> sources = new TreeSet<>();
            try (DatagramSocket socket = sink.call(() -> new DatagramSocket(new InetSocketAddress("10.9.0.2", PORT)));
                    FrameGenerator _ = FrameGenerator.start(source, "eth0", frame)) {
                sink.call(() -> {
                    sink.run("ethtool", "-K", "eth0", "gro", "on");
                    socket.setSoTimeout(10_000);
                    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                    for (int i = 0; i < 100; i++) {
                        packet.setLength(2000);
                        socket.receive(packet);
                        assertEquals(100 - 14 - 20 - 8, packet.getLength());
                        sources.add(packet.getPort());
                    }
                    return null;
                });
            }
            assertEquals(Set.of(1000, 1001, 1002), sources);
        }
    }
}
