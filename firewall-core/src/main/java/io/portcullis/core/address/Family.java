package io.portcullis.core.address;

import io.portcullis.core.config.Findings;
import io.portcullis.core.net.AddressSet;

/** IPv4 and IPv6 are not mixed in one address object. */
final class Family {
    private Family() {}

    static void check(AddressSet set, boolean v4, String property, Findings.ForObject findings) {
        set.ranges().stream()
                .filter(range -> range.first().isV4() != v4)
                .findFirst()
                .ifPresent(range -> findings.error(
                        property,
                        range + " is not " + (v4 ? "IPv4: use IP6Address for it" : "IPv6: use IP4Address for it")));
    }
}
