package io.portcullis.core.pipeline;

import io.portcullis.core.iface.EquivalentInterfaces;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that workers know of the configuration: one immutable snapshot, read once for each burst. A connection that was
 * made under another generation is judged again when its next packet comes.
 *
 * @param generation different for each snapshot that was published
 * @param interfaces all logical interfaces, {@code core} among them
 * @param core the firewall itself
 * @param routes all routing tables
 * @param access the access rules
 * @param rules the IP rule set
 * @param pipes which connections go through which pipes
 * @param ownAddresses every address of the firewall
 * @param settings what the operator chose
 * @param equivalents between which interfaces connections may move
 */
public record ActiveConfiguration(
        long generation,
        List<NetworkInterface> interfaces,
        NetworkInterface core,
        RoutingTables routes,
        AccessControl access,
        IpRuleSet rules,
        PipeRules pipes,
        AddressSet ownAddresses,
        PipelineSettings settings,
        EquivalentInterfaces equivalents) {
    public ActiveConfiguration {
        interfaces = List.copyOf(interfaces);
    }

    /** One in which no connection moves. */
    public ActiveConfiguration(
            long generation,
            List<NetworkInterface> interfaces,
            NetworkInterface core,
            RoutingTables routes,
            AccessControl access,
            IpRuleSet rules,
            PipeRules pipes,
            AddressSet ownAddresses,
            PipelineSettings settings) {
        this(
                generation,
                interfaces,
                core,
                routes,
                access,
                rules,
                pipes,
                ownAddresses,
                settings,
                EquivalentInterfaces.NONE);
    }

    /** The interface of this name, compared as the configuration spells it. */
    public Optional<NetworkInterface> byName(String name) {
        return interfaces.stream().filter(iface -> iface.name().equals(name)).findFirst();
    }

    /** The interface with this index. */
    public Optional<NetworkInterface> byIndex(int index) {
        return interfaces.stream().filter(iface -> iface.index() == index).findFirst();
    }

    /** The same with other routes: one that comes or goes while running. */
    public ActiveConfiguration withRoutes(RoutingTables newRoutes, long newGeneration) {
        return new ActiveConfiguration(
                newGeneration, interfaces, core, newRoutes, access, rules, pipes, ownAddresses, settings, equivalents);
    }

    /** The same with other policies and pipe rules. */
    public ActiveConfiguration withRules(IpRuleSet newRules, PipeRules newPipes, long newGeneration) {
        return new ActiveConfiguration(
                newGeneration,
                interfaces,
                core,
                routes,
                access,
                newRules,
                newPipes,
                ownAddresses,
                settings,
                equivalents);
    }

    /** The same with the interfaces that run. */
    public ActiveConfiguration withInterfaces(List<NetworkInterface> running) {
        return new ActiveConfiguration(
                generation, running, core, routes, access, rules, pipes, ownAddresses, settings, equivalents);
    }

    /** The same with interfaces between which connections may move. */
    public ActiveConfiguration withEquivalents(EquivalentInterfaces newEquivalents) {
        return new ActiveConfiguration(
                generation, interfaces, core, routes, access, rules, pipes, ownAddresses, settings, newEquivalents);
    }

    boolean isOwn(long high, long low) {
        return ownAddresses.contains(high, low);
    }

    /** The first own address of the family, 4 or 6, on any interface; null when there is none. */
    @Nullable
    IpAddress anyOwn(int ipVersion) {
        for (int i = 0; i < interfaces.size(); i++) {
            IpAddress own = interfaces.get(i).ownAddress(ipVersion);
            if (own != null) {
                return own;
            }
        }
        return null;
    }
}
