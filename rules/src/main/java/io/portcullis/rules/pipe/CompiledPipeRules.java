package io.portcullis.rules.pipe;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceResolution;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceResolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pipes and pipe rules of a configuration, compiled; the first rule that matches decides. */
public final class CompiledPipeRules implements PipeRules {
    private final Map<String, Pipe> pipes;
    private final Classifier classifier;
    private final @Nullable ConnectionPipes[] decisions;

    private CompiledPipeRules(Map<String, Pipe> pipes, List<Match> matches, @Nullable ConnectionPipes[] decisions) {
        this.pipes = pipes;
        this.classifier = new Classifier(matches);
        this.decisions = decisions;
    }

    /**
     * Compiles the pipes and pipe rules that are in force. Pipes that one rule chains belong to the same worker.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param previous whose pipes go on when they are the same, with what waits in them
     * @param workers among which pipes are divided
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static PipeRules compile(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            PipeRules previous,
            int workers,
            Findings findings) {
        List<ConfigObject<PipeRule>> rules = configuration.objects(PipeRule.class);
        if (findings.hasErrors()) {
            // Pipes and chains that are not sound can not be made.
            return NONE;
        }
        Map<String, Pipe> pipes = pipes(configuration, rules, previous, workers);
        if (pipes.isEmpty() && rules.isEmpty()) {
            return NONE;
        }
        InterfaceResolution resolution = new InterfaceResolution(configuration, interfaces);
        ServiceResolution services = new ServiceResolution(configuration);
        List<Match> matches = new ArrayList<>();
        @Nullable ConnectionPipes[] decisions = new @Nullable ConnectionPipes[rules.size()];
        for (ConfigObject<PipeRule> object : rules) {
            PipeRule rule = object.value();
            Findings.ForObject at = findings.of(configuration.key(object));
            PipeChain forward = chain(rule.forwardChain(), rule, pipes);
            PipeChain back = chain(rule.returnChain(), rule, pipes);
            decisions[matches.size()] = forward == null && back == null ? null : new ConnectionPipes(forward, back);
            matches.add(new Match(
                    resolution.resolve(rule.sourceInterface(), "SourceInterface", at),
                    resolution.resolve(rule.destinationInterface(), "DestinationInterface", at),
                    new AddressMatcher(configuration.resolve(rule.sourceNetwork())),
                    new AddressMatcher(configuration.resolve(rule.destinationNetwork())),
                    services.resolve(rule.service(), "Service", at)));
        }
        return new CompiledPipeRules(pipes, matches, decisions);
    }

    private static Map<String, Pipe> pipes(
            Configuration configuration, List<ConfigObject<PipeRule>> rules, PipeRules previous, int workers) {
        Map<String, Pipe> before = new HashMap<>();
        previous.pipes().forEach(pipe -> before.put(pipe.name(), pipe));
        Map<String, Long> owners = owners(configuration, rules);
        Map<String, Pipe> pipes = new HashMap<>();
        for (ConfigObject<PipeConfiguration> object : configuration.objects(PipeConfiguration.class)) {
            int owner = (int) (owners.getOrDefault(object.name(), object.id()) % workers);
            Pipe made = new Pipe(object.value().definition(), owner);
            Pipe was = before.get(object.name());
            boolean isSame =
                    was != null && was.owner() == owner && was.definition().equals(made.definition());
            pipes.put(object.name(), isSame ? was : made);
        }
        return pipes;
    }

    /** For each pipe a number that it shares with those that it is chained with: the least of their objects'. */
    private static Map<String, Long> owners(Configuration configuration, List<ConfigObject<PipeRule>> rules) {
        Map<String, Long> owners = new HashMap<>();
        configuration.objects(PipeConfiguration.class).forEach(pipe -> owners.put(pipe.name(), pipe.id()));
        boolean changes = true;
        while (changes) {
            changes = false;
            for (ConfigObject<PipeRule> rule : rules) {
                changes |= together(rule.value().forwardChain(), owners);
                changes |= together(rule.value().returnChain(), owners);
            }
        }
        return owners;
    }

    private static boolean together(List<Ref> chain, Map<String, Long> owners) {
        long least = chain.stream()
                .mapToLong(pipe -> owners.getOrDefault(pipe.name(), Long.MAX_VALUE))
                .min()
                .orElse(0);
        boolean changed = false;
        for (Ref pipe : chain) {
            Long before = owners.put(pipe.name(), least);
            changed |= before == null || before != least;
        }
        return changed;
    }

    private static @Nullable PipeChain chain(List<Ref> names, PipeRule rule, Map<String, Pipe> pipes) {
        List<Pipe> chain = names.stream()
                .map(Ref::name)
                .filter(pipes::containsKey)
                .map(pipes::get)
                .toList();
        return chain.isEmpty() ? null : new PipeChain(chain, rule.chainPrecedence());
    }

    @Override
    public List<Pipe> pipes() {
        return List.copyOf(pipes.values());
    }

    @Override
    public @Nullable ConnectionPipes lookup(
            NetworkInterface in,
            NetworkInterface out,
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
        return rule < 0 ? null : decisions[rule];
    }
}
