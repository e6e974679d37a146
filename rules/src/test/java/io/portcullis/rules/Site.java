package io.portcullis.rules;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip4Group;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.address.Ip6Group;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Finding;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.StaticRoute;
import io.portcullis.rules.policy.NamedRuleSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration with the types of core and rules, and interfaces that are only names and numbers. */
public final class Site {
    /** Everything that policies may name. */
    public static final ObjectTypes TYPES = types();

    private final Map<String, NetworkInterface> running = new HashMap<>();
    public Configuration configuration = Configuration.empty(TYPES);
    public Findings findings = new Findings();

    /** Interfaces lan, wan, dmz and core run; vpn does not. */
    public Site() {
        for (String name : List.of("core", "lan", "wan", "dmz")) {
            running.put(name, new Named(name, running.size()));
        }
        add("Ethernet", "Name", "lan", "EthernetDevice", "eth1", "IP", "192.168.1.1", "Network", "192.168.1.0/24");
        add("Ethernet", "Name", "wan", "EthernetDevice", "eth2", "IP", "203.0.113.1", "Network", "203.0.113.0/24");
        add("Ethernet", "Name", "dmz", "EthernetDevice", "eth3", "IP6", "2001:db8:5::1", "Network6", "2001:db8:5::/64");
        add("Ethernet", "Name", "vpn", "EthernetDevice", "eth4");
    }

    private static ObjectTypes types() {
        List<Class<? extends Record>> types = new ArrayList<>(List.of(
                Ip4Address.class,
                Ip6Address.class,
                Ip4Group.class,
                Ip6Group.class,
                EthernetConfiguration.class,
                InterfaceGroup.class,
                NamedRoutingTable.class,
                StaticRoute.class));
        types.addAll(RulesObjects.types());
        List<Record> predefined = new ArrayList<>(AddressObjects.predefined());
        predefined.addAll(RulesObjects.predefined());
        return ObjectTypes.of(types).withPredefined(predefined);
    }

    /** Adds an object as typed. */
    public Site add(String type, String... namesAndValues) {
        configuration = configuration.add(0, parse(type, namesAndValues));
        return this;
    }

    /** Adds a policy with these source and destination, each {@code interface network}. */
    public Site policy(String name, String from, String to, String service, String action, String... more) {
        return policyIn(ConfigObject.TOP, name, from, to, service, action, more);
    }

    /** As {@link #policy}, in the rule set of a name, which is made when there is none. */
    public Site policyIn(
            String ruleSet, String name, String from, String to, String service, String action, String... more) {
        if (configuration.object(NamedRuleSet.class, ruleSet).isEmpty()) {
            add("IPRuleSet", "Name", ruleSet);
        }
        long set =
                configuration.object(NamedRuleSet.class, ruleSet).orElseThrow().id();
        return policyIn(set, name, from, to, service, action, more);
    }

    /** As {@link #policy}, in the rule set with this id. */
    public Site policyIn(
            long parent, String name, String from, String to, String service, String action, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "Name",
                name,
                "SourceInterface",
                word(from, 0),
                "SourceNetwork",
                word(from, 1),
                "DestinationInterface",
                word(to, 0),
                "DestinationNetwork",
                word(to, 1),
                "Service",
                service,
                "Action",
                action));
        all.addAll(List.of(more));
        configuration = configuration.add(parent, parse("IPPolicy", all.toArray(String[]::new)));
        return this;
    }

    private static String word(String both, int index) {
        return both.split(" ", 2)[index];
    }

    private static Record parse(String type, String... namesAndValues) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            texts.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return TYPES.find(type).orElseThrow().parse(texts);
    }

    /** The running interface of a name. */
    public Optional<NetworkInterface> resolve(String name) {
        return Optional.ofNullable(running.get(name));
    }

    /** A running interface. */
    public NetworkInterface iface(String name) {
        return resolve(name).orElseThrow();
    }

    /** What compiling found, as text. */
    public List<String> found() {
        return findings.all().stream().map(Finding::toString).toList();
    }

    private record Named(String name, int index) implements NetworkInterface {
        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public InterfaceCounters counters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush(PacketWorker worker, long now) {}
    }
}
