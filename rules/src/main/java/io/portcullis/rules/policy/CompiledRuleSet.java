package io.portcullis.rules.policy;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.pipeline.IpRuleSet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.service.ServiceResolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The IP policies of a configuration, compiled: for each ingress interface that some policy names, the policies that
 * can match there, in order; one more list for all other interfaces. The first that matches decides.
 */
public final class CompiledRuleSet implements IpRuleSet {
    /** No policies: everything is dropped. */
    public static final CompiledRuleSet EMPTY = new CompiledRuleSet(List.of(), HitCount.NONE);

    private final List<Entry> entries;
    private final CompiledPolicy.Default last;
    private final CompiledPolicy[] anywhere;
    private final CompiledPolicy[] @Nullable [] byIngress;

    /** A policy as configured, the number that identifies it across configurations, and as compiled. */
    private record Entry(ConfigObject<IpPolicy> configured, CompiledPolicy compiled) {}

    private CompiledRuleSet(List<Entry> entries, HitCount defaultHits) {
        this.entries = entries;
        last = new CompiledPolicy.Default(defaultHits);
        List<CompiledPolicy> all = entries.stream().map(Entry::compiled).toList();
        anywhere = all.stream().filter(policy -> policy.in().isAny()).toArray(CompiledPolicy[]::new);
        int[] named = all.stream()
                .flatMapToInt(policy -> Arrays.stream(policy.in().indexes()))
                .distinct()
                .toArray();
        byIngress = new CompiledPolicy[Arrays.stream(named).max().orElse(-1) + 1][];
        for (int index : named) {
            byIngress[index] = all.stream()
                    .filter(policy -> policy.in().isAny()
                            || Arrays.binarySearch(policy.in().indexes(), index) >= 0)
                    .toArray(CompiledPolicy[]::new);
        }
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
        List<Entry> entries = new ArrayList<>();
        for (ConfigObject<IpPolicy> object : configuration.objects(IpPolicy.class)) {
            IpPolicy policy = object.value();
            Findings.ForObject at = findings.of(configuration.key(object));
            CompiledPolicy compiled = new CompiledPolicy(
                    policy.name().isEmpty() ? "IPPolicy_" + configuration.indexOf(object) : policy.name(),
                    policy,
                    InterfaceSet.of(policy.sourceInterface(), configuration, interfaces, "SourceInterface", at),
                    InterfaceSet.of(
                            policy.destinationInterface(), configuration, interfaces, "DestinationInterface", at),
                    new AddressMatcher(configuration.resolve(policy.sourceNetwork())),
                    new AddressMatcher(configuration.resolve(policy.destinationNetwork())),
                    services.resolve(policy.service(), "Service", at),
                    counts.getOrDefault(object.id(), new HitCount()));
            entries.add(new Entry(object, compiled));
        }
        return new CompiledRuleSet(List.copyOf(entries), before.equals(HitCount.NONE) ? new HitCount() : before);
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
        CompiledPolicy[] candidates = in.index() < byIngress.length ? byIngress[in.index()] : null;
        for (CompiledPolicy policy : candidates == null ? anywhere : candidates) {
            if (policy.matches(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort)) {
                return policy;
            }
        }
        return last;
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
