package io.portcullis.test.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at random instants while configurations are activated and committed. Every configuration gives the
 * same number to twenty objects, so that a torn one shows; what was acknowledged as committed must still be there.
 */
@Needs({Need.ROOT, Need.NAMESPACES})
class KillTest {
    private static final int KILLS = 200;
    private static final int AT_ONCE = 2;
    private static final int OBJECTS = 20;
    /** Two hundred virtual machines that live for a moment: compiling well would be wasted on them. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final String COLD = "--no-warm-up";

    private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(120);
    private static final Pattern VALUE = Pattern.compile("\\b10\\.77\\.(\\d+)\\.(\\d+)\\b");

    @Test
    void everyKillLeavesAWholeConfiguration() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest: seed " + seed);
        try (Lab lab = Lab.open();
                var workers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Integer>> victims = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Victim victim = new Victim(lab, "kill" + i, new Random(seed + i));
                victims.add(() -> victim.dieAndRise(KILLS / AT_ONCE));
            }
            int kills = 0;
            for (Future<Integer> future : workers.invokeAll(victims)) {
                kills += future.get();
            }
            assertEquals(KILLS, kills);
        }
    }

    /** One data folder and the firewalls that die over it, one after the other. */
    private static final class Victim {
        private final Namespace namespace;
        private final Path data;
        private final Random random;
        private final List<String> firstScript;
        private final AtomicInteger committed = new AtomicInteger();
        private final AtomicInteger begun = new AtomicInteger();

        Victim(Lab lab, String name, Random random) throws java.io.IOException {
            this.namespace = lab.namespace(name);
            this.data = lab.folder(name).resolve("data");
            this.random = random;
            Path script = lab.folder(name).resolve("first.cli");
            Files.writeString(script, commands("add", 0));
            this.firstScript = List.of(COLD, "--script", script.toString());
        }

        int dieAndRise(int times) throws InterruptedException {
            Firewall firewall = Firewall.launch(namespace, data, firstScript, QUICK_START);
            for (int kill = 0; kill < times; kill++) {
                firewall.awaitReady();
                assertWhole(firewall);
                Firewall victim = firewall;
                Thread editor = Thread.ofPlatform().start(() -> edit(victim));
                java.util.concurrent.locks.LockSupport.parkNanos(random.nextLong(LATEST_NANOS));
                firewall.kill();
                editor.join();
                firewall = Firewall.launch(namespace, data, List.of(COLD), QUICK_START);
            }
            firewall.awaitReady();
            assertWhole(firewall);
            firewall.kill();
            return times;
        }

        /** Activates and commits one configuration after the other until nobody answers. */
        private void edit(Firewall firewall) {
            while (true) {
                int next = begun.incrementAndGet();
                Command.Result result = firewall.command(commands("set", next) + "activate\ncommit\n");
                if (result.succeeded()) {
                    committed.set(next);
                } else if (result.status() == 1) {
                    throw new IllegalStateException(result.output());
                } else {
                    return;
                }
            }
        }

        private void assertWhole(Firewall firewall) {
            String listing = firewall.command(IntStream.range(0, OBJECTS)
                            .mapToObj(i -> "show Address IP4Address kill" + i + "\n")
                            .collect(Collectors.joining()))
                    .orThrow()
                    .output();
            List<Integer> values = VALUE.matcher(listing)
                    .results()
                    .map(match -> Integer.parseInt(match.group(1)) * 256 + Integer.parseInt(match.group(2)))
                    .toList();
            assertEquals(OBJECTS, values.size(), listing);
            assertEquals(1, Set.copyOf(values).size(), listing);
            int value = values.getFirst();
            assertTrue(
                    value >= committed.get() && value <= begun.get(),
                    () -> value + " is not between " + committed + " (committed) and " + begun + " (begun)");
        }

        private static String commands(String verb, int value) {
            return IntStream.range(0, OBJECTS)
                    .mapToObj(i -> verb + " Address IP4Address kill" + i + " Address=10.77." + value / 256 + "."
                            + value % 256 + "\n")
                    .collect(Collectors.joining());
        }
    }
}
