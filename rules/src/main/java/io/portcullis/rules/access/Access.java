package io.portcullis.rules.access;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.rules.classifier.InterfaceSet;
import java.util.List;

/** Which sources may appear on which interface, as configured. What no rule matches is left to the reverse route. */
@ObjectType(
        value = "Access",
        title = "Access rule",
        help = "Says which source addresses may appear on which interface. The first that matches decides;"
                + " without one, a route back by the same interface does.",
        ordered = true,
        nameOptional = true)
public record Access(
        @Property(help = "Name of the rule; it stands in log lines.")
        String name,

        @Property(
                help = "Interfaces that it is about.",
                name = "Interface",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> iface,

        @Property(help = "Source addresses that it is about.", required = true)
        Addresses network,

        @Property(
                help = "Drop; Accept without asking the reverse route;"
                        + " Expect: accept on the interface and drop on every other.",
                required = true)
        AccessAction action,

        @Property(help = "Whether what it drops is logged.", byDefault = "Yes", group = "Log")
        boolean logEnabled,

        @Property(help = "Remark.") String comments)
        implements Checked {

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (configuration.resolve(network).isEmpty()) {
            findings.error("Network", network + " stands for no address");
        }
    }

    /** What an access rule does. */
    public enum AccessAction {
        DROP("Drop"),
        ACCEPT("Accept"),
        EXPECT("Expect");

        private final String word;

        AccessAction(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
