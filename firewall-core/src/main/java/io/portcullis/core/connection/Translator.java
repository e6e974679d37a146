package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import io.portcullis.core.pipeline.Redirection;
import org.jspecify.annotations.Nullable;

/**
 * Says how the answers to a new connection will look, and with that how its packets are translated. No two translated
 * connections of a protocol get the same source address and port toward the same address and port, since their answers
 * could not be told apart; and the answers of each come to the worker that has it. Where nobody else leaves with the
 * source's address, it keeps its port if it can.
 */
final class Translator {
    private final FlowIndex index;
    private final SourcePorts ports;
    private final Steering steering;
    private final SourceCounts sources;

    // The opener in hand, and how its packets leave.
    private int protocol;
    private int type;
    private int before;
    private int egress;
    private long fromHigh;
    private long fromLow;
    private int fromPort;
    private long targetHigh;
    private long targetLow;
    private int targetPort;
    private boolean hides;
    private boolean translates;
    /** Whether nobody else leaves with the same address, so that the source may keep its port. */
    private boolean isAlone;
    /** Index of the address in the policy's pool; without a pool {@link AddressPool#NONE}. */
    private int pooled;

    /** @param sources whose hash of a source all workers share */
    Translator(FlowIndex index, SourcePorts ports, Steering steering, SourceCounts sources) {
        this.index = index;
        this.ports = ports;
        this.steering = steering;
        this.sources = sources;
    }

    /**
     * Finds out how the packets of the connection that this one opens would leave; {@link #take} and {@link #answer}
     * make it so.
     *
     * @param number of the interface that they leave by, in the store; 0 while no connection uses it
     * @return false when no translated port is free, or no address is there to translate to
     */
    boolean plan(Packet opener, NetworkInterface out, int number, @Nullable Policy policy) {
        protocol = opener.protocol();
        type = opener.destinationPort() >>> 8;
        before = opener.sourcePort();
        egress = number;
        fromHigh = opener.sourceHigh();
        fromLow = opener.sourceLow();
        fromPort = before;
        Redirection redirection = policy == null ? null : policy.redirection();
        redirect(opener, redirection);
        pooled = AddressPool.NONE;
        isAlone = true;
        Transposition newSources = policy == null ? null : policy.newSources();
        if (newSources != null) {
            return planFrom(newSources);
        }
        AddressPool pool = policy == null ? null : policy.addressPool();
        if (pool != null) {
            return planFrom(pool);
        }
        SourceTranslation wanted = policy == null ? SourceTranslation.NONE : policy.sourceTranslation();
        IpAddress own = wanted == SourceTranslation.NONE ? null : out.ownAddress(opener.ipVersion());
        if (wanted == SourceTranslation.NAT && own == null) {
            return false;
        }
        hides = own != null && !isSource(own) && (wanted == SourceTranslation.NAT || isOutward());
        isAlone = !hides;
        if (hides && own != null) {
            leaveFrom(own);
        }
        translates = hides || redirection != null;
        if (translates) {
            fromPort = translatedPort();
        }
        return fromPort >= 0;
    }

    /** The source's own counterpart. */
    private boolean planFrom(Transposition newSources) {
        hides = true;
        translates = true;
        fromHigh = newSources.high(fromHigh, fromLow);
        fromLow = newSources.low(fromLow);
        fromPort = translatedPort();
        return fromPort >= 0;
    }

    private void leaveFrom(IpAddress address) {
        fromHigh = address.high();
        fromLow = address.low();
    }

    /** An address of the pool, and a port of it. */
    private boolean planFrom(AddressPool pool) {
        hides = true;
        isAlone = false;
        translates = true;
        pooled = pool.peek(sources.hash(fromHigh, fromLow), fromHigh, fromLow);
        for (int left = pool.tries(); left > 0; left--) {
            leaveFrom(pool.address(pooled));
            fromPort = translatedPort();
            if (fromPort >= 0) {
                return true;
            }
            pooled = pool.next(pooled);
        }
        return false;
    }

