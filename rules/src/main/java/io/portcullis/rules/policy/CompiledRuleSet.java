package io.portcullis.rules.policy;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.connection.AddressPool;
import io.portcullis.core.connection.NatPool;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.IpRuleSet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.InterfaceResolution;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.policy.PolicyChain.Entry;
import io.portcullis.rules.schedule.Schedule;
import io.portcullis.rules.service.ServiceResolution;
import io.portcullis.rules.service.ServiceTerm;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The IP policies of a configuration, compiled: those of {@code main}, and the rule sets that they lead to. */
public final class CompiledRuleSet implements IpRuleSet {
    /** No policies: everything is dropped. */
    public static final CompiledRuleSet EMPTY = new CompiledRuleSet(
            Map.of(NamedRuleSet.MAIN, new PolicyChain(NamedRuleSet.MAIN, List.of())), HitCount.NONE, null, Map.of());

    private final Map<String, PolicyChain> chains;
    private final PolicyChain main;
    private final CompiledPolicy.Default last;
    private final @Nullable LocalDateTime when;
    /** By the number that its object keeps. */
    private final Map<Long, AddressPool> pools;

    private CompiledRuleSet(
            Map<String, PolicyChain> chains,
            HitCount defaultHits,
            @Nullable LocalDateTime when,
            Map<Long, AddressPool> pools) {
        this.chains = chains;
        this.pools = pools;
        this.when = when;
        main = chains.getOrDefault(NamedRuleSet.MAIN, new PolicyChain(NamedRuleSet.MAIN, List.of()));
        last = new CompiledPolicy.Default(defaultHits);
    }

    /**
     * Compiles the policies that are in force.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param previous whose hit counts go on for the policies that stay; null for none
     * @param findings takes what could not be resolved, and what can never match; with an error among them the result
     *     must not be used
     */
    public static CompiledRuleSet compile(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            @Nullable CompiledRuleSet previous,
            Findings findings) {
        Map<Long, AddressPool> pools = pools(configuration, previous);
        Map<Long, List<Entry>> bySet = entries(configuration, interfaces, previous, pools, findings);
        Map<String, PolicyChain> chains = new LinkedHashMap<>();
        chains.put(
                NamedRuleSet.MAIN, new PolicyChain(NamedRuleSet.MAIN, bySet.getOrDefault(ConfigObject.TOP, List.of())));
        for (ConfigObject<NamedRuleSet> set : configuration.objects(NamedRuleSet.class)) {
            chains.putIfAbsent(set.name(), new PolicyChain(set.name(), bySet.getOrDefault(set.id(), List.of())));
        }
        PolicyChainCheck check = new PolicyChainCheck(configuration, chains, findings);
        if (check.leadsSomewhere()) {
            chains.values().forEach(chain -> chain.link(chains, _ -> true));
            check.warn();
        }
        HitCount before = previous == null ? HitCount.NONE : previous.last.hits();
        return new CompiledRuleSet(chains, before.equals(HitCount.NONE) ? new HitCount() : before, null, pools);
    }

    /**
     * The same with those policies only that count at a time; this one where none has a schedule.
     *
     * @param time of the firewall's zone
     */
    public CompiledRuleSet at(LocalDateTime time) {
        if (schedules().isEmpty()) {
            return this;
        }
        Map<String, PolicyChain> scheduled = new LinkedHashMap<>();
        chains.forEach((name, chain) -> scheduled.put(name, new PolicyChain(name, chain.entries())));
        scheduled.values().forEach(chain -> chain.link(scheduled, entry -> entry.counts(time)));
        return new CompiledRuleSet(scheduled, last.hits(), time, pools);
    }

    /** Names of the schedules by which other policies count at a time than at the one that this was made for. */
    public List<String> changesAt(LocalDateTime time) {
        return Schedule.changes(schedules(), when, time);
    }

