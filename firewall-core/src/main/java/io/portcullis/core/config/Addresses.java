package io.portcullis.core.config;

import java.util.List;

/**
 * An address expression as it was typed: literals (address, network, {@code first-last} range, {@code dns:host}) and
 * names of address objects, separated by commas. What it comes down to depends on the configuration that it stands in.
 *
 * @param parts the parts in order, at least one
 */
public record Addresses(List<String> parts) {
    @Override
    public String toString() {
        return String.join(",", parts);
    }
}
