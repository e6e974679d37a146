package io.portcullis.hostmon;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hosts that answer as a test says, and the time that passes meanwhile. */
final class Network implements Prober {
    final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    /** How long each host takes; one that is not here does not answer. */
    final Map<IpAddress, Duration> latencies = new HashMap<>();
    /** Every question, as host and number. */
    final List<String> asked = new ArrayList<>();

    int open;
    int woken;
    private final List<Answer> underWay = new ArrayList<>();

    private record Answer(Answers to, int question, long sentAt, long at) {}

    @Override
    public Probe open(HostCheck check, Answers answers) {
        open++;
        return new Probe() {
            @Override
            public void ask(int question) {
                asked.add(check.host() + " " + question);
                Duration latency = latencies.get(check.host());
                if (latency != null) {
                    underWay.add(new Answer(answers, question, clock.nanos(), clock.nanos() + latency.toNanos()));
                }
            }

            @Override
            public void over(int question) {}

            @Override
            public void close() {
                open--;
            }
        };
    }

    void answers(String host, int milliseconds) {
        latencies.put(IpAddress.literal(host), Duration.ofMillis(milliseconds));
    }

    void isSilent(String host) {
        latencies.remove(IpAddress.literal(host));
    }

    /** Lets time pass in steps of 10 ms, each with what arrives in it. */
    void pass(Duration time, Runnable step) {
        for (long i = 0; i < time.toMillis() / 10; i++) {
            clock.advance(Duration.ofMillis(10));
            long now = clock.nanos();
            underWay.removeIf(answer -> {
                boolean isHere = answer.at() <= now;
                if (isHere) {
                    answer.to().answered(answer.question(), answer.at() - answer.sentAt());
                }
                return isHere;
            });
            step.run();
        }
    }

    /** A host that is asked by ICMP, with the limits of the reference's example: 5 samples, 4 lost, 3 s. */
    static HostCheck check(String host, int interval, int samples, int mostLost, int mostLatency, boolean required) {
        return new HostCheck(
                Protocol.ICMP,
                IpAddress.literal(host),
                0,
                IpAddress.literal("192.0.2.1"),
                null,
                HttpPage.NONE,
                Duration.ofMillis(interval),
                samples,
                mostLost,
                mostLost,
                Duration.ofMillis(mostLatency),
                required);
    }
}
