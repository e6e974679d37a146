package io.portcullis.rules.service;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.packet.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/** A service of TCP or UDP ports. */
@ObjectType(
        value = "ServiceTCPUDP",
        category = Service.CATEGORY,
        title = "TCP/UDP service",
        help = "TCP or UDP ports that policies name.")
public record ServiceTcpUdp(
        @Property(help = "Name of the service.", required = true)
        String name,

        @Property(help = "Protocol that the ports are of.", byDefault = "TCP")
        Transport type,

        @Property(help = "Destination ports: numbers and ranges with commas.", required = true)
        String destinationPorts,

        @Property(help = "Source ports: numbers and ranges with commas.", byDefault = ANY_PORT)
        String sourcePorts,

        @Property(help = "Remark.") String comments)
        implements Service {
    static final String ANY_PORT = "0-65535";

    /** Which of the two protocols. */
    public enum Transport {
        TCP,
        UDP,
        TCPUDP
    }

    public ServiceTcpUdp {
        NumberSet.parse("DestinationPorts", destinationPorts, ServiceTerm.MOST);
        NumberSet.parse("SourcePorts", sourcePorts, ServiceTerm.MOST);
    }

    @Override
    public List<ServiceTerm> terms() {
        List<ServiceTerm> terms = new ArrayList<>();
        for (NumberSet.Range source :
                NumberSet.parse("", sourcePorts, ServiceTerm.MOST).ranges()) {
            for (NumberSet.Range destination :
                    NumberSet.parse("", destinationPorts, ServiceTerm.MOST).ranges()) {
                if (type != Transport.UDP) {
                    terms.add(ServiceTerm.ports(IpProtocol.TCP, source, destination));
                }
                if (type != Transport.TCP) {
                    terms.add(ServiceTerm.ports(IpProtocol.UDP, source, destination));
                }
            }
        }
        return terms;
    }
}