    /**
     * Takes the address that was planned from its pool. Where the source has got another meanwhile, it is that one.
     *
     * @return false when the pool has no state left, or the other address no port
     */
    boolean take(Packet opener, @Nullable Policy policy, long now) {
        AddressPool pool = policy == null ? null : policy.addressPool();
        if (pool == null) {
            return true;
        }
        long source = sources.hash(opener.sourceHigh(), opener.sourceLow());
        int taken = pool.take(pooled, steering.worker(), source, opener.sourceHigh(), opener.sourceLow(), now);
        if (taken == AddressPool.NONE) {
            return false;
        }
        if (taken != pooled) {
            pooled = taken;
            leaveFrom(pool.address(taken));
            fromPort = translatedPort();
        }
        if (fromPort < 0) {
            pool.give(taken, source, now);
        }
        return fromPort >= 0;
    }

    /** Whether {@link #take} would find the address that was planned, or another, in its pool. */
    boolean mayTake(Packet opener, @Nullable Policy policy) {
        AddressPool pool = policy == null ? null : policy.addressPool();
        return pool == null || pool.mayTake(sources.hash(opener.sourceHigh(), opener.sourceLow()));
    }

    /** Fills in the reply flow of the connection that was planned, whose original flow is filled in already. */
    void answer(Connection connection) {
        connection.mark(Connection.TRANSLATED, translates);
        connection.mark(Connection.POOLED, pooled != AddressPool.NONE);
        connection
                .reply()
                .key(
                        connection.original().egress(),
                        protocol,
                        targetHigh,
                        targetLow,
                        fromHigh,
                        fromLow,
                        answerSourcePort(fromPort) << 16 | answerDestinationPort(fromPort));
    }

    /** What was planned. */
    NewEnds planned() {
        return new NewEnds(
                new IpAddress(fromHigh, fromLow), fromPort, new IpAddress(targetHigh, targetLow), targetPort, hides);
    }

    private void redirect(Packet opener, @Nullable Redirection redirection) {
        targetPort = opener.destinationPort();
        if (redirection == null) {
            targetHigh = opener.destinationHigh();
            targetLow = opener.destinationLow();
            return;
        }
        targetHigh = redirection.high(opener.destinationHigh(), opener.destinationLow());
        targetLow = redirection.low(opener.destinationLow());
        if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) {
            targetPort = redirection.port(targetPort);
        }
    }

    private boolean isSource(IpAddress address) {
        return address.high() == fromHigh && address.low() == fromLow;
    }

    /** From a private address to a public one. */
    private boolean isOutward() {
        return IpAddress.isPrivate(fromHigh, fromLow) && IpAddress.isPublic(targetHigh, targetLow);
    }

    /** The source port that packets leave with, -1 when none is free. */
    private int translatedPort() {
        boolean hasPorts = switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 -> true;
            default -> false;
        };
        if (!hasPorts) {
            // Hosts that are hidden behind one address can not be told apart; one that came anew can take its own back.
            return hides && isTaken(before) ? -1 : before;
        }
        if (isAlone && isFree(before)) {
            return before;
        }
        ports.restart();
        int port;
        do {
            port = ports.next();
        } while (port >= 0 && !isFree(port));
        return port;
    }

    /** Whether answers to this port would come to this worker, and to no other connection. */
    private boolean isFree(int port) {
        return steering.owns(
                        protocol,
                        targetHigh,
                        targetLow,
                        fromHigh,
                        fromLow,
                        answerSourcePort(port),
                        answerDestinationPort(port))
                && !isTaken(port);
    }

    private boolean isTaken(int port) {
        long rest = FlowIndex.rest(egress, protocol, answerSourcePort(port), answerDestinationPort(port));
        return index.find(targetHigh, targetLow, fromHigh, fromLow, rest) >= 0;
    }

    private int answerSourcePort(int port) {
        return IcmpQuery.isIcmp(protocol) ? port : targetPort;
    }

    private int answerDestinationPort(int port) {
        return IcmpQuery.isIcmp(protocol) ? IcmpQuery.answer(protocol, type) << 8 : port;
    }

    /** Counts for the policy's pool a connection that could not be translated. */
    void refuse(@Nullable Policy policy) {
        AddressPool pool = policy == null ? null : policy.addressPool();
        if (pool != null) {
            pool.refuse();
        }
    }
}
