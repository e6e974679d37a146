package io.portcullis.core.connection;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a NAT pool while it runs: which source has which, and how many connections use each. Shared by all
 * workers, since a source's connections are on all of them; without locks, and nothing is made for a connection.
 */
public final class AddressPool {
    /** Most addresses of a pool. */
    static final int MOST = 4096;
    /** How many addresses are looked at for the least used one; of a larger pool, another part each time. */
    private static final int LOOKED_AT = 64;
    /** No address: all states are in use. */
    static final int NONE = -1;

    private final NatPool definition;
    private final AddressSet set;
    private final IpAddress[] addresses;
    private final AtomicIntegerArray connections;
    private final @Nullable PoolStates states;
    private final AtomicLong refused = new AtomicLong();

    /** @param addresses what the definition's range stands for, {@value #MOST} at most and at least one */
    public AddressPool(NatPool definition, AddressSet addresses) {
        this.definition = definition;
        this.set = addresses;
        this.addresses = list(addresses);
        connections = new AtomicIntegerArray(this.addresses.length);
        states = definition.type() == NatPool.Type.STATEFUL
                ? new PoolStates(definition.maxStates(), definition.stateKeepalive())
                : null;
    }

    /** How many addresses these are; {@link Integer#MAX_VALUE} for more. */
    static int size(AddressSet addresses) {
        BigInteger sum = BigInteger.ZERO;
        for (IpRange range : addresses.ranges()) {
            BigInteger first = new BigInteger(1, range.first().octets());
            BigInteger last = new BigInteger(1, range.last().octets());
            sum = sum.add(last.subtract(first)).add(BigInteger.ONE);
        }
        return sum.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
    }

    private static IpAddress[] list(AddressSet set) {
        List<IpAddress> all = new ArrayList<>();
        for (IpRange range : set.ranges()) {
            for (IpAddress address = range.first(); all.size() < MOST; address = address.next()) {
                all.add(address);
                if (address.equals(range.last())) {
                    break;
                }
            }
        }
        return all.toArray(IpAddress[]::new);
    }

    /** Whether it is what this definition means: then it goes on when the configuration changes. */
    public boolean is(NatPool other, AddressSet itsAddresses) {
        return definition.equals(other) && set.equals(itsAddresses);
    }

    public String name() {
        return definition.name();
    }

    /** How many addresses may be tried when the first has no free port: only a stateless pool has no other wish. */
    int tries() {
        return definition.type() == NatPool.Type.STATELESS ? Math.min(addresses.length, 8) : 1;
    }

    /**
     * Takes an address for one more connection.
     *
     * @param wanted index of the one that a stateless pool gives
     * @param worker who asks
     * @param source keyed hash of the connection's source, the same for all workers
     * @param now monotonic nanoseconds
     * @return its index, or {@link #NONE}
     */
    int take(int wanted, int worker, long source, long high, long low, long now) {
        int index = states == null ? wanted : states.take(worker, source, high, low, now, this);
        if (index != NONE) {
            connections.incrementAndGet(index);
        }
        return index;
    }

    /** Whether {@link #take} has an address for one more connection of a source, unless other workers change that. */
    boolean mayTake(long source) {
        return states == null || states.mayTake(source);
    }

    /** Index of the address that {@link #take} takes, unless other workers or time change it. */
    int peek(long source, long high, long low) {
        return switch (definition.type()) {
            case STATEFUL -> {
                int known = states == null ? NONE : states.peek(source);
                yield known == NONE ? leastUsed(source) : known;
            }
            case STATELESS -> leastUsed(source);
            case FIXED -> (int) Long.remainderUnsigned(fixed(high, low), addresses.length);
        };
    }

    /** The address behind another, behind the last the first. */
    int next(int index) {
        return (index + 1) % addresses.length;
    }

    /** A connection was refused for want of a state or a port. */
    void refuse() {
        refused.incrementAndGet();
    }

    /** Gives an address back whose connection has ended, or did not come about. */
    void give(int index, long source, long now) {
        connections.decrementAndGet(index);
        if (states != null) {
            states.give(source, now);
        }
    }

    IpAddress address(int index) {
        return addresses[index];
    }

    /** Where an address of the pool stands. */
    int indexOf(long high, long low) {
        int from = 0;
        int to = addresses.length - 1;
        while (from < to) {
            int middle = (from + to) >>> 1;
            IpAddress at = addresses[middle];
            int byHigh = Long.compareUnsigned(at.high(), high);
            boolean isBelow = byHigh < 0 || (byHigh == 0 && Long.compareUnsigned(at.low(), low) < 0);
            if (isBelow) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The address with the fewest connections, looked for from a place that depends on the source. */
    int leastUsed(long source) {
        int size = addresses.length;
        int from = (int) Long.remainderUnsigned(source, size);
        int best = from;
        for (int i = 1; i < Math.min(size, LOOKED_AT) && connections.get(best) > 0; i++) {
            int index = (from + i) % size;
            if (connections.get(index) < connections.get(best)) {
                best = index;
            }
        }
        return best;
    }

    /** A hash without a key: a source gets the same address after a restart. */
    private static long fixed(long high, long low) {
        return FlowHash.mix(high ^ 0x9e37_79b9_7f4a_7c15L, low ^ 0xc2b2_ae3d_27d4_eb4fL);
    }

    /** What the pool looks like now. */
    public View view(long now) {
        List<AddressUse> uses = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            uses.add(new AddressUse(addresses[i], connections.get(i)));
        }
        return new View(
                definition.name(),
                definition.type().toString(),
                set.toString(),
                states == null ? List.of() : states.list(this, now),
                states == null ? 0 : definition.maxStates(),
                states == null ? 0 : states.replaced(),
                refused.get(),
                uses);
    }

    /**
     * A pool, for people.
     *
     * @param type Stateful, Stateless or Fixed
     * @param range its addresses
     * @param states the sources that it remembers
     * @param maxStates how many it can, 0 when it remembers none
     * @param replaced states that were given up early for other sources
     * @param refused connections that found no state or no port
     * @param addresses all of them
     */
    public record View(
            String name,
            String type,
            String range,
            List<State> states,
            int maxStates,
            long replaced,
            long refused,
            List<AddressUse> addresses) {
        /** Connections that use the pool. */
        public long connections() {
            return addresses.stream().mapToLong(AddressUse::connections).sum();
        }
    }

    /** How many connections leave with an address. */
    public record AddressUse(IpAddress address, int connections) {}

    /**
     * A source and its address.
     *
     * @param idleSeconds since its last connection ended, 0 while it has some
     */
    public record State(IpAddress source, IpAddress address, int connections, long idleSeconds) {}
}
