package io.portcullis.rules.service;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import java.util.List;

/** A service of whole IP protocols. */
@ObjectType(
        value = "ServiceIPProto",
        category = Service.CATEGORY,
        title = "IP protocol service",
        help = "IP protocols that policies name.")
public record ServiceIpProto(
        @Property(help = "Name of the service.", required = true)
        String name,

        @Property(help = "Protocol numbers and ranges with commas, 0 to 255.", name = "IPProto", required = true)
        String ipProto,

        @Property(help = "Remark.") String comments)
        implements Service {
    private static final int MOST = 255;

    public ServiceIpProto {
        NumberSet.parse("IPProto", ipProto, MOST);
    }

    @Override
    public List<ServiceTerm> terms() {
        return NumberSet.parse("", ipProto, MOST).ranges().stream()
                .map(range -> ServiceTerm.protocols(range.first(), range.last()))
                .toList();
    }
}
