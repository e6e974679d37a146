package io.portcullis.rules.service;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import java.util.List;

/** Several services under one name. */
@ObjectType(
        value = "ServiceGroup",
        category = Service.CATEGORY,
        title = "Service group",
        help = "Several services that policies name together.")
public record ServiceGroup(
        @Property(help = "Name of the group.", required = true)
        String name,

        @Property(help = "Services and groups of services, with commas.", required = true, category = Service.CATEGORY)
        List<Ref> members,

        @Property(help = "Remark.") String comments) {}
