package io.portcullis.core.config;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address expression as it was typed: literals (address, network, {@code first-last} range, {@code dns:host}) and
 * names of address objects, separated by commas. What names come down to depends on the configuration that they stand
 * in; what literals do is known for good, and found out once.
 */
public final class Addresses {
    private final List<String> parts;
    private final @Nullable AddressSet literal;

    /** @param parts the parts in order, at least one */
    public Addresses(List<String> parts) {
        this.parts = List.copyOf(parts);
        this.literal = literal(this.parts);
    }

    private static @Nullable AddressSet literal(List<String> parts) {
        List<IpRange> ranges = new ArrayList<>(parts.size());
        for (String part : parts) {
            if (AddressSyntax.isHost(part)) {
                continue;
            }
            Optional<IpRange> range = AddressSyntax.range(part);
            if (range.isEmpty()) {
                return null;
            }
            ranges.add(range.get());
        }
        return AddressSet.of(ranges);
    }

    /** The parts in order. */
    public List<String> parts() {
        return parts;
    }

    /** What it comes down to in every configuration, {@code dns:} hosts left out; null when it has names. */
    @Nullable
    AddressSet literal() {
        return literal;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Addresses addresses && parts.equals(addresses.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return parts.size() == 1 ? parts.getFirst() : String.join(",", parts);
    }
}
