package io.portcullis.cli.firewall;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Ref;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.LoopbackConfiguration;
import io.portcullis.core.iface.LoopbackInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.VlanConfiguration;
import io.portcullis.core.iface.VlanTagging;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.tunnel.IpsecTunnelInterface;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The logical interfaces that run. An interface that is equal before and after a change is the same object before and
 * after: its device, neighbours, SAs and connections stay; other addresses do not make it another one. Guarded by
 * whoever activates; one at a time.
 */
final class Interfaces {
    private final Machine machine;
    private final SaDatabase database;
    private final EventSink events;
    private final CoreInterface core;
    private final WorkerMailbox workers;
    private int devicesOpened;
    /** Also read by those who only look. */
    private volatile Running running = new Running(Map.of(), Map.of(), Map.of());

    private Set<Integer> lastIndexes = Set.of();

    /**
     * What an Ethernet interface is made of, all names resolved.
     *
     * @param device whose port it uses
     * @param tagging of its frames
     * @param method by which the port is opened
     */
    record Wanted(
            String name,
            String device,
            VlanTagging tagging,
            int mtu,
            IoMethod method,
            List<LinkAddresses.OnLink> addresses) {
        /** Whether an interface made of the other one becomes this one when it gets its addresses. */
        boolean isSameLink(Wanted other) {
            return new Wanted(name, device, tagging, mtu, method, other.addresses()).equals(other);
        }
    }

    /** An Ethernet interface that runs, and what it was made of. */
    record Ethernet(Wanted wanted, EthernetInterface iface) {
        List<EthernetLink> links() {
            return iface.links();
        }

        /** The addresses that it is to have. */
        LinkAddresses addresses() {
            return new LinkAddresses(iface.port().mac(), wanted.addresses());
        }
    }

    /** What a loopback interface is made of, all names resolved. */
    record WantedLoopback(String name, Optional<String> loopTo, int mtu, List<IpAddress> addresses) {}

    /** A loopback interface that runs, and what it was made of. */
    record Loopback(WantedLoopback wanted, LoopbackInterface iface) {}

    /** All that runs, by name. */
    record Running(
            Map<String, Ethernet> ethernets,
            Map<String, Loopback> loopbacks,
            Map<String, IpsecTunnelInterface> tunnels) {
        Optional<NetworkInterface> find(String name) {
            return Optional.<NetworkInterface>ofNullable(tunnels.get(name))
                    .or(() -> Optional.ofNullable(loopbacks.get(name)).map(Loopback::iface))
                    .or(() -> Optional.ofNullable(ethernets.get(name)).map(Ethernet::iface));
        }
    }

    /**
     * A step from what runs to something else.
     *
     * @param opened links whose ports were opened for it
     * @param unused links that nothing uses after it
     */
    record Step(Running before, Running after, List<EthernetLink> opened, List<EthernetLink> unused) {
        /** The Ethernet interfaces that are there after it and not before. */
        List<Ethernet> added() {
            return difference(after, before);
        }

        /** The Ethernet interfaces that are there before it and not after. */
        List<Ethernet> removed() {
            return difference(before, after);
        }

        private static List<Ethernet> difference(Running some, Running others) {
            Set<EthernetInterface> there =
                    others.ethernets().values().stream().map(Ethernet::iface).collect(Collectors.toSet());
            return some.ethernets().values().stream()
                    .filter(ethernet -> !there.contains(ethernet.iface()))
                    .toList();
        }
    }

    /** @param workers mailbox of those that will run the interfaces */
    Interfaces(Machine machine, SaDatabase database, EventSink events, CoreInterface core, WorkerMailbox workers) {
        this.workers = workers;
        this.machine = machine;
        this.database = database;
        this.events = events;
        this.core = core;
    }

    CoreInterface core() {
        return core;
    }

    Running running() {
        return running;
    }

    /** The interfaces that run and have a port. Any thread. */
    Map<NetworkInterface, Port> devices() {
        Map<NetworkInterface, Port> devices = new LinkedHashMap<>();
        for (Ethernet ethernet : running.ethernets().values()) {
            devices.put(ethernet.iface(), ethernet.iface().port());
        }
        Port tun = core.tun();
        if (tun != null) {
            devices.put(core, tun);
        }
        return devices;
    }