    private Set<Schedule> schedules() {
        return chains.values().stream()
                .flatMap(chain -> chain.entries().stream())
                .flatMap(entry -> entry.schedule().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The NAT pools; one that stays as it was goes on, with all that it knows of its sources. */
    private static Map<Long, AddressPool> pools(Configuration configuration, @Nullable CompiledRuleSet previous) {
        Map<Long, AddressPool> pools = new LinkedHashMap<>();
        for (ConfigObject<NatPool> object : configuration.objects(NatPool.class)) {
            AddressSet addresses = configuration.resolve(object.value().range());
            AddressPool before = previous == null ? null : previous.pools.get(object.id());
            if (before != null && before.is(object.value(), addresses)) {
                pools.put(object.id(), before);
            } else if (!addresses.isEmpty()) {
                pools.put(object.id(), new AddressPool(object.value(), addresses));
            }
        }
        return pools;
    }

    /** The NAT pools, for people; {@code now} in monotonic nanoseconds. */
    public List<AddressPool.View> pools(long now) {
        return pools.values().stream().map(pool -> pool.view(now)).toList();
    }

    /** The policies by the rule set that they are in. */
    private static Map<Long, List<Entry>> entries(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            @Nullable CompiledRuleSet previous,
            Map<Long, AddressPool> pools,
            Findings findings) {
        Map<String, AddressPool> poolsByName = new HashMap<>();
        pools.values().forEach(pool -> poolsByName.put(pool.name(), pool));
        Map<Long, HitCount> counts = new HashMap<>();
        if (previous != null) {
            previous.chains
                    .values()
                    .forEach(chain -> chain.entries()
                            .forEach(entry -> counts.put(
                                    entry.configured().id(), entry.compiled().hits())));
        }
        ServiceResolution services = new ServiceResolution(configuration);
        InterfaceResolution resolution = new InterfaceResolution(configuration, interfaces);
        // Policies share their networks: each is resolved once.
        Map<Addresses, AddressMatcher> networks = new HashMap<>();
        Function<Addresses, AddressMatcher> network =
                addresses -> networks.computeIfAbsent(addresses, key -> new AddressMatcher(configuration.resolve(key)));
        Map<String, Schedule> schedules = Schedule.all(configuration);
        Map<Long, List<Entry>> bySet = new HashMap<>();
        Map<Long, Integer> indexes = indexesOfNameless(configuration);
        for (ConfigObject<IpPolicy> object : configuration.objects(IpPolicy.class)) {
            IpPolicy policy = object.value();
            Findings.ForObject at = findings.of(configuration, object);
            String name = policy.name().isEmpty() ? "IPPolicy_" + indexes.get(object.id()) : policy.name();
            HitCount hits = counts.getOrDefault(object.id(), new HitCount());
            InterfaceSet in = resolution.resolve(policy.sourceInterface(), "SourceInterface", at);
            InterfaceSet out = resolution.resolve(policy.destinationInterface(), "DestinationInterface", at);
            ServiceTerm[] terms = services.resolve(policy.service(), "Service", at);
            Match match = new Match(
                    in, out, network.apply(policy.sourceNetwork()), network.apply(policy.destinationNetwork()), terms);
            bySet.computeIfAbsent(object.parent(), _ -> new ArrayList<>())
                    .add(new Entry(
                            object,
                            new CompiledPolicy(
                                    name,
                                    object.id(),
                                    policy,
                                    terms,
                                    policy.redirection(configuration),
                                    policy.newSources(configuration),
                                    policy.natPool()
                                            .map(Ref::name)
                                            .map(poolsByName::get)
                                            .orElse(null),
                                    hits),
                            match,
                            policy.schedule().map(Ref::name).map(schedules::get)));
        }
        return bySet;
    }

    /** The places that policies without a name have in their rule sets, as {@link Configuration#indexOf} of each. */
    private static Map<Long, Integer> indexesOfNameless(Configuration configuration) {
        List<Long> ruleSets = new ArrayList<>(List.of(ConfigObject.TOP));
        configuration.objects(NamedRuleSet.class).forEach(set -> ruleSets.add(set.id()));
        Map<Long, Integer> indexes = new HashMap<>();
        for (long ruleSet : ruleSets) {
            int index = 0;
            for (ConfigObject<IpPolicy> policy :
                    configuration.stored(ruleSet, configuration.types().of(IpPolicy.class))) {
                index++;
                if (policy.name().isEmpty()) {
                    indexes.put(policy.id(), index);
                }
            }
        }
        return indexes;
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
            int destinationPort,
            int extensions) {
        CompiledPolicy decided = main.lookup(
                in.index(),
                out.index(),
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                protocol,
                sourcePort,
                destinationPort,
                extensions,
                null);
        return decided == null ? last : decided;
    }

    @Override
    public Policy trace(Packet packet, NetworkInterface in, NetworkInterface out, Consumer<String> path) {
        CompiledPolicy decided = main.lookup(
                in.index(),
                out.index(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.protocol(),
                packet.sourcePort(),
                packet.destinationPort(),
                Ipv6Extensions.kinds(packet),
                path);
        if (decided == null) {
            path.accept(last.name() + ": Drop, since no policy matches");
        }
        return decided == null ? last : decided;
    }

    /** Names of the rule sets, {@code main} first. */
    public List<String> names() {
        return List.copyOf(chains.keySet());
    }

    /**
     * The policies of a rule set in order, for people; behind those of {@code main} the default.
     *
     * @param now monotonic nanoseconds
     * @return empty when there is no such rule set
     */
    public Optional<List<RuleView>> view(String ruleSet, long now) {
        PolicyChain chain = chains.get(ruleSet);
        if (chain == null) {
            return Optional.empty();
        }
        List<RuleView> rows = new ArrayList<>();
        for (Entry entry : chain.entries()) {
            CompiledPolicy compiled = entry.compiled();
            rows.add(RuleView.of(
                    rows.size() + 1, compiled.name(), entry.policy(), schedule(entry), compiled.hits(), now));
        }
        if (ruleSet.equals(NamedRuleSet.MAIN)) {
            rows.add(RuleView.ofDefault(rows.size() + 1, last.name(), last.hits(), now));
        }
        return Optional.of(rows);
    }

    private String schedule(Entry entry) {
        LocalDateTime time = when;
        return entry.schedule()
                .map(schedule -> schedule.name() + (time == null || schedule.covers(time) ? "" : " (not now)"))
                .orElse("-");
    }
}
