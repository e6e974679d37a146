package io.portcullis.rules.access;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.rules.policy.AddressMatcher;
import io.portcullis.rules.policy.InterfaceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The access rules of a configuration, compiled; the first that matches decides. */
public final class CompiledAccess implements AccessControl {
    private final Rule[] rules;

    /**
     * @param action what it does
     * @param interfaces the interfaces that it is about
     * @param network the sources that it is about
     * @param accepts what it says when it accepts
     * @param drops what it says when it drops
     */
    private record Rule(
            Access.AccessAction action,
            InterfaceSet interfaces,
            AddressMatcher network,
            Verdict accepts,
            Verdict drops) {}

    private CompiledAccess(List<Rule> rules) {
        this.rules = rules.toArray(Rule[]::new);
    }

    /**
     * Compiles the access rules that are in force.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static CompiledAccess compile(
            Configuration configuration, Function<String, Optional<NetworkInterface>> interfaces, Findings findings) {
        List<Rule> rules = new ArrayList<>();
        for (ConfigObject<Access> object : configuration.objects(Access.class)) {
            Access access = object.value();
            String name = access.name().isEmpty() ? "Access_" + configuration.indexOf(object) : access.name();
            rules.add(new Rule(
                    access.action(),
                    InterfaceSet.of(
                            access.iface(),
                            configuration,
                            interfaces,
                            "Interface",
                            findings.of(configuration.key(object))),
                    new AddressMatcher(configuration.resolve(access.network())),
                    new Verdict(name, true, access.logEnabled()),
                    new Verdict(name, false, access.logEnabled())));
        }
        return new CompiledAccess(rules);
    }

    @Override
    public @Nullable Verdict check(Packet packet, NetworkInterface in) {
        for (Rule rule : rules) {
            if (!rule.network.contains(packet.sourceHigh(), packet.sourceLow())) {
                continue;
            }
            boolean here = rule.interfaces.contains(in);
            switch (rule.action) {
                case DROP -> {
                    if (here) {
                        return rule.drops;
                    }
                }
                case ACCEPT -> {
                    if (here) {
                        return rule.accepts;
                    }
                }
                case EXPECT -> {
                    return here ? rule.accepts : rule.drops;
                }
            }
        }
        return null;
    }
}
