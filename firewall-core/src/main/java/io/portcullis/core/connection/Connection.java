package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.SourceLimit;
import io.portcullis.core.shaping.ConnectionPipes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation between two hosts that a policy allowed. A view of its record, which the table moves from connection
 * to connection; belongs to one worker.
 */
public final class Connection {
    private static final TcpState[] TCP_STATES = TcpState.values();
    private static final int TCP_STATE = 0x7;
    private static final int FOLLOWED = 0x8;
    private static final int EXTENSIONS_SHIFT = 4;

    // Marks.
    static final int OPEN = 1;
    static final int TRANSLATED = 2;
    /** Whether nothing can be said of TCP windows, since segments came in fragments. */
    static final int TRUSTS_WINDOWS = 4;

    static final int REPLACEABLE = 8;
    /** Whether it is one of its source's by a policy that limits them. */
    static final int COUNTED = 16;
    /** Whether its address is one of its policy's pool. */
    static final int POOLED = 32;
    /** Whether its packets go through pipes. */
    static final int SHAPED = 64;
    /** Whether its opener was answered in the server's place. */
    static final int RELAYED = 128;

    private final ConnectionStore store;
    private final Flow original;
    private final Flow reply;
    private int number;
    private long at;

    Connection(ConnectionStore store) {
        this.store = store;
        original = new Flow(store, this, true);
        reply = new Flow(store, this, false);
    }

    /** Looks at another connection. */
    Connection move(int newNumber) {
        number = newNumber;
        at = store.at(newNumber);
        return this;
    }

    int number() {
        return number;
    }

    /** Where its record begins. */
    long at() {
        return at;
    }

    /** The direction of the packet that opened it. */
    public Flow original() {
        return original;
    }

    public Flow reply() {
        return reply;
    }

    /** Whether it is in use; a record that waits for its next connection is not. */
    public boolean isOpen() {
        return is(OPEN);
    }

    /** IP protocol number. */
    public int protocol() {
        return original.protocol();
    }

    /** The policy that allowed it; null for what the firewall itself may do. */
    public @Nullable Policy policy() {
        int policy = store.aside(number, ConnectionStore.POLICY);
        return policy == 0 ? null : store.policies.get(policy);
    }

    /** Generation of the configuration under which it was last found allowed. */
    public long generation() {
        return LazyMemory.getInt(at + ConnectionStore.GENERATION) & 0xffff_ffffL;
    }

    /** It is allowed under this generation of the configuration, by this policy. */
    public void confirm(@Nullable Policy newPolicy, long newGeneration) {
        count(newPolicy == null ? null : newPolicy.sourceLimit());
        int before = store.aside(number, ConnectionStore.POLICY);
        int policy = newPolicy == null ? 0 : store.policies.hold(newPolicy, System.identityHashCode(newPolicy));
        store.aside(number, ConnectionStore.POLICY, policy);
        store.policies.release(before);
        LazyMemory.putInt(at + ConnectionStore.GENERATION, (int) newGeneration);
    }

    /** Its packets go through these pipes from now on; null for none. */
    public void pipes(@Nullable ConnectionPipes pipes) {
        if (pipes == null && !is(SHAPED)) {
            return;
        }
        int before = is(SHAPED) ? store.aside(number, ConnectionStore.PIPES) : 0;
        store.aside(number, ConnectionStore.PIPES, pipes == null ? 0 : store.pipes.hold(pipes, pipes.hashCode()));
        store.pipes.release(before);
        mark(SHAPED, pipes != null);
    }

    /** The pipes that its packets go through; null for none. */
    @Nullable
    ConnectionPipes pipes() {
        return is(SHAPED) ? store.pipes.get(store.aside(number, ConnectionStore.PIPES)) : null;
    }

    /** Is none of its source's any more, though repetitions may still come. */
    void countNoMore() {
        count(null);
    }

    /** Is one of its source's by this policy's limit, and no longer by the one that it had. */
    private void count(@Nullable SourceLimit limit) {
        SourceLimit before = is(COUNTED) ? Objects.requireNonNull(policy()).sourceLimit() : null;
        if (before != null && limit != null && before.policy() == limit.policy()) {
            return;
        }
        if (before != null) {
            store.sources.end(before.policy(), original.sourceHigh(), original.sourceLow());
        }
        mark(
                COUNTED,
                limit != null
                        && !tcpState().isOver()
                        && store.sources.begin(limit.policy(), original.sourceHigh(), original.sourceLow()));
    }

