package io.portcullis.rules.policy;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.pipeline.IpRuleSet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceResolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The IP policies of a configuration, compiled. The first that matches decides. */
public final class CompiledRuleSet implements IpRuleSet {
    /** No policies: everything is dropped. */
    public static final CompiledRuleSet EMPTY = new CompiledRuleSet(List.of(), List.of(), HitCount.NONE);

    private final List<Entry> entries;
    private final CompiledPolicy.Default last;
    private final Classifier classifier;
    private final CompiledPolicy[] policies;

    /** A policy as configured, the number that identifies it across configurations, and as compiled. */
    private record Entry(ConfigObject<IpPolicy> configured, CompiledPolicy compiled) {}

    private CompiledRuleSet(List<Entry> entries, List<Match> matches, HitCount defaultHits) {
        this.entries = entries;
        last = new CompiledPolicy.Default(defaultHits);
        classifier = new Classifier(matches);
        policies = entries.stream().map(Entry::compiled).toArray(CompiledPolicy[]::new);
    }

    /**
     * Compiles the policies that are in force.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param previous whose hit counts go on for the policies that stay; null for none
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static CompiledRuleSet compile(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            @Nullable CompiledRuleSet previous,
            Findings findings) {
        Map<Long, HitCount> counts = new HashMap<>();
        if (previous != null) {
            previous.entries.forEach(entry ->
                    counts.put(entry.configured().id(), entry.compiled().hits()));
        }
        HitCount before = previous == null ? HitCount.NONE : previous.last.hits();
        ServiceResolution services = new ServiceResolution(configuration);
        // Policies share their networks: each is resolved once.
        Map<Addresses, AddressMatcher> networks = new HashMap<>();
        Function<Addresses, AddressMatcher> network =
                addresses -> networks.computeIfAbsent(addresses, key -> new AddressMatcher(configuration.resolve(key)));
        List<Entry> entries = new ArrayList<>();
        List<Match> matches = new ArrayList<>();
        for (ConfigObject<IpPolicy> object : configuration.objects(IpPolicy.class)) {
            IpPolicy policy = object.value();
            Findings.ForObject at = findings.of(configuration.key(object));
            String name = policy.name().isEmpty() ? "IPPolicy_" + configuration.indexOf(object) : policy.name();
            HitCount hits = counts.getOrDefault(object.id(), new HitCount());
            entries.add(new Entry(object, new CompiledPolicy(name, policy, hits)));
            matches.add(new Match(
                    InterfaceSet.of(policy.sourceInterface(), configuration, interfaces, "SourceInterface", at),
                    InterfaceSet.of(
                            policy.destinationInterface(), configuration, interfaces, "DestinationInterface", at),
                    network.apply(policy.sourceNetwork()),
                    network.apply(policy.destinationNetwork()),
                    services.resolve(policy.service(), "Service", at)));
        }
        HitCount defaultHits = before.equals(HitCount.NONE) ? new HitCount() : before;
        return new CompiledRuleSet(List.copyOf(entries), matches, defaultHits);
    }

    @Override
    public Policy lookup(
            NetworkInterface in,
            NetworkInterface out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        int index = classifier.first(
                in, out, sourceHigh, sourceLow, destinationHigh, destinationLow, protocol, sourcePort, destinationPort);
        return index < 0 ? last : policies[index];
    }

    /** The policies in order, the default behind them, for people. {@code now} in monotonic nanoseconds. */
    public List<RuleView> view(long now) {
        List<RuleView> rows = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            rows.add(RuleView.of(
                    i + 1,
                    entry.compiled().name(),
                    entry.configured().value(),
                    entry.compiled().hits(),
                    now));
        }
        rows.add(RuleView.ofDefault(entries.size() + 1, last.name(), last.hits(), now));
        return rows;
    }
}
