package io.portcullis.test.bench.micro;

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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Protecting ESP packets in bursts, and opening them again, by the provider that this machine chooses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealOpenBench {
    private static final int PACKETS = 32;
    private static final int ROOM = 1536;

    /** What is negotiated. */
    public enum Algorithm {
        AES_128_GCM(Encr.AES_GCM_16, 128, Integ.NONE),
        AES_256_GCM(Encr.AES_GCM_16, 256, Integ.NONE),
        AES_256_CBC_SHA_256(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128),
        CHACHA20_POLY1305(Encr.CHACHA20_POLY1305, 256, Integ.NONE);

        private final EspSuite suite;

        Algorithm(Encr encryption, int keyBits, Integ integrity) {
            suite = new EspSuite(encryption, keyBits, integrity);
        }

        private SecretKeys keys() {
            return new SecretKeys(
                    new byte[suite.keyBits() / 8],
                    new byte[suite.encryption().saltOctets()],
                    new byte[suite.integrity().keyOctets()]);
        }
    }

    @Param
    Algorithm algorithm = Algorithm.AES_128_GCM;

    /** Octets of text, the ESP trailer among them. */
    @Param({"64", "1408"})
    int text;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(PACKETS * (long) ROOM, 64);
    private final EspBurst burst = new EspBurst();
    private final BulkCrypto crypto = CryptoSelection.of(
                    CpuFeatures.of(Path.of("/proc/cpuinfo")), new SystemClock(), new SecureRandom(), _ -> {})
            .worker();
    private EspTransform transform = crypto.transform(Algorithm.AES_128_GCM.suite, Algorithm.AES_128_GCM.keys(), true);
    private long sequence;

    @Setup
    public void key() {
        transform.destroy();
        transform = crypto.transform(algorithm.suite, algorithm.keys(), true);
        if (sealAndOpen() != PACKETS) {
            throw new IllegalStateException("what was sealed does not open");
        }
    }

    @TearDown
    public void close() {
        transform.destroy();
        crypto.close();
        arena.close();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public EspBurst seal() {
        burst.clear();
        for (int i = 0; i < PACKETS; i++) {
            burst.add(memory, i * ROOM, text, ++sequence);
        }
        transform.seal(burst);
        return burst;
    }

    /** Both: what was opened has to be sealed again. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int sealAndOpen() {
        seal();
        transform.open(burst);
        int authentic = 0;
        for (int i = 0; i < PACKETS; i++) {
            authentic += burst.authentic(i) ? 1 : 0;
        }
        return authentic;
    }
}