    /** Its address goes back to the pool that it came from, if it did. */
    void leavePool(long now) {
        AddressPool pool = is(POOLED) ? Objects.requireNonNull(policy()).addressPool() : null;
        if (pool != null) {
            int index = pool.indexOf(reply.destinationHigh(), reply.destinationLow());
            pool.give(index, store.sources.hash(original.sourceHigh(), original.sourceLow()), now);
        }
    }

    /** Monotonic nanoseconds, up to 67 ms early. */
    public long openedAt() {
        long units = LazyMemory.getInt(at + ConnectionStore.OPENED) & 0xffff_ffffL;
        return store.epoch + (units << ConnectionStore.AGE_SHIFT);
    }

    /** Whether packets leave otherwise than they came, in both directions. */
    public boolean isTranslated() {
        return is(TRANSLATED);
    }

    /** Whether one of its directions comes in or leaves by this interface. */
    public boolean uses(NetworkInterface iface) {
        int wanted = store.interfaces.find(iface, iface.index());
        return wanted != 0
                && (original.ingressNumber() == wanted
                        || original.egressNumber() == wanted
                        || reply.ingressNumber() == wanted
                        || reply.egressNumber() == wanted);
    }

    /** The words that {@link #state} may be. */
    public static List<String> states() {
        return Stream.concat(
                        Arrays.stream(TCP_STATES)
                                .filter(state -> state != TcpState.NONE)
                                .map(TcpState::label),
                        Stream.of("UDP", "PING", "RAWIP"))
                .toList();
    }

    /** The state in one word: TCP's, or the kind of protocol. */
    public String state() {
        return switch (protocol()) {
            case IpProtocol.TCP -> tcpState().label();
            case IpProtocol.UDP -> "UDP";
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> "PING";
            default -> "RAWIP";
        };
    }

    TcpState tcpState() {
        return TCP_STATES[LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS) & TCP_STATE];
    }

    void tcpState(TcpState newState) {
        int before = LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS);
        LazyMemory.putByte(at + ConnectionStore.ORIGINAL_EGRESS, (before & ~TCP_STATE) | newState.ordinal());
    }

    /** Which IPv6 extension headers the packet carried that opened it, as {@link Ipv6Extensions#kinds} says. */
    public int extensions() {
        return (LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS) & 0xff) >>> EXTENSIONS_SHIFT;
    }

    void extensions(int kinds) {
        int before = LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS) & (TCP_STATE | FOLLOWED);
        LazyMemory.putByte(at + ConnectionStore.ORIGINAL_EGRESS, kinds << EXTENSIONS_SHIFT | before);
    }

    /** Whether what its ends say is followed, as by {@link FtpHelper}. */
    public boolean isFollowed() {
        return (LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS) & FOLLOWED) != 0;
    }

    void followed(boolean is) {
        int others = LazyMemory.getByte(at + ConnectionStore.ORIGINAL_EGRESS) & ~FOLLOWED;
        LazyMemory.putByte(at + ConnectionStore.ORIGINAL_EGRESS, is ? others | FOLLOWED : others);
    }

    boolean is(int mark) {
        return (LazyMemory.getByte(at + ConnectionStore.REPLY_EGRESS) & mark) != 0;
    }

    void mark(int mark, boolean set) {
        int marks = LazyMemory.getByte(at + ConnectionStore.REPLY_EGRESS);
        LazyMemory.putByte(at + ConnectionStore.REPLY_EGRESS, set ? (marks | mark) : (marks & ~mark));
    }

    /** Whether its opener has shown nothing yet, and its server, if it is there, waits. */
    boolean isHalfOpen() {
        return protocol() == IpProtocol.TCP && !is(RELAYED) && tcpState().isOpening();
    }

    boolean trustsWindows() {
        return is(TRUSTS_WINDOWS);
    }

    void trustWindows() {
        mark(TRUSTS_WINDOWS, true);
    }

    /** Whether both ends have shown that they mean it: what is not so is replaced when the table is full. */
    boolean isEstablished() {
        return protocol() == IpProtocol.TCP
                ? tcpState() == TcpState.ESTABLISHED
                : original.packets() > 1 && reply.packets() > 1;
    }

    /** Begins: the record is complete, and both flows are in the index. */
    void open(long now) {
        mark(OPEN, true);
        LazyMemory.putInt(at + ConnectionStore.OPENED, (int) ((now - store.epoch) >> ConnectionStore.AGE_SHIFT));
    }

    /** Ends: nothing is held any more, and the record waits for its next connection. */
    void release() {
        mark(OPEN, false);
        countNoMore();
        pipes(null);
        original.release();
        reply.release();
        store.policies.release(store.aside(number, ConnectionStore.POLICY));
        store.give(number);
    }
}
