package io.portcullis.test.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of thousands of hostile frames: the firewall answers everybody else, complains little, and does not grow.
 */
@Needs({Need.ROOT, Need.NAMESPACES})
class BadInputTest {
    private static final int FRAMES = 300_000;
    private static final int PER_MILLISECOND = 40;
    /** Fifty each second of each kind: refused, malformed, without a route. */
    private static final int MOST_LINES_A_SECOND = 3 * 50;

    private static final int MOST_LINES_BESIDE = 100;
    private static final long MOST_GROWTH = 150_000;

    @Test
    void noiseOnTheWireChangesNothing() {
        long seed = System.nanoTime();
        System.out.println("BadInputTest: seed " + seed);
        long begun = System.nanoTime();
        try (Lab lab = Lab.open()) {
            Namespace host = lab.namespace("host");
            Namespace gateway = lab.namespace("gateway");
            Namespace stranger = lab.namespace("stranger");
            lab.wire(gateway, "lan", host, "eth0", false);
            lab.wire(gateway, "wan", stranger, "eth0", false);
            host.ip("addr add " + TwoSites.HOST + "/24 dev eth0");
            String station =
                    gateway.run("cat", "/sys/class/net/wan/address").output().strip();
            Firewall firewall = Firewall.start(
                    lab, gateway, GatewayScript.gateway("noise-noise-noise").text());
            assertTrue(Traffic.ping(host, TwoSites.GATEWAY_LAN, 1));
            flood(stranger, new Random(seed), station, FRAMES / 10);
            long before = firewall.residentKilobytes();
            flood(stranger, new Random(seed + 1), station, FRAMES);
            assertTrue(Traffic.ping(host, TwoSites.GATEWAY_LAN, 3), firewall::complaints);
            long growth = firewall.residentKilobytes() - before;
            assertTrue(growth < MOST_GROWTH, () -> growth + " kB more");
            String log = firewall.command("memlog -num=all").orThrow().output();
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + 1;
            long mostLines = seconds * MOST_LINES_A_SECOND + MOST_LINES_BESIDE;
            assertTrue(
                    log.lines().count() < mostLines, () -> log.lines().count() + " lines of log in " + seconds + " s");
            assertEquals("", firewall.complaints());
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    private static void flood(Namespace stranger, Random random, String station, int frames) {
        stranger.call(() -> {
            Noise noise = new Noise(
                    random, HexFormat.ofDelimiter(":").parseHex(station), TwoSites.GATEWAY, TwoSites.ROUTER_NEAR);
            try (Port port = LinuxPorts.open("eth0", 0, IoMethod.SUPER_PACKETS, 1)
                            .getFirst();
                    PacketPool pool = new PacketPool(PacketBurst.CAPACITY)) {
                PacketBurst burst = new PacketBurst();
                for (int sent = 0; sent < frames; sent += PER_MILLISECOND) {
                    for (int i = 0; i < PER_MILLISECOND; i++) {
                        burst.add(packet(pool, noise.next()));
                    }
                    port.send(burst);
                    for (int i = 0; i < burst.size(); i++) {
                        pool.give(burst.get(i));
                    }
                    burst.clear();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
            return frames;
        });
    }

    private static Packet packet(PacketPool pool, byte[] frame) {
        Packet packet = pool.take();
        packet.reset();
        packet.append(frame.length);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, packet.buffer(), packet.start(), frame.length);
        return packet;
    }
}
