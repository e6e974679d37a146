package io.portcullis.rules.policy;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Ref;
import io.portcullis.rules.classifier.InterfaceSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A policy as the {@code rules} command shows it.
 *
 * @param index place in the list, from 1
 * @param name its name, or one made from its place
 * @param action Allow, Drop, Reject, Goto with the rule set's name, or Return
 * @param sourceInterface as configured
 * @param sourceNetwork as configured
 * @param destinationInterface as configured
 * @param destinationNetwork as configured
 * @param service as configured
 * @param sourceTranslation Auto, NAT, NATPool with the pool's name, SAT with the network, or None
 * @param destinationTranslation None, or where its connections go
 * @param connectionsPerSource that each source may have open at once, 0 for any number
 * @param schedule when it counts: - for always, with (not now) behind one that does not
 * @param logs whether it logs
 * @param hits connections and packets that it decided; a Goto or Return decides none
 * @param secondsSinceHit empty when it never decided
 */
public record RuleView(
        int index,
        String name,
        String action,
        String sourceInterface,
        String sourceNetwork,
        String destinationInterface,
        String destinationNetwork,
        String service,
        String sourceTranslation,
        String destinationTranslation,
        int connectionsPerSource,
        String schedule,
        boolean logs,
        long hits,
        OptionalLong secondsSinceHit) {
    private static final long SECOND = 1_000_000_000L;

    static RuleView of(int index, String name, IpPolicy policy, String schedule, HitCount hits, long now) {
        return new RuleView(
                index,
                name,
                action(policy),
                join(policy.sourceInterface()),
                policy.sourceNetwork().toString(),
                join(policy.destinationInterface()),
                policy.destinationNetwork().toString(),
                join(policy.service()),
                source(policy),
                destination(policy),
                policy.maxConnectionsPerSource(),
                schedule,
                policy.logEnabled(),
                hits.hits(),
                since(hits, now));
    }

    static String action(IpPolicy policy) {
        return policy.action() == IpPolicy.Decision.DENY
                ? policy.denyBehavior().toString()
                : policy.action()
                        + policy.ruleSet().map(set -> " " + set.name()).orElse("");
    }

    static RuleView ofDefault(int index, String name, HitCount hits, long now) {
        return new RuleView(
                index,
                name,
                IpPolicy.Denial.DROP.toString(),
                InterfaceSet.ANY,
                "all-nets,all-nets6",
                InterfaceSet.ANY,
                "all-nets,all-nets6",
                "all_services",
                IpPolicy.Translation.NONE.toString(),
                IpPolicy.DestinationTranslation.NONE.toString(),
                0,
                "-",
                true,
                hits.hits(),
                since(hits, now));
    }

    private static OptionalLong since(HitCount hits, long now) {
        return hits.hits() == 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, now - hits.last()) / SECOND);
    }

    private static String source(IpPolicy policy) {
        String from = policy.natPool()
                .map(Ref::name)
                .or(() -> policy.satSource().map(Addresses::toString))
                .map(name -> " " + name)
                .orElse("");
        return policy.sourceTranslation() + from;
    }

    private static String destination(IpPolicy policy) {
        String andUp = policy.destPortAction() == IpPolicy.PortAction.TRANSPOSED ? " and up" : "";
        return policy.satAddress()
                .map(address -> address + (policy.satPort() == 0 ? "" : " port " + policy.satPort() + andUp))
                .orElse(policy.destinationTranslation().toString());
    }

    private static String join(List<Ref> refs) {
        return refs.stream().map(Ref::name).collect(Collectors.joining(","));
    }
}
