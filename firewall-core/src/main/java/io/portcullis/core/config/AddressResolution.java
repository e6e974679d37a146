package io.portcullis.core.config;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns address expressions into sets by looking names up in the Address category. */
final class AddressResolution {
    static final String CATEGORY = "Address";

    private final Configuration configuration;

    private AddressResolution(Configuration configuration) {
        this.configuration = configuration;
    }

    static AddressResolution in(Configuration configuration) {
        return new AddressResolution(configuration);
    }

    AddressSet resolve(Addresses addresses) {
        return resolve(addresses, new LinkedHashSet<>());
    }

    private AddressSet resolve(Addresses addresses, Set<String> path) {
        List<IpRange> ranges = new ArrayList<>();
        for (String part : addresses.parts()) {
            if (part.regionMatches(true, 0, AddressSyntax.DNS, 0, AddressSyntax.DNS.length())) {
                continue;
            }
            Optional<IpRange> literal = AddressSyntax.range(part);
            if (literal.isPresent()) {
                ranges.add(literal.get());
                continue;
            }
            HasAddresses object = configuration
                    .find(CATEGORY, part)
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
            ranges.addAll(all.minus(excluded).ranges());
            path.remove(part);
        }
        return AddressSet.of(ranges);
    }
}
