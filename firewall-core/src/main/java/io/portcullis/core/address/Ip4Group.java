package io.portcullis.core.address;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.HasAddresses;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import java.util.Optional;

/** Names a group of IPv4 address objects. */
@ObjectType(
        value = "IP4Group",
        category = "Address",
        title = "IPv4 address group",
        help = "Names several IPv4 address objects together.")
public record Ip4Group(
        @Property(help = "Name of the group.", required = true)
        String name,

        @Property(help = "Address objects and literals, with commas.", required = true)
        Addresses members,

        @Property(help = "Addresses that the group does not stand for, though its members have them.")
        Optional<Addresses> excluded,

        @Property(help = "Remark.") String comments)
        implements HasAddresses, Checked {
    @Override
    public Addresses addresses() {
        return members;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        Family.check(configuration.resolve(members), true, "Members", findings);
        excluded.ifPresent(without -> Family.check(configuration.resolve(without), true, "Excluded", findings));
    }
}
