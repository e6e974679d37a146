package io.portcullis.rules.policy;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.rules.policy.IpPolicy.AddressAction;
import io.portcullis.rules.policy.IpPolicy.Decision;
import io.portcullis.rules.policy.IpPolicy.DestinationTranslation;
import io.portcullis.rules.policy.IpPolicy.PortAction;
import io.portcullis.rules.policy.IpPolicy.Translation;
import io.portcullis.rules.service.ServiceResolution;
import io.portcullis.rules.service.ServiceTerm;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a policy translates to what it says itself (SAT): hosts and ports, or whole networks one to one. */
final class StaticTranslation {
    private static final int MOST_PORT = 0xffff;

    private final IpPolicy policy;
    private final Configuration configuration;

    StaticTranslation(IpPolicy policy, Configuration configuration) {
        this.policy = policy;
        this.configuration = configuration;
    }

    /** Where connections go instead; null for where they are addressed to, or when that can not be said. */
    @Nullable
    Redirection redirection() {
        if (policy.destinationTranslation() == DestinationTranslation.NONE) {
            return null;
        }
        int firstPort = policy.destPortAction() == PortAction.TRANSPOSED
                ? ports().map(ServiceTerm::firstDestination).orElse(Redirection.ALL_PORTS)
                : Redirection.ALL_PORTS;
        if (policy.destAddressAction() == AddressAction.SINGLE_IP) {
            return host().map(address -> new Redirection(address, null, policy.satPort(), firstPort))
                    .orElse(null);
        }
        Transposition network = transposition(policy.destinationNetwork(), policy.satAddress(), _ -> {});
        return network == null ? null : new Redirection(network.onto(), network, policy.satPort(), firstPort);
    }

    /** The addresses that sources leave with; null for others, or when that can not be said. */
    @Nullable
    Transposition newSources() {
        return policy.sourceTranslation() == Translation.SAT
                ? transposition(policy.sourceNetwork(), policy.satSource(), _ -> {})
                : null;
    }

    void check(Findings.ForObject findings) {
        checkSources(findings);
        if (policy.destinationTranslation() == DestinationTranslation.NONE) {
            boolean says = policy.satAddress().isPresent()
                    || policy.satPort() != 0
                    || policy.destAddressAction() != AddressAction.SINGLE_IP
                    || policy.destPortAction() != PortAction.SINGLE_PORT;
            if (says) {
                findings.error(
                        "DestinationTranslation", "is None, so no address or port is translated to: set it to SAT");
            }
            return;
        }
        if (policy.action() != Decision.ALLOW) {
            findings.error(
                    "DestinationTranslation",
                    "only what is allowed goes anywhere, and the action is " + policy.action());
        }
        if (policy.satAddress().isEmpty()) {
            findings.error("SATTranslateToIP", "SAT needs the address that connections go to");
            return;
        }
        if (policy.destAddressAction() == AddressAction.TRANSPOSED) {
            transposition(
                    policy.destinationNetwork(),
                    policy.satAddress(),
                    why -> findings.error("SATTranslateToIP", why.formatted("DestinationNetwork")));
        } else {
            checkHost(policy.satAddress().get(), findings);
        }
        checkPorts(findings);
    }

    private void checkSources(Findings.ForObject findings) {
        boolean isStatic = policy.sourceTranslation() == Translation.SAT;
        if (isStatic != policy.satSource().isPresent()) {
            findings.error(
                    "SATSourceIP",
                    isStatic
                            ? "SourceTranslation=SAT needs the network that sources leave with"
                            : "is used with SourceTranslation=SAT only, and that is " + policy.sourceTranslation());
        } else if (isStatic && policy.action() != Decision.ALLOW) {
            findings.error(
                    "SourceTranslation", "only what is allowed goes anywhere, and the action is " + policy.action());
        } else if (isStatic) {
            transposition(
                    policy.sourceNetwork(),
                    policy.satSource(),
                    why -> findings.error("SATSourceIP", why.formatted("SourceNetwork")));
        }
    }

