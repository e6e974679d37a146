package io.portcullis.core.connection;

import io.portcullis.core.fragment.Reassembler;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Says which worker owns a packet's flow. Both directions have the same owner, and so have ICMP errors about it; a
 * translated source port is chosen so that the answers have it too. What has neither ports nor an identifier is the
 * first worker's. One object for each worker, who alone uses it; all of a group agree.
 */
public final class Steering {
    private final int worker;
    private final int workers;
    private final FlowHash hash;
    private final Quotation quotation = new Quotation();

    private Steering(int worker, int workers, FlowHash hash) {
        this.worker = worker;
        this.workers = workers;
        this.hash = hash;
    }

    /** The steering of a worker that is alone: everything is its own. */
    public static Steering alone() {
        return new Steering(0, 1, new FlowHash(() -> 0));
    }

    /** The steering of each of so many workers, in their order. */
    public static List<Steering> group(int workers, RandomGenerator random) {
        FlowHash hash = new FlowHash(random);
        List<Steering> group = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            group.add(new Steering(worker, workers, hash));
        }
        return group;
    }

    /** Index of the worker whose this is. */
    public int worker() {
        return worker;
    }

    public int workers() {
        return workers;
    }

    /**
     * Index of the worker that owns a parsed packet. Fragments go where their datagram is put together, whichever of
     * them comes first: by addresses and identification.
     */
    public int owner(Packet packet) {
        if (packet.isFragment()) {
            return share(hash.of(
                    IpProtocol.FRAGMENT,
                    packet.sourceHigh(),
                    packet.sourceLow(),
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    Reassembler.identification(packet),
                    0));
        }
        if (IcmpQuery.isError(packet)) {
            return quotation.read(packet)
                    ? owner(
                            quotation.protocol,
                            quotation.sourceHigh,
                            quotation.sourceLow,
                            quotation.destinationHigh,
                            quotation.destinationLow,
                            quotation.sourcePort,
                            quotation.destinationPort)
                    : 0;
        }
        return owner(
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.sourcePort(),
                packet.destinationPort());
    }

    /** Whether this worker owns the flow. */
    boolean owns(
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        return workers == 1
                || owner(protocol, sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort)
                        == worker;
    }

    private int owner(
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        return switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 ->
                share(hash.of(
                        protocol, sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort));
            default -> 0;
        };
    }

    private int share(int hashed) {
        return (int) (((hashed & 0xffff_ffffL) * workers) >>> 32);
    }
}
