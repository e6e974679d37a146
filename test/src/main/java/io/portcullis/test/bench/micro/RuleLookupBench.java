package io.portcullis.test.bench.micro;

import io.portcullis.core.net.AddressSet;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.Match;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The first policy that matches a packet, by the compiled classifier and by comparing top-down; and compiling.
 *
 * <p>{@code classifier} and {@code topDown} take 4,096 packets for policies anywhere in the list in turn;
 * {@code everyPolicy} at least as many as there are policies, so that a large set is used in all its parts and little
 * of it stays in the near caches: the hardest that traffic can be. {@code lowLocality} and {@code highLocality} take as
 * many, but from traces like ClassBench's with Pareto parameters a = 1 and b = 0.0001 or 1, see
 * {@link PolicyList#trace}. A connection is looked up once, by its first packet, so that traffic has less locality here
 * than packets have.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleLookupBench {
    private static final int FEWEST = 1 << 12;
    private static final int COMPARED = 1 << 8;

    @Param({"10", "1000", "10000", "100000"})
    int policies;

    private List<Match> list = List.of();
    private Match[] topDown = new Match[0];
    private List<AddressSet> networks = List.of();
    private Classifier classifier = new Classifier(List.of());
    private Headers few = new Headers(0);
    private Headers many = new Headers(0);
    private Headers low = new Headers(0);
    private Headers high = new Headers(0);
    private int mask;
    private int next;

    @Setup
    public void fill() {
        PolicyList made = new PolicyList(policies);
        list = made.matches();
        topDown = list.toArray(Match[]::new);
        networks = made.destinations();
        classifier = new Classifier(list);
        int packets = Math.max(FEWEST, Integer.highestOneBit(2 * policies - 1));
        mask = packets - 1;
        few = made.even(FEWEST);
        many = made.even(packets);
        low = made.trace(packets, 0.0001);
        high = made.trace(packets, 1);
        for (int i = 0; i < COMPARED; i++) {
            for (Headers headers : List.of(few, many, low, high)) {
                if (headers.first(classifier, i) != headers.first(topDown, i)) {
                    throw new IllegalStateException("the classifier finds another policy than a scan");
                }
            }
        }
    }

    @Benchmark
    public int classifier() {
        return few.first(classifier, next++ & (FEWEST - 1));
    }

    @Benchmark
    public int everyPolicy() {
        return many.first(classifier, next++ & mask);
    }

    @Benchmark
    public int lowLocality() {
        return low.first(classifier, next++ & mask);
    }

    @Benchmark
    public int highLocality() {
        return high.first(classifier, next++ & mask);
    }

    @Benchmark
    public int topDown() {
        return few.first(topDown, next++ & (FEWEST - 1));
    }

    /** Compiling. */
    @Benchmark
    public Classifier build() {
        return new Classifier(list);
    }

    /** Compiling one network of a policy. */
    @Benchmark
    public AddressMatcher matcher() {
        return new AddressMatcher(networks.get((next++ & mask) % networks.size()));
    }
}
