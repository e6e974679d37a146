package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.PrivateWires;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@Needs({Need.ROOT, Need.NAMESPACES})
final class PrivateWiresTest {
    /** Local experimental Ethertype 1 (IEEE 802): nobody else on the wire sends such frames. */
    private static final int EXPERIMENTAL = 0x88b5;

    private static final int LENGTH = 64;

    /** Each wire joins its own two ends in both directions, and nobody sees a device of it: not where it was made. */
    @Test
    void framesCrossWiresThatNobodyElseSees() throws IOException {
        try (Lab lab = Lab.open()) {
            Namespace host = lab.namespace("host");
            String before = links(host);
            PrivateWires wires = host.call(() -> PrivateWires.open(2));
            try {
                List<Port> ports = wires.ports();
                assertEquals(4, ports.size());
                for (int from = 0; from < ports.size(); from++) {
                    assertEquals(LENGTH, octetsAcross(ports.get(from), ports.get(from ^ 1)), "from end " + from);
                }
                assertEquals(before, links(host));
            } finally {
                wires.close();
            }
        }
    }

    /** What is closed leaves no thread and no descriptor of the process behind. */
    @Test
    void nothingIsLeftOfThem() throws IOException {
        PrivateWires.open(1).close();
        long descriptors = descriptors();
        for (int i = 0; i < 3; i++) {
            PrivateWires.open(1).close();
        }
        assertEquals(descriptors, descriptors());
        // A thread that was told to end and has no more to do is seen for a moment longer.
        Await.until(
                "the end of their threads",
                Duration.ofSeconds(2),
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("wire")));
    }

    private static long descriptors() {
        String[] open = Objects.requireNonNull(new File("/proc/self/fd").list());
        return open.length;
    }

    private static String links(Namespace where) {
        return where.run("ip", "-o", "link").output();
    }

    /** Octets of the frame that arrives when one is sent. */
    private static int octetsAcross(Port from, Port to) {
        try (PacketPool pool = new PacketPool(2 * PacketBurst.CAPACITY)) {
            PacketBurst burst = new PacketBurst();
            Packet frame = pool.take();
            assertTrue(frame != null);
            frame.append(LENGTH);
            Ethernet.write(
                    frame.buffer(), frame.start(), to.mac().bits(), from.mac().bits(), EXPERIMENTAL);
            burst.add(frame);
            assertEquals(1, from.send(burst));
            burst.clear();
            Await.until("the frame", Duration.ofSeconds(2), () -> to.receive(burst, pool) > 0);
            assertEquals(1, burst.size());
            assertEquals(
                    EXPERIMENTAL,
                    Ethernet.type(burst.get(0).buffer(), burst.get(0).start()));
            return burst.get(0).length();
        }
    }
}
