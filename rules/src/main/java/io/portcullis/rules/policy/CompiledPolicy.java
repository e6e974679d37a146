package io.portcullis.rules.policy;

import io.portcullis.core.connection.AddressPool;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.core.pipeline.SourceLimit;
import io.portcullis.rules.service.ServiceTerm;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a policy says about the connections that it matches. */
final class CompiledPolicy implements Policy {
    /** Name of what drops when no policy matches. */
    static final String DEFAULT = "Default_Rule";

    private final String name;
    private final Action action;
    private final boolean logs;
    private final SourceTranslation sourceTranslation;
    private final @Nullable Redirection redirection;
    private final @Nullable AddressPool addressPool;
    private final @Nullable Transposition newSources;
    private final SynRelay synRelay;
    /** Where FTP is spoken. */
    private final ServiceTerm[] ftp;

    private final @Nullable SourceLimit sourceLimit;
    private final HitCount hits;

    /** @param number that the policy keeps when the configuration changes */
    CompiledPolicy(
            String name,
            long number,
            IpPolicy policy,
            ServiceTerm[] services,
            @Nullable Redirection redirection,
            @Nullable Transposition newSources,
            @Nullable AddressPool addressPool,
            HitCount hits) {
        this.name = name;
        this.sourceLimit = policy.maxConnectionsPerSource() == 0
                ? null
                : new SourceLimit(number, policy.maxConnectionsPerSource());
        this.action = switch (policy.action()) {
            case ALLOW -> Action.ALLOW;
            case DENY -> policy.denyBehavior() == IpPolicy.Denial.REJECT ? Action.REJECT : Action.DROP;
            // These decide nothing: a look-up goes on where they lead.
            case GOTO, RETURN -> Action.DROP;
        };
        this.logs = policy.logEnabled();
        this.sourceTranslation = switch (policy.sourceTranslation()) {
            case AUTO -> SourceTranslation.AUTO;
            case NAT -> SourceTranslation.NAT;
            case NAT_POOL -> SourceTranslation.NAT_POOL;
            case SAT -> SourceTranslation.SAT;
            case NONE -> SourceTranslation.NONE;
        };
        this.redirection = redirection;
        this.newSources = newSources;
        this.addressPool = addressPool;
        this.synRelay = switch (policy.synRelay()) {
            case AUTO -> SynRelay.AUTO;
            case YES -> SynRelay.ALWAYS;
            case NO -> SynRelay.NEVER;
        };
        this.ftp = ServiceTerm.speaking(services, Application.FTP);
        this.hits = hits;
    }

    HitCount hits() {
        return hits;
    }

    @Override
    public Application application(int protocol, int sourcePort, int destinationPort) {
        return ServiceTerm.any(ftp, protocol, sourcePort, destinationPort) ? Application.FTP : Application.NONE;
    }

    @Override
    public @Nullable Redirection redirection() {
        return redirection;
    }

    @Override
    public @Nullable Transposition newSources() {
        return newSources;
    }

    @Override
    public SynRelay synRelay() {
        return synRelay;
    }

    @Override
    public @Nullable AddressPool addressPool() {
        return addressPool;
    }

    @Override
    public @Nullable SourceLimit sourceLimit() {
        return sourceLimit;
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
        public boolean isDefault() {
            return true;
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