    private void checkHost(Addresses wanted, Findings.ForObject findings) {
        Optional<IpAddress> to = host();
        if (to.isEmpty() || !isHost(to.get())) {
            findings.error("SATTranslateToIP", wanted + " is not the address of one host");
        } else if (configuration.resolve(policy.destinationNetwork()).ranges().stream()
                .anyMatch(range -> range.first().isV4() != to.get().isV4())) {
            findings.error(
                    "SATTranslateToIP",
                    to.get() + " is of another family than DestinationNetwork " + policy.destinationNetwork());
        }
    }

    private void checkPorts(Findings.ForObject findings) {
        if (policy.destPortAction() == PortAction.SINGLE_PORT) {
            return;
        }
        Optional<ServiceTerm> ports = ports();
        if (policy.satPort() == 0) {
            findings.error("SATTranslateToPort", "DestPortAction=Transposed needs the port that the first one becomes");
        } else if (ports.isEmpty()) {
            findings.error(
                    "DestPortAction", "Transposed needs a service whose destination ports are one range of TCP or UDP");
        } else if (policy.satPort()
                        + ports.get().lastDestination()
                        - ports.get().firstDestination()
                > MOST_PORT) {
            findings.error(
                    "SATTranslateToPort",
                    "the ports " + ports.get().firstDestination() + "-"
                            + ports.get().lastDestination() + " would end above " + MOST_PORT);
        }
    }

    /** One of the terms of the service, if all are about the same ports. */
    private Optional<ServiceTerm> ports() {
        ServiceTerm[] terms = new ServiceResolution(configuration)
                .resolve(policy.service(), "Service", new Findings().of(ObjectKey.of("IPPolicy", policy.name())));
        for (ServiceTerm term : terms) {
            boolean hasPorts = term.firstProtocol() == term.lastProtocol()
                    && (term.firstProtocol() == IpProtocol.TCP || term.firstProtocol() == IpProtocol.UDP);
            if (!hasPorts
                    || term.firstDestination() != terms[0].firstDestination()
                    || term.lastDestination() != terms[0].lastDestination()) {
                return Optional.empty();
            }
        }
        return terms.length == 0 ? Optional.empty() : Optional.of(terms[0]);
    }

    private Optional<IpAddress> host() {
        return policy.satAddress().flatMap(address -> EthernetConfiguration.single(configuration.resolve(address)));
    }

    /** @param wrong takes why there is none; {@code %s} in it is the property of the network that is translated */
    private @Nullable Transposition transposition(Addresses from, Optional<Addresses> onto, Consumer<String> wrong) {
        AddressSet before = configuration.resolve(from);
        AddressSet after = onto.map(configuration::resolve).orElse(AddressSet.EMPTY);
        if (before.ranges().size() != 1 || after.ranges().size() != 1) {
            String many =
                    before.ranges().size() == 1 ? onto.map(Addresses::toString).orElse("") : "%s " + from;
            wrong.accept(many + " is not one network or range: addresses have no place in it");
            return null;
        }
        IpRange source = before.ranges().getFirst();
        IpRange target = after.ranges().getFirst();
        if (source.first().isV4() != target.first().isV4()) {
            wrong.accept(target + " is of another family than %s " + source);
            return null;
        }
        Transposition transposition = new Transposition(source.first(), target.first());
        if (!transposition.of(source.last()).equals(target.last())) {
            wrong.accept(target + " is not as large as %s " + source);
        } else if (after.overlaps(before)) {
            wrong.accept(target + " overlaps %s " + source + ": an address could be one of either");
        } else if (!isHost(target.first()) || !isHost(target.last())) {
            wrong.accept(target + " has addresses that no host can have");
        } else {
            return transposition;
        }
        return null;
    }

    private static boolean isHost(IpAddress address) {
        boolean reserved = address.isV4() && address.v4Bits() >>> 28 == 0xf;
        return !reserved && !address.isUnspecified() && !address.isLoopback() && !address.isMulticast();
    }
}
