package io.portcullis.core.address;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.HasAddresses;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** Names IPv4 addresses. */
@ObjectType(
        value = "IP4Address",
        category = "Address",
        title = "IPv4 address",
        help = "Names an IPv4 address, network or range for policies, routes and tunnels.")
public record Ip4Address(
        @Property(help = "Name of the address object.", required = true)
        String name,

        @Property(help = "Address, network or range, or several with commas.", required = true)
        Addresses address,

        @Property(help = "Remark.") String comments)
        implements HasAddresses, Checked {
    @Override
    public Addresses addresses() {
        return address;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        Family.check(configuration.resolve(address), true, "Address", findings);
    }
}
