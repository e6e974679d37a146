package io.portcullis.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatedHostTest {
    private static final IpAddress A = IpAddress.literal("10.0.0.1");
    private static final IpAddress B = IpAddress.literal("10.0.0.2");

    /** One end of a cable that loses frames. */
    private record Cable(long station, Deque<byte[]> inward, Deque<byte[]> outward, Random random, double loss)
            implements Port {
        @Override
        public String name() {
            return "cable";
        }

        @Override
        public MacAddress mac() {
            return new MacAddress(station);
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public PortCapabilities capabilities() {
            return new PortCapabilities(true, false, false, false, "test");
        }

        @Override
        public int receive(PacketBurst into, PacketPool pool) {
            int count = 0;
            while (!inward.isEmpty() && !into.isFull()) {
                byte[] frame = inward.remove();
                Packet packet = pool.take();
                int at = packet.append(frame.length);
                MemorySegment.copy(frame, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, frame.length);
                into.add(packet);
                count++;
            }
            return count;
        }

        @Override
        public int send(PacketBurst burst) {
            for (int i = 0; i < burst.size(); i++) {
                Packet packet = burst.get(i);
                if (random.nextDouble() >= loss) {
                    outward.add(packet.buffer()
                            .asSlice(packet.start(), packet.length())
                            .toArray(ValueLayout.JAVA_BYTE));
                }
            }
            return burst.size();
        }

        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public void close() {
            inward.clear();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0.1,2", "0.3,3"})
    void aTransferAndPingsSurviveLoss(double loss, long seed) {
        Random random = new Random(seed);
        Deque<byte[]> there = new ArrayDeque<>();
        Deque<byte[]> back = new ArrayDeque<>();
        SimulatedHost a = new SimulatedHost(new Cable(0x0200_0000_0001L, back, there, random, loss), A, B);
        SimulatedHost b = new SimulatedHost(new Cable(0x0200_0000_0002L, there, back, random, loss), B, A);
        byte[] data = new byte[200_000];
        random.nextBytes(data);
        CRC32C sent = new CRC32C();
        sent.update(data);
        SimulatedTransfer out = SimulatedTransfer.sender(B, 40_000, 5001, data, -5);
        SimulatedTransfer in = SimulatedTransfer.receiver(A, 5001, 40_000, 7);
        a.add(out);
        b.add(in);

        long now = 0;
        for (int round = 0; round < 100_000 && !(out.isDone() && in.isDone()); round++) {
            now += 5_000_000;
            a.ping(B, round & 0xffff, 56, now);
            a.poll(now);
            b.poll(now);
        }

        assertTrue(out.isDone() && in.isDone(), "seed " + seed);
        assertEquals(data.length, in.receivedBytes(), "seed " + seed);
        assertEquals(sent.getValue(), in.receivedChecksum(), "seed " + seed);
        assertTrue(!a.replies().isEmpty()
                && a.replies().stream().allMatch(reply -> reply.from().equals(B)));
    }
}
