package io.portcullis.rules.pipe;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceResolution;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.schedule.Schedule;
import io.portcullis.rules.service.ServiceResolution;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pipes and pipe rules of a configuration, compiled; the first rule that matches decides. */
public final class CompiledPipeRules implements PipeRules {
    private final Map<String, Pipe> pipes;
    private final Decision none;
    private final List<Entry> entries;
    private final Predicate<NetworkInterface> usesCommon;
    private final @Nullable LocalDateTime when;
    private final Classifier classifier;
    /** What the rules that count say, behind what is so without one. */
    private final Decision[] decisions;

    /**
     * What a rule says.
     *
     * @param withCommon the same with the common pipe behind it
     */
    private record Decision(
            @Nullable ConnectionPipes pipes, @Nullable ConnectionPipes withCommon) {}

    /**
     * A rule, compiled.
     *
     * @param schedule when it counts; empty for always
     */
    private record Entry(Match match, Optional<Schedule> schedule, Decision decision) {
        boolean counts(@Nullable LocalDateTime when) {
            return when == null || schedule.isEmpty() || schedule.get().covers(when);
        }
    }

    /** @param when time whose rules count; null for all */
    private CompiledPipeRules(
            Map<String, Pipe> pipes,
            Decision none,
            List<Entry> entries,
            Predicate<NetworkInterface> usesCommon,
            @Nullable LocalDateTime when) {
        this.pipes = pipes;
        this.none = none;
        this.entries = entries;
        this.usesCommon = usesCommon;
        this.when = when;
        List<Entry> counting =
                entries.stream().filter(entry -> entry.counts(when)).toList();
        this.classifier = new Classifier(counting.stream().map(Entry::match).toList());
        this.decisions = Stream.concat(Stream.of(none), counting.stream().map(Entry::decision))
                .toArray(Decision[]::new);
    }

    /**
     * Compiles the pipes and pipe rules that are in force. Pipes that are chained belong to the same worker.
     *
     * @param configuration whose references were checked
     * @param common pipe of connections whatever the rules say
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param previous whose pipes go on when they are the same, with what waits in them
     * @param workers among which pipes are divided
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static PipeRules compile(
            Configuration configuration,
            Optional<CommonPipe> common,
            Function<String, Optional<NetworkInterface>> interfaces,
            PipeRules previous,
            int workers,
            Findings findings) {
        common.flatMap(it -> configuration.object(PipeConfiguration.class, it.name()))
                .ifPresent(pipe -> findings.of(configuration, pipe)
                        .error("Name", "is the pipe of the setting " + pipe.name() + ": another name is needed"));
        if (findings.hasErrors()) {
            // Pipes and chains that are not sound can not be made.
            return NONE;
        }
        List<ConfigObject<PipeRule>> rules = configuration.objects(PipeRule.class);
        Map<String, Pipe> pipes = pipes(configuration, rules, common, previous, workers);
        if (pipes.isEmpty() && rules.isEmpty()) {
            return NONE;
        }
        InterfaceResolution resolution = new InterfaceResolution(configuration, interfaces);
        ServiceResolution services = new ServiceResolution(configuration);
        Map<String, Schedule> schedules = Schedule.all(configuration);
        List<Ref> behind = common.map(it -> List.of(new Ref(it.name()))).orElse(List.of());
        List<Entry> entries = new ArrayList<>();
        for (ConfigObject<PipeRule> object : rules) {
            PipeRule rule = object.value();
            Findings.ForObject at = findings.of(configuration, object);
            Match match = new Match(
                    resolution.resolve(rule.sourceInterface(), "SourceInterface", at),
                    resolution.resolve(rule.destinationInterface(), "DestinationInterface", at),
                    new AddressMatcher(configuration.resolve(rule.sourceNetwork())),
                    new AddressMatcher(configuration.resolve(rule.destinationNetwork())),
                    services.resolveWithoutExtensions(rule.service(), "Service", at));
            entries.add(new Entry(
                    match,
                    rule.schedule().map(Ref::name).map(schedules::get),
                    decision(rule.forwardChain(), rule.returnChain(), behind, rule.chainPrecedence(), pipes)));
        }
        return new CompiledPipeRules(
                pipes,
                decision(List.of(), List.of(), behind, PipeChain.FROM_PIPE, pipes),
                List.copyOf(entries),
                common.map(CommonPipe::uses).orElse(_ -> false),
                null);
    }

    private static Map<String, Pipe> pipes(
            Configuration configuration,
            List<ConfigObject<PipeRule>> rules,
            Optional<CommonPipe> common,
            PipeRules previous,
            int workers) {
        Map<String, Pipe> before = new HashMap<>();
        previous.pipes().forEach(pipe -> before.put(pipe.name(), pipe));
        Map<String, PipeDefinition> definitions = new LinkedHashMap<>();
        Map<String, Long> owners = new HashMap<>();
        common.ifPresent(it -> {
            definitions.put(it.name(), it.definition());
            owners.put(it.name(), 0L);
        });
        for (ConfigObject<PipeConfiguration> object : configuration.objects(PipeConfiguration.class)) {
            definitions.put(object.name(), object.value().definition());
            owners.put(object.name(), object.id());
        }
        together(rules, common, owners);
        Map<String, Pipe> pipes = new HashMap<>();
        definitions.forEach((name, definition) -> {
            int owner = (int) (owners.getOrDefault(name, 0L) % workers);
            Pipe was = before.get(name);
            boolean isSame =
                    was != null && was.owner() == owner && was.definition().equals(definition);
            pipes.put(name, isSame ? was : new Pipe(definition, owner));
        });
        return pipes;
    }

    /** Has pipes that are chained, by whatever others, share the least of their numbers. */
    private static void together(
            List<ConfigObject<PipeRule>> rules, Optional<CommonPipe> common, Map<String, Long> owners) {
        List<List<String>> chains = new ArrayList<>();
        for (ConfigObject<PipeRule> rule : rules) {
            for (List<Ref> chain :
                    List.of(rule.value().forwardChain(), rule.value().returnChain())) {
                List<String> names =
                        new ArrayList<>(chain.stream().map(Ref::name).toList());
                common.ifPresent(it -> names.add(it.name()));
                chains.add(names);
            }
        }
        boolean changes = true;
        while (changes) {
            changes = false;
            for (List<String> chain : chains) {
                changes |= together(chain, owners);
            }
        }
    }

