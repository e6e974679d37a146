package io.portcullis.rules.classifier;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.rules.service.ServiceTerm;
import java.util.Arrays;
import java.util.List;

/** What a rule is about: interfaces, addresses, services. */
public final class Match {
    private final InterfaceSet in;
    private final InterfaceSet out;
    private final AddressMatcher source;
    private final AddressMatcher destination;
    private final ServiceTerm[] services;

    /** @param services any of these; never changed, since rules share them */
    public Match(
            InterfaceSet in,
            InterfaceSet out,
            AddressMatcher source,
            AddressMatcher destination,
            ServiceTerm[] services) {
        this.in = in;
        this.out = out;
        this.source = source;
        this.destination = destination;
        this.services = services;
    }

    /**
     * Whether the packet is one of these, but for its extension headers; no allocation. Interfaces by their numbers,
     * addresses as in a packet, ports as in {@link ServiceTerm}.
     */
    public boolean matches(
            int ingress,
            int egress,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        return in.contains(ingress)
                && out.contains(egress)
                && ServiceTerm.any(services, protocol, sourcePort, destinationPort)
                && destination.contains(destinationHigh, destinationLow)
                && source.contains(sourceHigh, sourceLow);
    }

    /** Whether a packet that it matches must carry IPv6 extension headers too: {@link #fits} is to be asked then. */
    public boolean asksForExtensions() {
        return ServiceTerm.asksForExtensions(services);
    }

    /** Whether a packet that it matches carries the extension headers that it asks for; no allocation. */
    public boolean fits(int protocol, int sourcePort, int destinationPort, int extensions) {
        return ServiceTerm.anyWith(services, protocol, sourcePort, destinationPort, extensions);
    }

    /**
     * Whether it matches everything that the other one does. May say no for services that only several of this one's
     * cover together.
     */
    public boolean covers(Match other) {
        return in.covers(other.in)
                && out.covers(other.out)
                && coversServices(other.services)
                && destination.set().covers(other.destination.set())
                && source.set().covers(other.source.set());
    }

    private boolean coversServices(ServiceTerm[] others) {
        for (ServiceTerm other : others) {
            boolean covered = false;
            for (ServiceTerm own : services) {
                covered |= own.covers(other);
            }
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    /** Whether there are packets that both match. */
    public boolean overlaps(Match other) {
        return in.overlaps(other.in)
                && out.overlaps(other.out)
                && destination.set().overlaps(other.destination.set())
                && source.set().overlaps(other.source.set())
                && Arrays.stream(other.services)
                        .anyMatch(term -> Arrays.stream(services).anyMatch(own -> own.overlaps(term)));
    }

    /** The source addresses that it matches. */
    public AddressSet sources() {
        return source.set();
    }

    /** The destination addresses that it matches. */
    public AddressSet destinations() {
        return destination.set();
    }

    /** Whether it matches no packet: an interface that does not run, no address, no service. */
    public boolean isEmpty() {
        return in.isEmpty()
                || out.isEmpty()
                || source.set().isEmpty()
                || destination.set().isEmpty()
                || services.length == 0;
    }

    /**
     * Number of the first of these rules that matches one of the packets that this one matches; not when it is empty.
     */
    int firstFor(Classifier classifier) {
        IpAddress from = source.set().ranges().getFirst().first();
        IpAddress to = destination.set().ranges().getFirst().first();
        return classifier.first(
                in.any(),
                out.any(),
                from.high(),
                from.low(),
                to.high(),
                to.low(),
                services[0].firstProtocol(),
                services[0].firstSource(),
                services[0].firstDestination());
    }

    InterfaceSet in() {
        return in;
    }

    InterfaceSet out() {
        return out;
    }

    AddressMatcher source() {
        return source;
    }

    AddressMatcher destination() {
        return destination;
    }

    List<ServiceTerm> services() {
        return Arrays.asList(services);
    }

    /** Whether each destination port goes with each source port, so that the two can be looked at apart. */
    boolean portsAreIndependent() {
        for (ServiceTerm term : services) {
            if (term.firstSource() != services[0].firstSource() || term.lastSource() != services[0].lastSource()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return in + " " + source.set() + " > " + out + " " + destination.set() + " " + services();
    }
}
