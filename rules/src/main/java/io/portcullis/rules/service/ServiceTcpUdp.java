package io.portcullis.rules.service;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Policy.Application;
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

        @Property(
                help =
                        "What is spoken there. Connections of FTP are followed: the data connections that they announce are"
                                + " allowed, once each, and translated as they are.",
                byDefault = "None")
        Protocol protocol,

        @Property(help = "Remark.") String comments)
        implements Service {
    static final String ANY_PORT = "0-65535";

    /** Which of the two protocols. */
    public enum Transport {
        TCP,
        UDP,
        TCPUDP
    }

    /** What is spoken, where that is followed. */
    public enum Protocol {
        NONE("None", Application.NONE),
        FTP("FTP", Application.FTP);

        private final String word;
        private final Application application;

        Protocol(String word, Application application) {
            this.word = word;
            this.application = application;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public ServiceTcpUdp {
        if (protocol == Protocol.FTP && type != Transport.TCP) {
            throw new ConfigError("Protocol", "FTP goes over TCP, and Type is " + type);
        }
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
                    terms.add(ServiceTerm.ports(IpProtocol.TCP, source, destination)
                            .speaking(protocol.application));
                }
                if (type != Transport.TCP) {
                    terms.add(ServiceTerm.ports(IpProtocol.UDP, source, destination));
                }
            }
        }
        return terms;
    }
}
