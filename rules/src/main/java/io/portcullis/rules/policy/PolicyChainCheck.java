package io.portcullis.rules.policy;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.rules.classifier.Shadows;
import io.portcullis.rules.policy.PolicyChain.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong, or probably not meant, in how rule sets lead to each other and in the order of their policies. */
final class PolicyChainCheck {
    /** Warnings of each rule set about policies that are never asked; the rest is a number. */
    private static final int MOST_WARNINGS = 20;
    /**
     * Look-ups that one packet may cost: each rule set that it is led to, as often as it is led there, and one more for
     * each policy that asks for extension headers.
     */
    static final int MOST_LOOKUPS = 1_000;

    private final Configuration configuration;
    private final Map<String, PolicyChain> chains;
    private final Findings findings;

    /** @param chains by name, {@link NamedRuleSet#MAIN} among them */
    PolicyChainCheck(Configuration configuration, Map<String, PolicyChain> chains, Findings findings) {
        this.configuration = configuration;
        this.chains = chains;
        this.findings = findings;
    }

    /**
     * Errors where a Goto leads back to its own rule set, or a Return has nowhere to go. @return whether there are none
     */
    boolean leadsSomewhere() {
        boolean sound = true;
        for (Entry entry : chain(NamedRuleSet.MAIN).entries()) {
            if (entry.isReturn()) {
                at(entry).error("Action", "there is nothing to return to from the rule set main");
                sound = false;
            }
        }
        Map<String, Integer> finished = new HashMap<>();
        for (PolicyChain chain : chains.values()) {
            sound &= finished.containsKey(chain.name()) || follow(chain, new ArrayList<>(), finished);
        }
        return sound;
    }

    /** @param finished rule sets that were followed, with the most look-ups that a packet costs there */
    private boolean follow(PolicyChain chain, List<String> way, Map<String, Integer> finished) {
        way.add(chain.name());
        boolean sound = true;
        int lookups = 1;
        for (Entry entry : chain.entries()) {
            Optional<PolicyChain> target =
                    entry.policy().ruleSet().map(Ref::name).map(chains::get);
            int again = target.map(PolicyChain::name).map(way::indexOf).orElse(-1);
            if (target.isPresent() && again >= 0) {
                List<String> loop = new ArrayList<>(way.subList(again, way.size()));
                loop.add(target.get().name());
                at(entry).error("RuleSet", "leads back to where it comes from: " + String.join(" > ", loop));
                sound = false;
                continue;
            }
            if (target.isPresent()
                    && way.size() <= MOST_LOOKUPS
                    && !finished.containsKey(target.get().name())) {
                sound &= follow(target.get(), way, finished);
            }
            lookups += entry.endsStretch() ? 1 : 0;
            lookups += target.map(it -> finished.getOrDefault(it.name(), MOST_LOOKUPS))
                    .orElse(0);
            if (sound && lookups > MOST_LOOKUPS) {
                at(entry)
                        .error(
                                target.isPresent() ? "RuleSet" : "Service",
                                "one packet could cost more than " + MOST_LOOKUPS + " look-ups by it");
                sound = false;
            }
            lookups = Math.min(lookups, MOST_LOOKUPS);
        }
        way.removeLast();
        finished.put(chain.name(), lookups);
        return sound;
    }

    /** Warnings about policies that are never asked, and about rule sets. */
    void warn() {
        Set<String> reached = new HashSet<>();
        for (PolicyChain chain : chains.values()) {
            chain.entries().forEach(entry -> entry.policy().ruleSet().ifPresent(set -> reached.add(set.name())));
            new TranslationCheck(configuration, findings).check(chain);
            warnOfShadows(chain);
        }
        new TranslationCheck(configuration, findings)
                .checkSources(chains.values().stream()
                        .flatMap(chain -> chain.entries().stream())
                        .toList());
        configuration.objects(NamedRuleSet.class).stream()
                .filter(set -> !reached.contains(set.name()))
                .forEach(set -> findings.of(configuration, set)
                        .warning("", "is never asked: no policy has Action=Goto RuleSet=" + set.name()));
    }

    /** Among the policies that count always: who has a schedule hides others at times only. */
    private void warnOfShadows(PolicyChain chain) {
        List<Entry> deciding = chain.entries().stream()
                .filter(entry -> entry.policy().action() != IpPolicy.Decision.GOTO
                        && entry.schedule().isEmpty())
                .toList();
        List<Shadows.Shadow> found =
                Shadows.among(deciding.stream().map(Entry::match).toList(), chain.classifier(deciding));
        for (Shadows.Shadow shadow : found.subList(0, Math.min(found.size(), MOST_WARNINGS))) {
            Entry above = deciding.get(shadow.by());
            at(deciding.get(shadow.rule()))
                    .warning(
                            "",
                            "is never asked: " + configuration.key(above.configured())
                                    + " stands above it and matches all that it does");
        }
        if (found.size() > MOST_WARNINGS) {
            at(deciding.get(found.get(MOST_WARNINGS).rule()))
                    .warning(
                            "",
                            "is never asked either, like " + (found.size() - MOST_WARNINGS - 1) + " more of "
                                    + chain.name());
        }
    }

    private PolicyChain chain(String name) {
        PolicyChain found = chains.get(name);
        if (found == null) {
            throw new IllegalStateException("no rule set " + name);
        }
        return found;
    }

    private Findings.ForObject at(Entry entry) {
        return findings.of(configuration, entry.configured());
    }
}
