package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class PacketPoolTest {
    @Test
    void packetsAreApartAndComeBackEmpty() {
        try (PacketPool pool = new PacketPool(5)) {
            List<Packet> taken = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Packet packet = pool.take();
                packet.buffer().fill((byte) i);
                packet.append(100);
                packet.gso(Packet.Gso.UDP, 10);
                taken.add(packet);
            }
            assertNull(pool.take());
            for (int i = 0; i < 5; i++) {
                assertEquals(i, Octets.u8(taken.get(i).buffer(), 0));
                assertEquals(i, Octets.u8(taken.get(i).buffer(), Packet.CAPACITY - 1));
                pool.give(taken.get(i));
            }
            assertEquals(5, pool.available());
            Packet packet = pool.take();
            assertEquals(0, packet.length());
            assertEquals(Packet.HEADROOM, packet.start());
            assertEquals(Packet.Gso.NONE, packet.gso());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryOfUnusedPacketsIsNotTouched() throws IOException {
        long before = residentKilobytes();
        try (PacketPool pool = new PacketPool(8192)) {
            assertEquals(8192, pool.available());
            // 520 MB if every page were written.
            long grown = residentKilobytes() - before;
            assertEquals(0, grown / (100 << 10), "grown by " + grown + " kB");
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
