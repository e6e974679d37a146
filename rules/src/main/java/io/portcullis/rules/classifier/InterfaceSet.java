package io.portcullis.rules.classifier;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.iface.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The interfaces that a rule names, as running interfaces: a test of one number. */
public final class InterfaceSet {
    /** Matches every interface, {@code core} too. */
    public static final String ANY = "any";
    /** The firewall itself. */
    public static final String CORE = "core";

    /** Every interface. */
    public static final InterfaceSet EVERY = new InterfaceSet(true, new int[0]);

    private final boolean isAny;
    private final int[] indexes;

    private InterfaceSet(boolean isAny, int[] indexes) {
        this.isAny = isAny;
        this.indexes = indexes;
    }

    /** These interfaces. */
    public static InterfaceSet of(NetworkInterface... interfaces) {
        return of(false, Arrays.stream(interfaces));
    }

    private static InterfaceSet of(boolean any, Stream<NetworkInterface> interfaces) {
        int[] indexes =
                interfaces.mapToInt(NetworkInterface::index).sorted().distinct().toArray();
        return new InterfaceSet(any, indexes);
    }

    /**
     * Resolves names, groups among them. One that is configured but does not run matches nothing, with a warning: no packet can come from
     * there.
     *
     * @param interfaces the running interface of a name, {@code core} too
     * @param property where errors belong
     */
    public static InterfaceSet of(
            List<Ref> names,
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            String property,
            Findings.ForObject findings) {
        Set<String> apart = InterfaceGroup.members(names, configuration);
        return of(
                apart.contains(ANY),
                apart.stream()
                        .filter(name -> !name.equals(ANY))
                        .flatMap(name -> resolve(name, configuration, interfaces, property, findings).stream()));
    }

    private static Optional<NetworkInterface> resolve(
            String name,
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            String property,
            Findings.ForObject findings) {
        Optional<NetworkInterface> found = interfaces.apply(name);
        if (found.isEmpty()) {
            if (configuration.find("Interface", name).isPresent()) {
                findings.warning(property, name + " does not run: nothing comes from or goes to it");
            } else {
                findings.error(property, name + " is not an interface; interfaces, any and core are allowed");
            }
        }
        return found;
    }

    /** Whether the interface of this number is in the set; no allocation. */
    boolean contains(int index) {
        return isAny || Arrays.binarySearch(indexes, index) >= 0;
    }

    boolean covers(InterfaceSet other) {
        return isAny || (!other.isAny && Arrays.stream(other.indexes).allMatch(this::contains));
    }

    boolean overlaps(InterfaceSet other) {
        return (isAny && !other.isEmpty())
                || (other.isAny && !isEmpty())
                || Arrays.stream(other.indexes).anyMatch(this::contains);
    }

    boolean isEmpty() {
        return !isAny && indexes.length == 0;
    }

    /** Number of one of them; of the firewall itself when they are all. Not for an empty set. */
    int any() {
        return isAny ? 0 : indexes[0];
    }

    /** What is equal for sets of the same interfaces. */
    Object key() {
        return isAny ? ANY : Arrays.stream(indexes).boxed().toList();
    }

    boolean isAny() {
        return isAny;
    }

    int[] indexes() {
        return indexes.clone();
    }

    @Override
    public String toString() {
        return isAny ? ANY : Arrays.toString(indexes);
    }
}
