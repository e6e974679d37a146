package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.crypto.CryptoSelection.Choice;
import io.portcullis.ipsec.crypto.CryptoSelection.Trial;
import io.portcullis.ipsec.crypto.SpeedTest.Speed;
import io.portcullis.ipsec.sa.EspSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code cryptostat} shows: who computes each algorithm, how fast each provider is, and how much went through.
 *
 * @param providers names of those that were tried, the JDK last
 * @param refused names of those that can not be used here, each with the reason
 * @param lines one for each algorithm
 */
public record CryptoReport(List<String> providers, Map<String, String> refused, List<Line> lines) {
    /**
     * @param algorithm as {@link EspSuite} prints
     * @param provider name and version of the one that computes it
     * @param trials what every provider achieved that was tried
     * @param packets sealed and opened since the start
     * @param octets of text in them
     */
    public record Line(String algorithm, String provider, List<Result> trials, long packets, long octets) {}

    /**
     * One provider and one algorithm, measured at start with inner packets of 1400 octets in bursts.
     *
     * @param sealNanos per packet; 0 when it failed or was not measured
     * @param openNanos per packet; 0 when it failed or was not measured
     * @param fault why it is not used, if it failed
     */
    public record Result(String provider, long sealNanos, long openNanos, Optional<String> fault) {}

    /** Reads choices and counts, on any thread; waits for algorithms that are not yet tested. */
    public static CryptoReport of(CryptoSelection selection) {
        List<Line> lines = new ArrayList<>();
        for (EspSuite suite : CryptoSelection.suites()) {
            Choice choice = selection.choice(suite);
            long packets = 0;
            long octets = 0;
            for (BulkCrypto worker : selection.workers()) {
                packets += worker.use(suite).packets();
                octets += worker.use(suite).octets();
            }
            lines.add(new Line(
                    suite.toString(),
                    choice.provider().name(),
                    choice.trials().stream().map(CryptoReport::result).toList(),
                    packets,
                    octets));
        }
        return new CryptoReport(
                selection.providers().stream().map(CryptoProvider::name).toList(),
                selection.refused(),
                List.copyOf(lines));
    }

    private static Result result(Trial trial) {
        Speed speed = trial.speed().orElse(new Speed(0, 0));
        return new Result(trial.provider().name(), speed.seal(), speed.open(), trial.fault());
    }
}
