package io.portcullis.test.bench.row;

import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.crypto.CpuFeatures;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.crypto.EspBurst;
import io.portcullis.ipsec.crypto.EspTransform;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Need;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What the provider of AES-128-GCM needs to seal and to open ESP packets around 1,400 octets, on one core, beside the
 * same loop in C around libIPSec_MB; and sealing alone beside {@code openssl speed}.
 */
public final class CryptoBench implements Row {
    private static final EspSuite SUITE = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    private static final int TEXT = 1404;
    private static final int PACKETS = 32;
    private static final int ROOM = 1536;
    private static final int BURSTS = 100;

    @Override
    public String name() {
        return "crypto";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("AES-128-GCM, 1400 octets: seal and open", "ns", new Target.AtMostTimesPeer(1.2)),
                new Quantity("seal alone; peer: openssl speed", "ns", new Target.None()));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.C_COMPILER, Need.IPSEC_MB, Need.OPENSSL);
    }

    @Override
    public String peerName() {
        return "libIPSec_MB in C";
    }

    @Override
    public List<Double> ours(Effort effort) {
        CryptoSelection selection = CryptoSelection.of(
                CpuFeatures.of(Path.of("/proc/cpuinfo")), new SystemClock(), new SecureRandom(), _ -> {});
        SecretKeys keys = new SecretKeys(new byte[16], new byte[4], new byte[0]);
        try (BulkCrypto crypto = selection.worker();
                Arena arena = Arena.ofConfined()) {
            EspTransform transform = crypto.transform(SUITE, keys, false);
            Loop loop = new Loop(transform, arena.allocate(PACKETS * (long) ROOM, 64));
            loop.run(effort.warmUp());
            List<Double> medians = loop.run(effort.counted());
            transform.destroy();
            return medians;
        }
    }

    /** Seals and opens bursts and takes the time of each hundred. */
    private static final class Loop {
        private final EspTransform transform;
        private final MemorySegment memory;
        private final EspBurst burst = new EspBurst();
        private long sequence;

        Loop(EspTransform transform, MemorySegment memory) {
            this.transform = transform;
            this.memory = memory;
        }

        /** Medians per packet: both, and sealing alone. */
        List<Double> run(Duration length) {
            List<Double> both = new ArrayList<>();
            List<Double> alone = new ArrayList<>();
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                long sealing = 0;
                long opening = 0;
                for (int i = 0; i < BURSTS; i++) {
                    fill();
                    long before = System.nanoTime();
                    transform.seal(burst);
                    long between = System.nanoTime();
                    transform.open(burst);
                    opening += System.nanoTime() - between;
                    sealing += between - before;
                    if (!burst.authentic(i % PACKETS)) {
                        throw new IllegalStateException("a packet does not open");
                    }
                }
                double packets = BURSTS * (double) PACKETS;
                both.add((sealing + opening) / packets);
                alone.add(sealing / packets);
            }
            return List.of(median(both), median(alone));
        }

        private void fill() {
            burst.clear();
            for (int i = 0; i < PACKETS; i++) {
                burst.add(memory, i * ROOM, TEXT, ++sequence);
            }
        }

        private static double median(List<Double> values) {
            Collections.sort(values);
            return values.get(values.size() / 2);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        return List.of(bare(effort), opensslSpeed(effort));
    }

    private static double bare(Effort effort) {
        Path folder = folder();
        Path program = folder.resolve("bare-gcm");
        Path source = folder.resolve("bare-gcm.c");
        try (InputStream text = CryptoBench.class.getResourceAsStream("bare-gcm.c")) {
            Files.write(source, Objects.requireNonNull(text, "bare-gcm.c").readAllBytes());
            Command.run("gcc", "-O2", "-o", program.toString(), source.toString(), "-l:libIPSec_MB.so.1");
            String printed = Command.run(
                            program.toString(), String.valueOf(effort.counted().toSeconds()))
                    .output();
            return Double.parseDouble(printed.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            for (Path file : List.of(program, source, folder)) {
                file.toFile().delete();
            }
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("portcullis-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its last line with -mr ends with the octets per second. */
    private static double opensslSpeed(Effort effort) {
        String printed = Command.run(
                        "openssl",
                        "speed",
                        "-mr",
                        "-elapsed",
                        "-seconds",
                        String.valueOf(effort.counted().toSeconds()),
                        "-bytes",
                        String.valueOf(TEXT),
                        "-evp",
                        "aes-128-gcm")
                .output();
        String last = printed.lines()
                .filter(line -> line.startsWith("+F:"))
                .reduce((_, later) -> later)
                .orElseThrow(() -> new IllegalStateException("openssl speed printed no result:\n" + printed));
        return TEXT * 1e9 / Double.parseDouble(last.substring(last.lastIndexOf(':') + 1));
    }
}
