package io.portcullis.core.address;

import io.portcullis.core.config.Addresses;
import java.util.List;

/** The address objects that exist in every configuration (cos-facts section 1.4). */
public final class AddressObjects {
    private AddressObjects() {}

    /** {@code all-nets}, {@code all-nets6} and {@code localhost}. */
    public static List<Record> predefined() {
        return List.of(
                new Ip4Address("all-nets", literal("0.0.0.0/0"), "All IPv4 addresses"),
                new Ip6Address("all-nets6", literal("::/0"), "All IPv6 addresses"),
                new Ip4Address("localhost", literal("127.0.0.1"), "The firewall itself"));
    }

    /** An expression of one literal. */
    public static Addresses literal(String text) {
        return new Addresses(List.of(text));
    }
}
