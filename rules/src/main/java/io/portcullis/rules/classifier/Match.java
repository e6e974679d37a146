package io.portcullis.rules.classifier;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.rules.service.ServiceTerm;
import java.util.List;

/** What a rule is about: interfaces, addresses, services. */
public final class Match {
    private final InterfaceSet in;
    private final InterfaceSet out;
    private final AddressMatcher source;
    private final AddressMatcher destination;
    private final ServiceTerm[] services;

    /** @param services any of these */
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
        this.services = services.clone();
    }

    /** Whether the packet is one of these; no allocation. Addresses as in a packet, ports as in {@link ServiceTerm}. */
    public boolean matches(
            NetworkInterface ingress,
            NetworkInterface egress,
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
        return List.of(services);
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
