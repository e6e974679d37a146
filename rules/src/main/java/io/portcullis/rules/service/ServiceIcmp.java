package io.portcullis.rules.service;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.packet.IpProtocol;
import java.util.List;

/** A service of ICMP messages. Errors about a connection that is open pass without any. */
@ObjectType(
        value = "ServiceICMP",
        category = Service.CATEGORY,
        title = "ICMP service",
        help = "ICMP messages that policies name. Errors about an open connection pass by themselves.")
public record ServiceIcmp(
        @Property(help = "Name of the service.", required = true)
        String name,

        @Property(help = "All messages, or those of MessageNumbers.", byDefault = "All")
        MessageTypes messageTypes,

        @Property(help = "Message types: numbers and ranges with commas; 8 asks for an echo.", byDefault = "8")
        String messageNumbers,

        @Property(
                help = "Codes of the messages of MessageNumbers: numbers and ranges with commas.",
                byDefault = MessageTypes.ANY_CODE)
        String codes,

        @Property(help = "Remark.") String comments)
        implements Service {
    public ServiceIcmp {
        NumberSet.parse("MessageNumbers", messageNumbers, MessageTypes.MOST);
        NumberSet.parse("Codes", codes, MessageTypes.MOST);
    }

    @Override
    public List<ServiceTerm> terms() {
        return messageTypes.terms(IpProtocol.ICMP, messageNumbers, codes);
    }
}