    /** What the configuration wants of Ethernet interfaces and VLANs; its references and constraints were checked. */
    static List<Wanted> wanted(Configuration configuration) {
        List<Wanted> wanted = new ArrayList<>();
        // The Ethernet interface comes first: it says how the device is taken over.
        for (EthernetConfiguration ethernet : configuration.all(EthernetConfiguration.class)) {
            wanted.add(wanted(ethernet, ethernet, VlanTagging.NONE, configuration));
        }
        for (VlanConfiguration vlan : configuration.all(VlanConfiguration.class)) {
            vlan.place(configuration)
                    .ifPresent(place -> wanted.add(wanted(vlan, place.ethernet(), vlan.tagging(place), configuration)));
        }
        return wanted;
    }

    private static Wanted wanted(
            AddressedInterface configured,
            EthernetConfiguration ethernet,
            VlanTagging tagging,
            Configuration configuration) {
        List<LinkAddresses.OnLink> addresses = new ArrayList<>();
        if (configured.ip().isPresent() && configured.network().isPresent()) {
            addresses.add(onLink(
                    configuration, configured.ip().get(), configured.network().get()));
        }
        if (configured.ip6().isPresent() && configured.network6().isPresent()) {
            addresses.add(onLink(
                    configuration, configured.ip6().get(), configured.network6().get()));
        }
        return new Wanted(
                configured.name(),
                ethernet.ethernetDevice(),
                tagging,
                configured.mtu(),
                ethernet.ioMethod(),
                addresses);
    }

    /** What the configuration wants of loopback interfaces. */
    static List<WantedLoopback> wantedLoopbacks(Configuration configuration) {
        return configuration.all(LoopbackConfiguration.class).stream()
                .map(loopback -> new WantedLoopback(
                        loopback.name(),
                        loopback.loopTo().map(Ref::name),
                        loopback.mtu(),
                        Stream.of(loopback.ip(), loopback.ip6())
                                .flatMap(Optional::stream)
                                .flatMap(ip -> EthernetConfiguration.single(configuration.resolve(ip)).stream())
                                .toList()))
                .toList();
    }

    private static LinkAddresses.OnLink onLink(
            Configuration configuration,
            io.portcullis.core.config.Addresses ip,
            io.portcullis.core.config.Addresses network) {
        return new LinkAddresses.OnLink(
                EthernetConfiguration.single(configuration.resolve(ip)).orElseThrow(),
                EthernetConfiguration.prefix(configuration.resolve(network)).orElseThrow());
    }

    /**
     * Opens what is missing and makes the interfaces; nothing that runs is touched.
     *
     * @throws ConfigError naming the interface whose device can not be had; what was opened is closed again
     */
    Step prepare(List<Wanted> wanted, List<WantedLoopback> loops, Map<String, TunnelSettings> tunnels) {
        Map<String, List<EthernetLink>> held = new HashMap<>();
        running.ethernets()
                .values()
                .forEach(ethernet -> held.put(ethernet.wanted().device(), ethernet.links()));
        Set<Integer> indexes = new HashSet<>();
        wanted.forEach(
                one -> find(one).ifPresent(same -> indexes.add(same.iface().index())));
        List<Loopback> kept =
                loops.stream().flatMap(one -> same(one, loops).stream()).toList();
        kept.forEach(same -> indexes.add(same.iface().index()));
        tunnels.keySet()
                .forEach(name ->
                        Optional.ofNullable(running.tunnels().get(name)).ifPresent(same -> indexes.add(same.index())));
        List<EthernetLink> opened = new ArrayList<>();
        Map<String, Ethernet> ethernets = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        for (Wanted one : wanted) {
            used.add(one.device());
            Optional<Ethernet> same = find(one);
            if (same.isPresent()) {
                ethernets.put(one.name(), new Ethernet(one, same.get().iface()));
                continue;
            }
            List<EthernetLink> links = held.get(one.device());
            if (links == null) {
                links = open(one, opened);
                held.put(one.device(), links);
            }
            Port port = links.getFirst().port();
            if (port.mtu() < one.mtu()) {
                close(opened);
                throw new ConfigError("Interface Ethernet " + one.name() + ": MTU: " + one.device()
                        + " has " + port.mtu() + "; delete the interface, activate, and add it"
                        + " again with " + one.mtu());
            }
            if (methodOf(one.device()).filter(method -> method != one.method()).isPresent()) {
                close(opened);
                throw new ConfigError("Interface Ethernet " + one.name() + ": IOMethod: " + one.device()
                        + " was taken over with another; delete the interface, activate, and add it again with "
                        + one.method());
            }
            LinkAddresses addresses = new LinkAddresses(port.mac(), one.addresses());
            ethernets.put(
                    one.name(),
                    new Ethernet(
                            one,
                            new EthernetInterface(
                                    one.name(),
                                    freeIndex(indexes),
                                    links,
                                    one.tagging(),
                                    one.mtu(),
                                    addresses,
                                    events)));
        }
        Map<String, Loopback> loopbacks = new LinkedHashMap<>();
        kept.forEach(same -> loopbacks.put(same.wanted().name(), same));
        for (WantedLoopback one : loops) {
            loopbacks.computeIfAbsent(
                    one.name(),
                    name -> new Loopback(
                            one, new LoopbackInterface(name, freeIndex(indexes), one.mtu(), one.addresses())));
        }
        loopbacks
                .values()
                .forEach(one -> one.wanted()
                        .loopTo()
                        .map(loopbacks::get)
                        .ifPresent(other -> LoopbackInterface.join(one.iface(), other.iface())));
        Map<String, IpsecTunnelInterface> tunnelInterfaces = new LinkedHashMap<>();
        tunnels.forEach((name, settings) -> {
            IpsecTunnelInterface same = running.tunnels().get(name);
            tunnelInterfaces.put(
                    name, same != null ? same : new IpsecTunnelInterface(name, freeIndex(indexes), settings, database));
        });
        List<EthernetLink> unused = running.ethernets().values().stream()
                .filter(ethernet -> !used.contains(ethernet.wanted().device()))
                .flatMap(ethernet -> ethernet.links().stream())
                .distinct()
                .toList();
        lastIndexes = indexes;
        return new Step(running, new Running(ethernets, loopbacks, tunnelInterfaces), opened, unused);
    }

