package io.portcullis.rules.access;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.rules.classifier.AddressMatcher;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.InterfaceResolution;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The access rules of a configuration, compiled; the first that matches decides. */
public final class CompiledAccess implements AccessControl {
    private static final AddressMatcher ALL =
            new AddressMatcher(AddressSet.of(List.of(IpNetwork.ALL_V4.range(), IpNetwork.ALL_V6.range())));
    private static final ServiceTerm[] ALL_SERVICES = {ServiceTerm.ALL};

    private final Classifier classifier;
    private final Verdict[] verdicts;

    private CompiledAccess(List<Match> matches, List<Verdict> verdicts) {
        classifier = new Classifier(matches);
        this.verdicts = verdicts.toArray(Verdict[]::new);
    }

    /**
     * Compiles the access rules that are in force.
     *
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public static CompiledAccess compile(
            Configuration configuration, Function<String, Optional<NetworkInterface>> interfaces, Findings findings) {
        InterfaceResolution resolution = new InterfaceResolution(configuration, interfaces);
        List<Match> matches = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (ConfigObject<Access> object : configuration.objects(Access.class)) {
            Access access = object.value();
            String name = access.name().isEmpty() ? "Access_" + configuration.indexOf(object) : access.name();
            AddressMatcher network = new AddressMatcher(configuration.resolve(access.network()));
            Findings.ForObject at = findings.of(configuration, object);
            matches.add(match(resolution.resolve(access.iface(), "Interface", at), network));
            verdicts.add(new Verdict(name, access.action() != Access.AccessAction.DROP, access.logEnabled()));
            if (access.action() == Access.AccessAction.EXPECT) {
                // Expected here, so refused everywhere else.
                matches.add(match(InterfaceSet.EVERY, network));
                verdicts.add(new Verdict(name, false, access.logEnabled()));
            }
        }
        return new CompiledAccess(matches, verdicts);
    }

    private static Match match(InterfaceSet in, AddressMatcher source) {
        return new Match(in, InterfaceSet.EVERY, source, ALL, ALL_SERVICES);
    }

    @Override
    public @Nullable Verdict check(Packet packet, NetworkInterface in) {
        // The rules are about every egress, and none is known yet: the ingress stands in for it.
        int first = classifier.first(
                in.index(),
                in.index(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.protocol(),
                packet.sourcePort(),
                packet.destinationPort());
        return first < 0 ? null : verdicts[first];
    }
}
