package io.portcullis.core.iface;

import io.portcullis.core.config.Configuration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Between which interfaces connections may move: the members of security/transport equivalent groups. Immutable. */
public final class EquivalentInterfaces {
    /** No two of them. */
    public static final EquivalentInterfaces NONE = new EquivalentInterfaces(Map.of());

    private final Map<NetworkInterface, List<NetworkInterface>> others;

    private EquivalentInterfaces(Map<NetworkInterface, List<NetworkInterface>> others) {
        this.others = Map.copyOf(others);
    }

    /** @param groups interfaces that are all equivalent to each other; one may be in several groups */
    public static EquivalentInterfaces of(List<List<NetworkInterface>> groups) {
        Map<NetworkInterface, Set<NetworkInterface>> all = new HashMap<>();
        for (List<NetworkInterface> group : groups) {
            for (NetworkInterface one : group) {
                group.stream()
                        .filter(other -> !other.equals(one))
                        .forEach(other -> all.computeIfAbsent(one, _ -> new LinkedHashSet<>())
                                .add(other));
            }
        }
        Map<NetworkInterface, List<NetworkInterface>> others = new HashMap<>();
        all.forEach((one, set) -> others.put(one, List.copyOf(set)));
        return others.isEmpty() ? NONE : new EquivalentInterfaces(others);
    }

    /** @param byName the running interface of a name */
    public static EquivalentInterfaces compile(
            Configuration configuration, Function<String, Optional<NetworkInterface>> byName) {
        List<List<NetworkInterface>> groups = new ArrayList<>();
        for (InterfaceGroup group : configuration.all(InterfaceGroup.class)) {
            if (group.equivalent()) {
                groups.add(InterfaceGroup.members(group.members(), configuration).stream()
                        .flatMap(name -> byName.apply(name).stream())
                        .toList());
            }
        }
        return of(groups);
    }

    /** The other members of its groups; mostly none. */
    public List<NetworkInterface> others(NetworkInterface iface) {
        return others.isEmpty() ? List.of() : others.getOrDefault(iface, List.of());
    }

    /** Whether connections may move from one to the other; they may always stay. */
    public boolean are(NetworkInterface one, NetworkInterface other) {
        return one.equals(other) || others(one).contains(other);
    }
}
