package io.portcullis.ipsec.ike;

import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/** All IKE SAs: by SPI, by the request that opened them, by their child SAs, by when they want to be called. */
final class SaTable {
    /** A peer repeats its first request byte for byte, from the same place. */
    private record Opening(Endpoints path, Octets request) {}

    private record Wake(long at, IkeSa sa) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            return Long.compare(at, other.at);
        }
    }

    private static final int MOST_CLOSED = 4096;

    private final Map<Long, IkeSa> bySpi = new LinkedHashMap<>();
    private final Map<Opening, IkeSa> byRequest = new HashMap<>();
    private final Map<IkeSa, Opening> requests = new HashMap<>();
    private final Map<Integer, IkeSa> byChild = new HashMap<>();
    private final Set<IkeSa> halfOpen = new HashSet<>();
    private final Set<IkeSa> closed = new LinkedHashSet<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
    private final Map<IkeSa, Long> planned = new HashMap<>();

    void add(IkeSa sa) {
        bySpi.put(sa.localSpi(), sa);
    }

    void addHalfOpen(IkeSa sa, Endpoints path, Octets request) {
        add(sa);
        Opening opening = new Opening(path, request);
        byRequest.put(opening, sa);
        requests.put(sa, opening);
        halfOpen.add(sa);
    }

    Optional<IkeSa> opened(Endpoints path, Octets request) {
        return Optional.ofNullable(byRequest.get(new Opening(path, request)));
    }

    Optional<IkeSa> find(long localSpi) {
        return Optional.ofNullable(bySpi.get(localSpi));
    }

    Optional<IkeSa> ownerOf(int inboundSpi) {
        return Optional.ofNullable(byChild.get(inboundSpi));
    }

    void child(int inboundSpi, IkeSa owner) {
        byChild.put(inboundSpi, owner);
    }

    void childGone(int inboundSpi) {
        byChild.remove(inboundSpi);
    }

    int halfOpen() {
        return halfOpen.size();
    }

    /** A closed SA stays to repeat its last answer; when there are too many of them the oldest goes. */
    void closed(IkeSa sa) {
        halfOpen.remove(sa);
        closed.add(sa);
        if (closed.size() > MOST_CLOSED) {
            forget(closed.iterator().next());
        }
    }

    /** Both peers are authenticated: the request that opened the SA is no longer of interest. */
    void established(IkeSa sa) {
        halfOpen.remove(sa);
        forgetRequest(sa);
    }

    private void forgetRequest(IkeSa sa) {
        Opening opening = requests.remove(sa);
        if (opening != null) {
            byRequest.remove(opening, sa);
        }
    }

    Collection<IkeSa> all() {
        return List.copyOf(bySpi.values());
    }

    /** Those that are not closed. */
    Stream<IkeSa> live() {
        return all().stream().filter(sa -> !sa.isClosed());
    }

    private void forget(IkeSa sa) {
        bySpi.remove(sa.localSpi(), sa);
        halfOpen.remove(sa);
        closed.remove(sa);
        planned.remove(sa);
        forgetRequest(sa);
    }

    /** Plans the next call of an SA that has just had an input. */
    void plan(IkeSa sa) {
        long at = sa.nextDeadline();
        Long before = planned.get(sa);
        if (at != Long.MAX_VALUE && (before == null || at < before)) {
            planned.put(sa, at);
            wakes.add(new Wake(at, sa));
        }
    }

    long nextDeadline() {
        Wake next = wakes.peek();
        return next == null ? Long.MAX_VALUE : next.at();
    }

    /** The next SA whose time has come; closed ones are forgotten on the way. */
    Optional<IkeSa> due(long now) {
        while (!wakes.isEmpty() && wakes.peek().at() <= now) {
            Wake wake = wakes.poll();
            IkeSa sa = wake.sa();
            Long current = planned.get(sa);
            if (current == null || current != wake.at()) {
                continue; // replanned since, or forgotten
            }
            planned.remove(sa);
            if (sa.nextDeadline() > now) {
                plan(sa);
            } else if (sa.isClosed()) {
                forget(sa);
            } else {
                return Optional.of(sa);
            }
        }
        return Optional.empty();
    }
}
