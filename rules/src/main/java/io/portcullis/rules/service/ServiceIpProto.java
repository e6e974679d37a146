package io.portcullis.rules.service;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.packet.Ipv6Extensions;
import java.util.List;

/** A service of whole IP protocols, or of what comes behind some IPv6 extension headers. */
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

        @Property(
                help =
                        "IPv6 extension headers of which a packet that opens a connection must carry one: 0 Hop-by-Hop,"
                                + " 43 Routing, 44 Fragment, 60 Destination Options, with commas; empty for whatever it carries.")
        String extensionHeaders,

        @Property(help = "Remark.") String comments)
        implements Service {
    private static final int MOST = 255;

    public ServiceIpProto {
        NumberSet.parse("IPProto", ipProto, MOST);
        kinds(extensionHeaders);
    }

    private static int kinds(String headers) {
        int kinds = 0;
        if (headers.isEmpty()) {
            return kinds;
        }
        for (NumberSet.Range range :
                NumberSet.parse("ExtensionHeaders", headers, MOST).ranges()) {
            for (int header = range.first(); header <= range.last(); header++) {
                int kind = Ipv6Extensions.kind(header);
                if (kind == 0) {
                    throw new ConfigError(
                            "ExtensionHeaders",
                            header + " is not one of 0, 43, 44 and 60; what else follows an IPv6 header is an IPProto");
                }
                kinds |= kind;
            }
        }
        return kinds;
    }

    @Override
    public List<ServiceTerm> terms() {
        return NumberSet.parse("", ipProto, MOST).ranges().stream()
                .map(range -> ServiceTerm.protocols(range.first(), range.last()).with(kinds(extensionHeaders)))
                .toList();
    }
}