    /** The step was taken. */
    void taken(Step step) {
        running = step.after();
    }

    /** Gives all devices back as they were; the workers have ended. */
    void close() {
        close(running.ethernets().values().stream()
                .flatMap(ethernet -> ethernet.links().stream())
                .distinct()
                .toList());
    }

    /** Closes ports that no worker has yet, or has any more. */
    static void close(List<EthernetLink> links) {
        links.forEach(link -> link.port().close());
    }

    /** How the device's port was to be opened; empty when none is open. */
    private Optional<IoMethod> methodOf(String device) {
        return running.ethernets().values().stream()
                .map(Ethernet::wanted)
                .filter(one -> one.device().equals(device))
                .map(Wanted::method)
                .findFirst();
    }

    /** The one that runs, when neither it nor the other one of its pair is to be different. */
    private Optional<Loopback> same(WantedLoopback wanted, List<WantedLoopback> all) {
        boolean otherStays = wanted.loopTo()
                .map(name -> Optional.ofNullable(running.loopbacks().get(name))
                        .map(other -> all.contains(other.wanted()))
                        .orElse(false))
                .orElse(true);
        return Optional.ofNullable(running.loopbacks().get(wanted.name()))
                .filter(loopback -> otherStays && loopback.wanted().equals(wanted));
    }

    /** The interface that runs on the same link, with these addresses or others. */
    private Optional<Ethernet> find(Wanted wanted) {
        return Optional.ofNullable(running.ethernets().get(wanted.name()))
                .filter(ethernet -> ethernet.wanted().isSameLink(wanted));
    }

    private List<EthernetLink> open(Wanted wanted, List<EthernetLink> opened) {
        try {
            List<Port> ports = machine.takeOver(wanted.device(), wanted.mtu(), wanted.method(), workers.workers());
            // A device with fewer ports than there are workers: each device begins with another worker.
            int first = ports.size() < workers.workers() ? devicesOpened++ : 0;
            List<EthernetLink> links = new ArrayList<>();
            for (int i = 0; i < ports.size(); i++) {
                links.add(new EthernetLink(ports.get(i), (first + i) % workers.workers()));
            }
            opened.addAll(links);
            return links;
        } catch (IOException e) {
            close(opened);
            throw new ConfigError("Interface Ethernet " + wanted.name() + ": EthernetDevice: " + e.getMessage());
        }
    }

    /** The least number that neither an interface after this step nor one of just before it has. */
    private int freeIndex(Set<Integer> taken) {
        int index = core.index() + 1;
        while (taken.contains(index) || lastIndexes.contains(index) || inUse(index)) {
            index++;
        }
        taken.add(index);
        return index;
    }

    private boolean inUse(int index) {
        return running.ethernets().values().stream()
                        .anyMatch(ethernet -> ethernet.iface().index() == index)
                || running.loopbacks().values().stream()
                        .anyMatch(loopback -> loopback.iface().index() == index)
                || running.tunnels().values().stream().anyMatch(tunnel -> tunnel.index() == index);
    }
}
