package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/** One identity of an ID list. */
@ObjectType(value = "ID", title = "ID", help = "An identity of a peer.", in = IdList.class, nameOptional = true)
public record IdEntry(
        @Property(help = "Name of the identity.") String name,

        @Property(help = "Kind of identity.", required = true)
        Type type,

        @Property(help = "The address, with type IP.", name = "IP")
        Optional<IpAddress> ip,

        @Property(help = "The host's full name, with type DNS.")
        String hostname,

        @Property(help = "The mail address, with type E-Mail.", name = "E-Mail")
        String email,

        @Property(help = "Remark.") String comments) {

    /** Kinds of identity. */
    public enum Type {
        IP("IP"),
        DNS("DNS"),
        EMAIL("E-Mail");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** @throws ConfigError when the value of the type is missing */
    public IdEntry {
        String missing = switch (type) {
            case IP -> ip.isEmpty() ? "IP" : "";
            case DNS -> hostname.isEmpty() ? "Hostname" : "";
            case EMAIL -> email.isEmpty() ? "E-Mail" : "";
        };
        if (!missing.isEmpty()) {
            throw new ConfigError(missing, "an ID of type " + type + " needs it");
        }
    }

    /** The identity itself. */
    public Identity identity() {
        return switch (type) {
            case IP -> new Identity.Address(ip.orElseThrow());
            case DNS -> new Identity.Dns(hostname);
            case EMAIL -> new Identity.Email(email);
        };
    }
}
