package io.portcullis.rules.classifier;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    private final boolean any;
    private final int[] indexes;

    private InterfaceSet(boolean any, int[] indexes) {
        this.any = any;
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
     * Resolves names. One that is configured but does not run matches nothing, with a warning: no packet can come from
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
        boolean any = names.stream().anyMatch(ref -> ref.name().equals(ANY));
        return of(
                any,
                names.stream()
                        .filter(ref -> !ref.name().equals(ANY))
                        .flatMap(ref -> resolve(ref.name(), configuration, interfaces, property, findings).stream()));
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

    /** Whether the interface is in the set; no allocation. */
    public boolean contains(NetworkInterface iface) {
        return any || Arrays.binarySearch(indexes, iface.index()) >= 0;
    }

    /** What is equal for sets of the same interfaces. */
    Object key() {
        return any ? ANY : Arrays.stream(indexes).boxed().toList();
    }

    boolean isAny() {
        return any;
    }

    int[] indexes() {
        return indexes.clone();
    }

    @Override
    public String toString() {
        return any ? ANY : Arrays.toString(indexes);
    }
}
