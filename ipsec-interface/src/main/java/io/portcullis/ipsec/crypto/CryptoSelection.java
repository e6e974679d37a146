package io.portcullis.ipsec.crypto;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.crypto.SpeedTest.Speed;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * Which provider computes each ESP algorithm on this machine: the fastest of those that pass {@link SelfTest}. Each is
 * tested and measured once. An SA that comes before {@link #prepare} has measured its algorithm gets the first provider
 * that passes, in the order of what one expects of them, and keeps it. On any thread.
 */
public final class CryptoSelection {
    private final List<CryptoProvider> providers;
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final CryptoProvider reference;
    private final Clock clock;
    private final SecureRandom random;
    private final EventSink events;
    private final Map<Task, Optional<String>> faults = new ConcurrentHashMap<>();
    private final Map<EspSuite, Choice> choices = new ConcurrentHashMap<>();
    private final List<BulkCrypto> workers = new CopyOnWriteArrayList<>();

    /** What a provider is tested for. */
    private record Task(EspSuite suite, CryptoProvider provider) {}

    /**
     * What one provider achieved.
     *
     * @param speed empty when it failed, or was not measured because another one is there
     * @param fault why it may not compute the algorithm
     */
    record Trial(CryptoProvider provider, Optional<Speed> speed, Optional<String> fault) {}

    /** Who computes an algorithm, and what all that were tried achieved. */
    record Choice(CryptoProvider provider, List<Trial> trials) {}

    private CryptoSelection(
            List<CryptoProvider> natives, CryptoProvider jdk, Clock clock, SecureRandom random, EventSink events) {
        this.clock = clock;
        this.random = random;
        this.events = events;
        reference = jdk;
        List<CryptoProvider> usable = new ArrayList<>();
        for (CryptoProvider candidate : natives) {
            Optional<String> trouble = candidate.trouble();
            if (trouble.isPresent()) {
                refused.put(candidate.name(), trouble.get());
                report(candidate, "all", trouble.get());
            } else {
                usable.add(candidate);
            }
        }
        usable.add(jdk);
        providers = List.copyOf(usable);
    }

    /**
     * Looks for the libraries; what can not be used is told to {@code events}.
     *
     * @param random for keys that make IVs, and for the packets of the self-test
     */
    public static CryptoSelection of(CpuFeatures cpu, Clock clock, SecureRandom random, EventSink events) {
        return of(List.of(new IpsecMbProvider(cpu), new OpensslProvider()), clock, random, events);
    }

    static CryptoSelection of(List<CryptoProvider> natives, Clock clock, SecureRandom random, EventSink events) {
        return new CryptoSelection(natives, new JceProvider(), clock, random, events);
    }

    /** With the JDK alone, as on a machine that has nothing faster. */
    public static CryptoSelection jdkOnly(Clock clock, SecureRandom random) {
        return of(List.of(), clock, random, _ -> {});
    }

    /**
     * Tests and measures what is not yet; takes some seconds of one processor in a program that just started.
     *
     * @param rest is called after each piece of work with the nanoseconds that it took; packets may need the processor
     */
    public void prepare(LongConsumer rest) {
        for (EspSuite suite : suites()) {
            long begun = clock.nanos();
            provider(suite);
            rest.accept(clock.nanos() - begun);
        }
        // What runs for the first time is interpreted, and its compiler lags behind: only the second time tells.
        suites().forEach(suite -> choose(suite, rest));
        suites().forEach(suite -> choices.put(suite, choose(suite, rest)));
    }

    /** The bulk encryption of one more worker. */
    public BulkCrypto worker() {
        BulkCrypto crypto = new BulkCrypto(this, random);
        workers.add(crypto);
        return crypto;
    }

    /** Bulk encryption for packets that are nobody's, and not counted. */
    public BulkCrypto uncounted() {
        return new BulkCrypto(this, random);
    }

    /** Every algorithm of this product, AEADs first. */
    static List<EspSuite> suites() {
        List<EspSuite> suites = new ArrayList<>();
        for (int bits : Encr.AES_GCM_16.keyBits()) {
            suites.add(new EspSuite(Encr.AES_GCM_16, bits, Integ.NONE));
        }
        for (int bits : Encr.CHACHA20_POLY1305.keyBits()) {
            suites.add(new EspSuite(Encr.CHACHA20_POLY1305, bits, Integ.NONE));
        }
        for (Integ integrity : Integ.values()) {
            for (int bits : integrity == Integ.NONE ? List.<Integer>of() : Encr.AES_CBC.keyBits()) {
                suites.add(new EspSuite(Encr.AES_CBC, bits, integrity));
            }
        }
        return List.copyOf(suites);
    }

    /** Those that can be used on this machine, the JDK last. */
    List<CryptoProvider> providers() {
        return providers;
    }

    /** Names of those that can not, each with the reason. */
    Map<String, String> refused() {
        return Collections.unmodifiableMap(refused);
    }

    /** Made so far; packets are counted there. */
    List<BulkCrypto> workers() {
        return workers;
    }

    /**
     * Who computes an algorithm from now on; waits for self-tests, some milliseconds each.
     *
     * @throws IllegalArgumentException when the suite is none of {@link #suites}
     */
    CryptoProvider provider(EspSuite suite) {
        Choice measured = choices.get(suite);
        return measured != null
                ? measured.provider()
                : candidates(suite).stream()
                        .filter(candidate -> fault(new Task(suite, candidate)).isEmpty())
                        .findFirst()
                        .orElse(reference);
    }

    /**
     * Who computes an algorithm best; waits until it is measured.
     *
     * @throws IllegalArgumentException when the suite is none of {@link #suites}
     */
    Choice choice(EspSuite suite) {
        return choices.computeIfAbsent(suite, wanted -> choose(wanted, _ -> {}));
    }

    private List<CryptoProvider> candidates(EspSuite suite) {
        if (!suites().contains(suite)) {
            throw new IllegalArgumentException(suite + " is no algorithm of ESP here");
        }
        return providers.stream().filter(provider -> provider.supports(suite)).toList();
    }

    private Choice choose(EspSuite suite, LongConsumer rest) {
        List<Trial> trials = new ArrayList<>();
        CryptoProvider best = reference;
        long least = Long.MAX_VALUE;
        for (CryptoProvider candidate : candidates(suite)) {
            // The JDK's is compiled late, makes garbage until then, and is no match for the others: not beside packets.
            boolean isMeasured = !candidate.equals(reference) || least == Long.MAX_VALUE;
            Trial trial = attempt(suite, candidate, isMeasured, rest);
            trials.add(trial);
            long time = trial.speed().map(Speed::both).orElse(Long.MAX_VALUE);
            if (time < least) {
                best = candidate;
                least = time;
            }
        }
        return new Choice(best, List.copyOf(trials));
    }

    private Trial attempt(EspSuite suite, CryptoProvider candidate, boolean isMeasured, LongConsumer rest) {
        Optional<String> fault = fault(new Task(suite, candidate));
        if (fault.isPresent() || !isMeasured) {
            return new Trial(candidate, Optional.empty(), fault);
        }
        try (Workspace workspace = candidate.open(random)) {
            return new Trial(candidate, Optional.of(SpeedTest.measure(suite, workspace, clock, rest)), fault);
        }
    }

    /** What a provider does wrong, if anything; told to {@code events} when it is found. */
    private Optional<String> fault(Task task) {
        return faults.computeIfAbsent(task, this::test);
    }

    private Optional<String> test(Task task) {
        try (Workspace workspace = task.provider().open(random);
                Workspace comparison = reference.open(random)) {
            Optional<String> fault = SelfTest.fault(task.suite(), workspace, comparison, random.nextLong());
            fault.ifPresent(why -> report(task.provider(), task.suite().toString(), "failed its self-test: " + why));
            return fault;
        }
    }

    private void report(CryptoProvider provider, String algorithm, String why) {
        events.emit(IpsecEvents.CRYPTO_PROVIDER_NOT_USED, "other_provider_used", provider.name(), algorithm, why);
    }
}
