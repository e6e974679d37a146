package io.portcullis.core.config;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns address expressions into sets by looking names up in the Address category of one configuration. What a name
 * came down to is kept, since very many objects may name the same. Thread-safe.
 */
final class AddressResolution {
    static final String CATEGORY = "Address";

    private final EffectiveObjects objects;
    private final Map<String, AddressSet> resolved = new ConcurrentHashMap<>();

    AddressResolution(EffectiveObjects objects) {
        this.objects = objects;
    }

    /** As {@link Configuration#resolve}. */
    AddressSet resolve(Addresses addresses) {
        return resolve(addresses, new LinkedHashSet<>());
    }

    /** @param path names that are being resolved, the outermost first */
    private AddressSet resolve(Addresses addresses, Set<String> path) {
        AddressSet literal = addresses.literal();
        if (literal != null) {
            return literal;
        }
        if (addresses.parts().size() == 1) {
            return resolve(addresses.parts().getFirst(), path);
        }
        List<IpRange> ranges = new ArrayList<>();
        for (String part : addresses.parts()) {
            ranges.addAll(resolve(part, path).ranges());
        }
        return AddressSet.of(ranges);
    }

    private AddressSet resolve(String part, Set<String> path) {
        if (part.regionMatches(true, 0, AddressSyntax.DNS, 0, AddressSyntax.DNS.length())) {
            return AddressSet.EMPTY;
        }
        Optional<IpRange> literal = AddressSyntax.range(part);
        if (literal.isPresent()) {
            return new AddressSet(List.of(literal.get()));
        }
        AddressSet known = resolved.get(part);
        if (known != null) {
            return known;
        }
        HasAddresses object = objects.inCategory(CATEGORY, part)
                .map(ConfigObject::value)
                .filter(HasAddresses.class::isInstance)
                .map(HasAddresses.class::cast)
                .orElseThrow(() -> new ConfigError(part + " is neither an address nor an address object"));
        if (!path.add(part)) {
            throw new ConfigError("address groups contain each other: " + String.join(" > ", path) + " > " + part);
        }
        AddressSet all = resolve(object.addresses(), path);
        AddressSet excluded =
                object.excluded().map(without -> resolve(without, path)).orElse(AddressSet.EMPTY);
        path.remove(part);
        AddressSet left = excluded.isEmpty() ? all : all.minus(excluded);
        resolved.put(part, left);
        return left;
    }
}
