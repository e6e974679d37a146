package io.portcullis.ipsec.ike;

import io.portcullis.ipsec.ike.v2.IkeSa;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** IKE SAs by something that several of them may share; in the order in which they came. */
final class SaIndex<K> {
    private final Map<K, Set<IkeSa>> byKey = new HashMap<>();

    void add(K key, IkeSa sa) {
        byKey.computeIfAbsent(key, _ -> new LinkedHashSet<>(2)).add(sa);
    }

    void remove(K key, IkeSa sa) {
        Set<IkeSa> there = byKey.get(key);
        if (there != null && there.remove(sa) && there.isEmpty()) {
            byKey.remove(key);
        }
    }

    /** A copy: what is done with one of them may change the index. */
    List<IkeSa> of(K key) {
        Collection<IkeSa> there = byKey.getOrDefault(key, Set.of());
        return List.copyOf(there);
    }

    /** How many different keys there are. */
    int size() {
        return byKey.size();
    }

    boolean has(K key) {
        return byKey.containsKey(key);
    }
}
