package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final Policy POLICY = TestPolicy.PLAIN;

    private final Announcements announcements = new Announcements(new Random(1));

    private static AnnouncedConnection announced(int port, long deadline) {
        return new AnnouncedConnection(
                POLICY,
                new AnnouncedConnection.Control(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 21),
                new AnnouncedConnection.Ends(
                        Bench.LAN, Bench.CLIENT, Bench.CLIENT, Bench.SERVER, port, Bench.SERVER, port),
                deadline);
    }

    private static Packet syn(IpAddress from, IpAddress to, int port) {
        return Packets.tcp(Bench.LAN, from, 5000, to, port, Tcp.SYN, 1, 0, 1000, -1, 0);
    }

    @Test
    void whatIsAnnouncedIsOpenedOnceByTheRightPacket() {
        AnnouncedConnection connection = announced(2000, 100);
        assertEquals(Announcements.Offer.ACCEPTED, announcements.offer(connection, 0));
        assertSame(connection, announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2000), Bench.LAN, 1));
        assertNull(announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2000), Bench.WAN, 1), "another interface");
        assertNull(announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2001), Bench.LAN, 1));
        assertNull(announcements.find(syn(Bench.SERVER, Bench.CLIENT, 2000), Bench.LAN, 1));
        assertNull(
                announcements.find(
                        Packets.tcp(Bench.LAN, Bench.CLIENT, 5000, Bench.SERVER, 2000, Tcp.ACK, 1, 1, 9, -1, 0),
                        Bench.LAN,
                        1),
                "opens nothing");
        assertTrue(announcements.take(connection));
        assertFalse(announcements.take(connection));
        assertNull(announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2000), Bench.LAN, 1));
        assertEquals(0, announcements.size());
    }

    @Test
    void whatIsOverMakesRoom() {
        assertEquals(Announcements.Offer.ACCEPTED, announcements.offer(announced(2000, 100), 0));
        assertEquals(Announcements.Offer.TAKEN, announcements.offer(announced(2000, 300), 99));
        assertEquals(Announcements.Offer.ACCEPTED, announcements.offer(announced(2000, 300), 100));
        assertEquals(1, announcements.size());
        assertNotNull(announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2000), Bench.LAN, 299));
        assertNull(announcements.find(syn(Bench.CLIENT, Bench.SERVER, 2000), Bench.LAN, 300));
        assertEquals(0, announcements.size());
    }

    @Test
    void thereAreOnlySoMany() {
        int accepted = 0;
        for (int port = 0; port < 60_000; port++) {
            accepted += announcements.offer(announced(port, 100), 0) == Announcements.Offer.ACCEPTED ? 1 : 0;
        }
        assertEquals(accepted, announcements.size());
        assertTrue(accepted > 20_000 && accepted <= 32_768, accepted + " accepted");
    }

    /** Workers that announce the same ends at once: one of them may, and one may open what was announced. */
    @Test
    void workersAgree() throws Exception {
        int workers = 4;
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (int round = 0; round < 200; round++) {
                int port = 2000 + round;
                CountDownLatch all = new CountDownLatch(workers);
                List<Future<AnnouncedConnection>> offers = new ArrayList<>();
                for (int i = 0; i < workers; i++) {
                    offers.add(threads.submit(() -> {
                        AnnouncedConnection mine = announced(port, 100);
                        all.countDown();
                        all.await();
                        return announcements.offer(mine, 0) == Announcements.Offer.ACCEPTED ? mine : null;
                    }));
                }
                int accepted = 0;
                for (Future<AnnouncedConnection> offer : offers) {
                    accepted += offer.get() == null ? 0 : 1;
                }
                assertTrue(accepted <= 1, "port " + port + ": " + accepted);
                AnnouncedConnection found = announcements.find(syn(Bench.CLIENT, Bench.SERVER, port), Bench.LAN, 0);
                assertEquals(accepted, found == null ? 0 : 1);
                if (found == null) {
                    continue;
                }
                List<Future<Boolean>> takes = new ArrayList<>();
                for (int i = 0; i < workers; i++) {
                    takes.add(threads.submit(() -> announcements.take(found)));
                }
                int taken = 0;
                for (Future<Boolean> take : takes) {
                    taken += take.get() ? 1 : 0;
                }
                assertEquals(1, taken, "port " + port);
            }
        }
        assertEquals(0, announcements.size());
    }
}
