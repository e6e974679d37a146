package io.portcullis.ipsec.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest attempts of each tunnel, and under the empty name those for which no tunnel was found. The IKE thread
 * writes; any thread reads.
 */
public final class AttemptRing {
    private final int perTunnel;
    private final Map<String, List<Attempt>> attempts = new ConcurrentHashMap<>();

    /** @param perTunnel attempts kept of each tunnel; the oldest makes room */
    public AttemptRing(int perTunnel) {
        this.perTunnel = perTunnel;
    }

    /** Keeps an attempt in place of what was kept of it before, even where that knew no tunnel yet. */
    public void put(Attempt attempt) {
        if (!attempt.tunnel().isEmpty()) {
            attempts.computeIfPresent("", (_, old) -> without(old, attempt.number()));
        }
        attempts.compute(attempt.tunnel(), (_, old) -> with(old == null ? List.of() : old, attempt));
    }

    /** The attempts of a tunnel, oldest first. */
    public List<Attempt> of(String tunnel) {
        return attempts.getOrDefault(tunnel, List.of());
    }

    /** Forgets tunnels that are not configured any more. */
    public void retain(Set<String> tunnels) {
        attempts.keySet().removeIf(name -> !name.isEmpty() && !tunnels.contains(name));
    }

    private List<Attempt> with(List<Attempt> old, Attempt attempt) {
        List<Attempt> kept = new ArrayList<>(old);
        int at = 0;
        while (at < kept.size() && kept.get(at).number() != attempt.number()) {
            at++;
        }
        if (at < kept.size()) {
            kept.set(at, attempt);
        } else {
            kept.add(attempt);
        }
        return List.copyOf(kept.size() > perTunnel ? kept.subList(kept.size() - perTunnel, kept.size()) : kept);
    }

    private static List<Attempt> without(List<Attempt> old, long number) {
        return old.stream().filter(attempt -> attempt.number() != number).toList();
    }
}