    private static boolean together(List<String> chain, Map<String, Long> owners) {
        long least = chain.stream()
                .mapToLong(pipe -> owners.getOrDefault(pipe, Long.MAX_VALUE))
                .min()
                .orElse(0);
        boolean changed = false;
        for (String pipe : chain) {
            Long before = owners.put(pipe, least);
            changed |= before == null || before != least;
        }
        return changed;
    }

    private static Decision decision(
            List<Ref> forward, List<Ref> back, List<Ref> behind, int precedence, Map<String, Pipe> pipes) {
        return new Decision(
                chains(chain(forward, List.of(), precedence, pipes), chain(back, List.of(), precedence, pipes)),
                chains(chain(forward, behind, precedence, pipes), chain(back, behind, precedence, pipes)));
    }

    private static @Nullable ConnectionPipes chains(@Nullable PipeChain there, @Nullable PipeChain answers) {
        return there == null && answers == null ? null : new ConnectionPipes(there, answers);
    }

    private static @Nullable PipeChain chain(
            List<Ref> names, List<Ref> behind, int precedence, Map<String, Pipe> pipes) {
        List<Pipe> chain = Stream.concat(names.stream(), behind.stream())
                .map(Ref::name)
                .filter(pipes::containsKey)
                .map(pipes::get)
                .toList();
        return chain.isEmpty() ? null : new PipeChain(chain, precedence);
    }

    @Override
    public List<Pipe> pipes() {
        return List.copyOf(pipes.values());
    }

    @Override
    public @Nullable ConnectionPipes lookup(
            NetworkInterface in,
            NetworkInterface out,
            NetworkInterface way,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        int rule = classifier.first(
                in.index(),
                out.index(),
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                protocol,
                sourcePort,
                destinationPort);
        Decision decision = decisions[rule + 1];
        return usesCommon.test(in) || usesCommon.test(way) ? decision.withCommon() : decision.pipes();
    }

    @Override
    public PipeRules at(LocalDateTime time) {
        return schedules().isEmpty() ? this : new CompiledPipeRules(pipes, none, entries, usesCommon, time);
    }

    @Override
    public List<String> changesAt(LocalDateTime time) {
        return Schedule.changes(schedules(), when, time);
    }

    private Set<Schedule> schedules() {
        return entries.stream()
                .flatMap(entry -> entry.schedule().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
