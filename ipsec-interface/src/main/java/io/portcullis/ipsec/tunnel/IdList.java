package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** Identities that a tunnel accepts; they are its {@link IdEntry} children. */
@ObjectType(
        value = "IDList",
        title = "ID list",
        help = "Identities that peers may have. A peer must present one of them to use a tunnel with this list.")
public record IdList(
        @Property(help = "Name of the list.", required = true)
        String name,

        @Property(help = "Remark.") String comments) {}
