package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What passed from one device to another.
 *
 * @param offered packets per second that reached the device under test
 * @param delivered packets per second that reached the sink
 */
record Arrivals(double offered, double delivered) {
    private static final Duration ON_THE_WAY = Duration.ofMillis(200);

    /** Share of what was offered that did not arrive. */
    double loss() {
        return Math.max(0, 1 - delivered / offered);
    }

    /** A device at which packets are counted as they are received. */
    record Counted(Namespace namespace, String device) {
        long packets() {
            return namespace
                    .call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")))
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(device + ":"))
                    .mapToLong(line -> Long.parseLong(line.split("[\\s:]+", -1)[2]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Starts a generator. */
    @FunctionalInterface
    interface Sending {
        AutoCloseable start();
    }

    /** Rates while a generator sends, after the warm-up. */
    static Arrivals during(Sending sending, Counted offered, Counted delivered, Duration warmUp, Duration counted) {
        AutoCloseable generator = sending.start();
        try {
            Await.within(warmUp, () -> false);
            long begin = System.nanoTime();
            long offeredBefore = offered.packets();
            long deliveredBefore = delivered.packets();
            Await.within(counted, () -> false);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Arrivals(
                    (offered.packets() - offeredBefore) / seconds, (delivered.packets() - deliveredBefore) / seconds);
        } finally {
            end(generator);
        }
    }

    /** Everything that a generator sent, and all of it that arrived until a moment after its end: exact, for losses. */
    static Arrivals whole(Sending sending, Counted offered, Counted delivered, Duration sent) {
        long offeredBefore = offered.packets();
        long deliveredBefore = delivered.packets();
        AutoCloseable generator = sending.start();
        try {
            Await.within(sent, () -> false);
        } finally {
            end(generator);
        }
        Await.within(ON_THE_WAY, () -> false);
        double seconds = sent.toNanos() / 1e9;
        return new Arrivals(
                (offered.packets() - offeredBefore) / seconds, (delivered.packets() - deliveredBefore) / seconds);
    }

    /** Has packets of a protocol end right behind a device, where they have been counted. */
    static void discard(Namespace namespace, String device, String protocol) {
        namespace.nft("table netdev discard { chain " + device + " { type filter hook ingress device " + device
                + " priority 0; ip protocol " + protocol + " drop; }; }\n");
    }

    /** Makes a veth take the frames of a generator at its other end. */
    static void takeFrames(Namespace namespace, String device) {
        namespace.run("ethtool", "-K", device, "gro", "on");
    }

    private static void end(AutoCloseable generator) {
        try {
            generator.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
