package io.portcullis.rules.routing;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.routing.RoutingRules;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceResolution;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceResolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The routing rules of a configuration, compiled; the first that matches decides. */
public final class CompiledRoutingRules implements RoutingRules {
    private final List<RoutingRule> rules;
    private final List<String> names;
    private final Classifier classifier;

    private CompiledRoutingRules(List<RoutingRule> rules, List<String> names, List<Match> matches) {
        this.rules = List.copyOf(rules);
        this.names = List.copyOf(names);
        this.classifier = new Classifier(matches);
    }

    /**
     * Compiles the routing rules that are in force.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static CompiledRoutingRules compile(
            Configuration configuration, Function<String, Optional<NetworkInterface>> interfaces, Findings findings) {
        InterfaceResolution resolution = new InterfaceResolution(configuration, interfaces);
        ServiceResolution services = new ServiceResolution(configuration);
        List<RoutingRule> rules = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Match> matches = new ArrayList<>();
        for (ConfigObject<RoutingRule> object : configuration.objects(RoutingRule.class)) {
            RoutingRule rule = object.value();
            Findings.ForObject at = findings.of(configuration, object);
            rules.add(rule);
            names.add(rule.name().isEmpty() ? "RoutingRule_" + configuration.indexOf(object) : rule.name());
            matches.add(new Match(
                    resolution.resolve(rule.sourceInterface(), "SourceInterface", at),
                    resolution.resolve(rule.destinationInterface(), "DestinationInterface", at),
                    new AddressMatcher(configuration.resolve(rule.sourceNetwork())),
                    new AddressMatcher(configuration.resolve(rule.destinationNetwork())),
                    services.resolveWithoutExtensions(rule.service(), "Service", at)));
        }
        return new CompiledRoutingRules(rules, names, matches);
    }

    @Override
    public int size() {
        return rules.size();
    }

    @Override
    public String name(int rule) {
        return names.get(rule);
    }

    @Override
    public String forwardTable(int rule) {
        return rules.get(rule).forwardRoutingTable().name();
    }

    @Override
    public String returnTable(int rule) {
        return rules.get(rule).returnRoutingTable().name();
    }

    @Override
    public int first(
            NetworkInterface in,
            NetworkInterface out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        return classifier.first(
                in.index(),
                out.index(),
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                protocol,
                sourcePort,
                destinationPort);
    }
}
