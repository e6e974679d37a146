package io.portcullis.rules.classifier;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.iface.NetworkInterface;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the running interfaces that rules name, groups among them; rules that name the same share what was found. */
public final class InterfaceResolution {
    private final Configuration configuration;
    private final Function<String, Optional<NetworkInterface>> interfaces;
    private final Map<List<Ref>, InterfaceSet> complete = new HashMap<>();

    /** @param interfaces the running interface of a name, {@code core} too */
    public InterfaceResolution(Configuration configuration, Function<String, Optional<NetworkInterface>> interfaces) {
        this.configuration = configuration;
        this.interfaces = interfaces;
    }

    /**
     * The interfaces of these names. One that is configured but does not run matches nothing, with a warning: no packet
     * can come from there.
     *
     * @param property where errors belong
     */
    public InterfaceSet resolve(List<Ref> names, String property, Findings.ForObject findings) {
        InterfaceSet known = complete.get(names);
        if (known != null) {
            return known;
        }
        Set<String> apart = InterfaceGroup.members(names, configuration);
        boolean isAny = apart.remove(InterfaceSet.ANY);
        List<NetworkInterface> found = apart.stream()
                .flatMap(name -> resolve(name, property, findings).stream())
                .toList();
        InterfaceSet resolved = InterfaceSet.of(isAny, found.stream());
        if (found.size() == apart.size()) {
            complete.put(names, resolved);
        }
        return resolved;
    }

    private Optional<NetworkInterface> resolve(String name, String property, Findings.ForObject findings) {
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
}
