package io.portcullis.rules.policy;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.service.ServiceTerm;
import java.util.Locale;

/** A policy in the form in which packets are compared with it. */
final class CompiledPolicy implements Policy {
    /** Name of what drops when no policy matches. */
    static final String DEFAULT = "Default_Rule";

    private final String name;
    private final Action action;
    private final boolean logs;
    private final SourceTranslation sourceTranslation;
    private final InterfaceSet in;
    private final InterfaceSet out;
    private final AddressMatcher source;
    private final AddressMatcher destination;
    private final ServiceTerm[] services;
    private final long[] protocols;
    private final HitCount hits;

    CompiledPolicy(
            String name,
            IpPolicy policy,
            InterfaceSet in,
            InterfaceSet out,
            AddressMatcher source,
            AddressMatcher destination,
            ServiceTerm[] services,
            HitCount hits) {
        this.name = name;
        this.action = switch (policy.action()) {
            case ALLOW -> Action.ALLOW;
            case DENY -> policy.denyBehavior() == IpPolicy.Denial.REJECT ? Action.REJECT : Action.DROP;
        };
        this.logs = policy.logEnabled();
        this.sourceTranslation = switch (policy.sourceTranslation()) {
            case AUTO -> SourceTranslation.AUTO;
            case NAT -> SourceTranslation.NAT;
            case NONE -> SourceTranslation.NONE;
        };
        this.in = in;
        this.out = out;
        this.source = source;
        this.destination = destination;
        this.services = services;
        this.protocols = ServiceTerm.protocols(services);
        this.hits = hits;
    }

    boolean matches(
            NetworkInterface ingress,
            NetworkInterface egress,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        return (protocols[protocol >>> 6] >>> protocol & 1) != 0
                && in.contains(ingress)
                && out.contains(egress)
                && destination.contains(destinationHigh, destinationLow)
                && source.contains(sourceHigh, sourceLow)
                && ServiceTerm.any(services, protocol, sourcePort, destinationPort);
    }

    InterfaceSet in() {
        return in;
    }

    HitCount hits() {
        return hits;
    }

    @Override
    public boolean isDefault() {
        return name.equals(DEFAULT);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Action action() {
        return action;
    }

    @Override
    public boolean logs() {
        return logs;
    }

    @Override
    public SourceTranslation sourceTranslation() {
        return sourceTranslation;
    }

    @Override
    public void hit(long now) {
        hits.hit(now);
    }

    @Override
    public String toString() {
        return name + " " + action.name().toLowerCase(Locale.ROOT);
    }

    /** What stands behind all policies: everything is dropped, and logged. */
    static final class Default implements Policy {
        private final HitCount hits;

        Default(HitCount hits) {
            this.hits = hits;
        }

        HitCount hits() {
            return hits;
        }

        @Override
        public String name() {
            return DEFAULT;
        }

        @Override
        public Action action() {
            return Action.DROP;
        }

        @Override
        public boolean logs() {
            return true;
        }

        @Override
        public SourceTranslation sourceTranslation() {
            return SourceTranslation.NONE;
        }

        @Override
        public void hit(long now) {
            hits.hit(now);
        }
    }
}
