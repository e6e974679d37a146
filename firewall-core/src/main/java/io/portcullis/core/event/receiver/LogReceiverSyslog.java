package io.portcullis.core.event.receiver;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.event.Severity;
import io.portcullis.core.iface.EthernetConfiguration;
import java.util.List;

/** A syslog server that gets log events by UDP (RFC 5426), as configured. */
@ObjectType(
        value = "LogReceiverSyslog",
        category = LogReceiver.CATEGORY,
        title = "Syslog receiver",
        help = "Sends log events to a syslog server by UDP.")
public record LogReceiverSyslog(
        @Property(help = "Name of the receiver.", required = true)
        String name,

        @Property(help = "Address of the server.", name = "IPAddress", required = true)
        Addresses ipAddress,

        @Property(help = "UDP port of the server.", byDefault = "514", min = 1, max = 65535)
        int port,

        @Property(
                help = "How a message is written: by RFC 5424, or as one line of key=value as cOS Core does.",
                byDefault = "RFC5424")
        SyslogFormat format,

        @Property(help = "Facility that messages carry.", byDefault = "local0")
        Facility facility,

        @Property(help = "What messages call this firewall.", byDefault = "portcullis")
        String hostName,

        @Property(help = "Severities of the events that are sent.", byDefault = LogReceiver.USUAL_SEVERITIES)
        List<Severity> logSeverity,

        @Property(help = "Remark.") String comments)
        implements LogReceiver, Checked {

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (EthernetConfiguration.single(configuration.resolve(ipAddress)).isEmpty()) {
            findings.error("IPAddress", ipAddress + " is not one address");
        }
        // A header field of RFC 5424, section 6: printable ASCII without blanks.
        if (!hostName.matches("[!-~]{1,255}")) {
            findings.error("HostName", "\"" + hostName + "\" is not 1 to 255 printable characters without blanks");
        }
    }

    /** How a message is written. */
    public enum SyslogFormat {
        RFC5424("RFC5424"),
        KEY_VALUE("KeyValue");

        private final String word;

        SyslogFormat(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Facilities that are free for local use (RFC 5424 section 6.2.1). */
    public enum Facility {
        LOCAL0,
        LOCAL1,
        LOCAL2,
        LOCAL3,
        LOCAL4,
        LOCAL5,
        LOCAL6,
        LOCAL7;

        private static final int FIRST = 16;

        int code() {
            return FIRST + ordinal();
        }

        @Override
        public String toString() {
            return "local" + ordinal();
        }
    }
}
