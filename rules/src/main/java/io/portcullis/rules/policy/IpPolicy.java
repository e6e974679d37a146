package io.portcullis.rules.policy;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.connection.NatPool;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.schedule.ScheduleProfile;
import io.portcullis.rules.service.Service;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What connections are allowed, as configured. The first policy that matches decides; none means dropped. */
@ObjectType(
        value = "IPPolicy",
        title = "IP policy",
        help = "Allows or denies connections by interface, network and service. The first that matches decides.",
        in = NamedRuleSet.class,
        atTop = true,
        ordered = true,
        nameOptional = true)
public record IpPolicy(
        @Property(help = "Name of the policy; it stands in log lines.")
        String name,

        @Property(
                help = "Interfaces that the connection comes from.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> sourceInterface,

        @Property(help = "Addresses that the connection comes from.", required = true)
        Addresses sourceNetwork,

        @Property(
                help = "Interfaces that the connection goes to.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> destinationInterface,

        @Property(help = "Addresses that the connection goes to.", required = true)
        Addresses destinationNetwork,

        @Property(help = "Services that the connection is for.", required = true, category = Service.CATEGORY)
        List<Ref> service,

        @Property(
                help =
                        "Whether the connection is opened; Goto asks another rule set first, and goes on here when none of"
                                + " its policies decides; Return leaves this rule set.",
                required = true)
        Decision action,

        @Property(help = "Rule set that Goto leads to.", refersTo = NamedRuleSet.class)
        Optional<Ref> ruleSet,

        @Property(help = "What happens to denied packets: Drop is silent, Reject tells the sender.", byDefault = "Drop")
        Denial denyBehavior,

        @Property(
                help = "Whether connections leave with the egress interface's address (NAT), one of a NAT pool, or each"
                        + " source with an address of its own (SAT); Auto does the first for private sources that go"
                        + " to public destinations.",
                byDefault = "Auto",
                group = "Address translation")
        Translation sourceTranslation,

        @Property(
                help = "Pool of the addresses that they leave with.",
                name = "NATPool",
                refersTo = NatPool.class,
                group = "Address translation")
        Optional<Ref> natPool,

        @Property(
                help =
                        "Network, as large as SourceNetwork, whose addresses sources leave with by SAT: each with the one"
                                + " that has its place there.",
                name = "SATSourceIP",
                group = "Address translation")
        Optional<Addresses> satSource,

        @Property(
                help = "Whether connections go to another address than the one they are addressed to.",
                byDefault = "None",
                group = "Address translation")
        DestinationTranslation destinationTranslation,

        @Property(
                help = "Address that they go to with SAT; with DestAddressAction=Transposed a network.",
                name = "SATTranslateToIP",
                group = "Address translation")
        Optional<Addresses> satAddress,

        @Property(
                help =
                        "Whether all go to the one address, or each address of DestinationNetwork to the one that has its"
                                + " place in a network as large.",
                byDefault = "SingleIP",
                group = "Address translation")
        AddressAction destAddressAction,

        @Property(
                help = "Port that they go to with SAT, TCP and UDP only; 0 leaves it as it is.",
                name = "SATTranslateToPort",
                byDefault = "0",
                max = 65535,
                group = "Address translation")
        int satPort,

        @Property(
                help =
                        "Whether all go to the one port, or the first port of the service there and the ones behind it to"
                                + " the ones behind that.",
                byDefault = "SinglePort",
                group = "Address translation")
        PortAction destPortAction,

        @Property(
                help = "Connections that each source may have open by this policy at once, 0 for any number; IPv6"
                        + " sources are counted by their /64 network.",
                byDefault = "0",
                max = 16_777_215,
                group = "Limits")
        int maxConnectionsPerSource,

        @Property(
                help =
                        "Whether openers of TCP connections are answered in their server's place, and the server hears of"
                                + " them when they have shown that their address is theirs; Auto does so while more connections"
                                + " wait for their handshake than MaxHalfOpenConnections.",
                name = "SYNRelay",
                byDefault = "Auto",
                group = "Limits")
        Relay synRelay,

        @Property(help = "When the policy counts; without one it does always.", refersTo = ScheduleProfile.class)
        Optional<Ref> schedule,

        @Property(help = "Whether connections and drops are logged.", byDefault = "Yes", group = "Log")
        boolean logEnabled,

        @Property(help = "Remark.") String comments)
        implements Checked {

    /** What becomes of a connection. */
    public enum Decision {
        ALLOW("Allow"),
        DENY("Deny"),
        GOTO("Goto"),
        RETURN("Return");

        private final String word;

        Decision(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** How a connection is denied. */
    public enum Denial {
        DROP("Drop"),
        REJECT("Reject");

        private final String word;

        Denial(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Protection from floods of openers. */
    public enum Relay {
        AUTO("Auto"),
        YES("Yes"),
        NO("No");

        private final String word;

        Relay(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** How source addresses are translated. */
    public enum Translation {
        AUTO("Auto"),
        NAT("NAT"),
        NAT_POOL("NATPool"),
        SAT("SAT"),
        NONE("None");

        private final String word;

        Translation(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** How destination addresses are translated. */
    public enum DestinationTranslation {
        NONE("None"),
        SAT("SAT");

        private final String word;

        DestinationTranslation(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Which addresses connections go to by SAT. */
    public enum AddressAction {
        SINGLE_IP("SingleIP"),
        TRANSPOSED("Transposed");

        private final String word;

        AddressAction(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Which ports connections go to by SAT. */
    public enum PortAction {
        SINGLE_PORT("SinglePort"),
        TRANSPOSED("Transposed");

        private final String word;

        PortAction(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (action == Decision.GOTO && ruleSet.isEmpty()) {
            findings.error("RuleSet", "Goto needs the rule set that it leads to");
        } else if (action != Decision.GOTO && ruleSet.isPresent()) {
            findings.error("RuleSet", "only Goto leads to a rule set, and the action is " + action);
        }
        new StaticTranslation(this, configuration).check(findings);
        checkPool(configuration, findings);
        if (maxConnectionsPerSource > 0 && action != Decision.ALLOW) {
            findings.error("MaxConnectionsPerSource", "limits what is allowed, and the action is " + action);
        }
        AddressSet from = configuration.resolve(sourceNetwork);
        AddressSet to = configuration.resolve(destinationNetwork);
        // A set without addresses would match nothing: for a policy that denies, silently the wrong thing.
        if (from.isEmpty()) {
            findings.error("SourceNetwork", sourceNetwork + " stands for no address");
        }
        if (to.isEmpty()) {
            findings.error("DestinationNetwork", destinationNetwork + " stands for no address");
        }
        if (!from.isEmpty() && !to.isEmpty() && !from.sharesFamily(to)) {
            findings.error(
                    "DestinationNetwork",
                    destinationNetwork + " and SourceNetwork " + sourceNetwork
                            + " are of different families: both must be IPv4 or both IPv6");
        }
    }

    private void checkPool(Configuration configuration, Findings.ForObject findings) {
        if (natPool.isPresent() != (sourceTranslation == Translation.NAT_POOL)) {
            findings.error(
                    "NATPool",
                    natPool.isPresent()
                            ? "is used with SourceTranslation=NATPool only, and that is " + sourceTranslation
                            : "SourceTranslation=NATPool needs the pool");
            return;
        }
        if (natPool.isEmpty()) {
            return;
        }
        AddressSet from = configuration.resolve(sourceNetwork);
        natPool.flatMap(pool -> configuration.find(NatPool.class, pool.name()))
                .map(pool -> configuration.resolve(pool.range()))
                .filter(pool -> !pool.isEmpty() && !from.isEmpty() && !pool.sharesFamily(from))
                .ifPresent(pool -> findings.error(
                        "NATPool", pool + " is of another version of IP than SourceNetwork " + sourceNetwork));
    }

    /** Where connections go instead; null for where they are addressed to. */
    @Nullable
    Redirection redirection(Configuration configuration) {
        return new StaticTranslation(this, configuration).redirection();
    }

    /** The addresses that sources leave with instead of their own; null for others. */
    @Nullable
    Transposition newSources(Configuration configuration) {
        return new StaticTranslation(this, configuration).newSources();
    }
}
