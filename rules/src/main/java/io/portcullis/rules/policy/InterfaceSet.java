package io.portcullis.rules.policy;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The interfaces that a rule names, as running interfaces: a test of one number. */
public final class InterfaceSet {
    /** Matches every interface, {@code core} too. */
    public static final String ANY = "any";
    /** The firewall itself. */
    public static final String CORE = "core";

    private final boolean any;
    private final int[] indexes;

    private InterfaceSet(boolean any, int[] indexes) {
        this.any = any;
        this.indexes = indexes;
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
        int[] indexes = names.stream()
                .filter(ref -> !ref.name().equals(ANY))
                .flatMap(ref -> resolve(ref.name(), configuration, interfaces, property, findings).stream())
                .mapToInt(NetworkInterface::index)
                .sorted()
                .distinct()
                .toArray();
        return new InterfaceSet(any, indexes);
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

    boolean isAny() {
        return any;
    }

    int[] indexes() {
        return indexes.clone();
    }
}
