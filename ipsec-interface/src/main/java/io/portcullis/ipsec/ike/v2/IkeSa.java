package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.EventType;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One IKE SA: what all its exchanges share. Every public method is one input and returns what is to be done; between
 * two inputs nothing happens. Belongs to the IKE thread.
 */
public final class IkeSa {
    /** How long a closed SA repeats its last answer: longer than any peer repeats a request. */
    private static final long FORGET_NANOS = 30_000_000_000L;

    private static final long YOUNG_NANOS = 30_000_000_000L;

    final Surroundings around;
    final boolean initiator;
    final Channel channel;
    final Succession succession;
    final Children children;
    final Upkeep upkeep;
    long initiatorSpi;
    long responderSpi;
    Endpoints path;
    NatDetection.Found nat = NatDetection.Found.NONE;
    /** The time of the current input, in nanoseconds. */
    long now;

    @Nullable
    TunnelDefinition tunnel;

    /** What is only of interest until both peers are authenticated. */
    @Nullable
    Handshake handshake;

    String localId = "";
    String remoteId = "";

    private final Deque<OwnExchange> queue = new ArrayDeque<>();
    private @Nullable OwnExchange active;
    private final Set<Integer> reservedSpis = new HashSet<>();
    private List<Action> actions = new ArrayList<>();
    private State state;
    private boolean refused;

    IkeSa(Surroundings around, boolean initiator, Endpoints path, long now) {
        this.around = around;
        this.initiator = initiator;
        this.path = path;
        this.now = now;
        channel = new Channel(this);
        succession = new Succession(this);
        children = new Children(this);
        upkeep = new Upkeep(this);
        state = new State.Opening(
                initiator
                        ? Long.MAX_VALUE
                        : now + around.settings().halfOpenLife().toNanos());
    }

    /** An SA that we are about to negotiate for a tunnel. */
    public static IkeSa toPeer(
            Surroundings around, TunnelDefinition tunnel, Endpoints path, boolean initialContact, long now) {
        IkeSa sa = new IkeSa(around, true, path, now);
        sa.initiatorSpi = around.ikeSpi();
        sa.tunnel = tunnel;
        sa.queue.add(new IkeSaInit(tunnel, initialContact));
        return sa;
    }

    /** Starts, or goes on with what was queued. */
    public List<Action> start(long at) {
        now = at;
        startNext();
        return drain();
    }

    /** A datagram for this SA, without the non-ESP marker. Whatever it holds, the answer is actions. */
    public List<Action> receive(byte[] octets, Endpoints from, long at) {
        now = at;
        new Arrival(this).judge(octets, from);
        return drain();
    }

    /** A computation has come back. */
    public List<Action> resume(Runnable then, long at) {
        now = at;
        if (!isClosed()) {
            then.run();
        }
        return drain();
    }

    /** Time has passed. Harmless when nothing is due. */
    public List<Action> tick(long at) {
        now = at;
        if (!isClosed()) {
            tick();
        }
        return drain();
    }

    /** Asks for a command of {@link Command} to be carried out. */
    public List<Action> command(Command command, long at) {
        now = at;
        if (!isClosed()) {
            Orders.carryOut(this, command);
        }
        return drain();
    }

    /** When {@link #tick} wants to be called, in nanoseconds; a closed SA wants to be forgotten then. */
    public long nextDeadline() {
        return switch (state) {
            case State.Opening(long deadline) -> Math.min(deadline, channel.window.deadline());
            case State.Established _ ->
                Math.min(channel.window.deadline(), Math.min(children.deadline(), upkeep.deadline()));
            case State.Replaced(long deadline) -> Math.min(deadline, channel.window.deadline());
            case State.Closing _ -> channel.window.deadline();
            case State.Closed(String _, long forgetAt) -> forgetAt;
        };
    }

    private void tick() {
        if (channel.window.exhausted(now)) {
            String request = active == null ? "request" : active.toString();
            emit(IpsecEvents.PEER_SILENT, "sas_deleted", request);
            close("peer silent");
            return;
        }
        channel.repeatRequest();
        switch (state) {
            case State.Opening(long deadline) when now >= deadline -> close("half open too long");
            case State.Opening _ -> {}
            case State.Established _ -> {
                children.due();
                upkeep.due();
            }
            case State.Replaced(long deadline) when now - deadline >= 0 -> delete("the peer did not delete it");
            case State.Replaced _, State.Closing _, State.Closed _ -> {}
        }
        startNext();
    }

    // What exchanges do with the SA.

    /** The only change of state. */
    void become(State next) {
        state = next;
        if (next instanceof State.Established(long since)) {
            upkeep.established(since);
        }
    }

    State state() {
        return state;
    }

    void act(Action action) {
        actions.add(action);
    }

    void decide(List<Decision> decisions) {
        if (!decisions.isEmpty()) {
            act(new Action.Decided(List.copyOf(decisions)));
        }
    }

    void emit(EventType type, String action, Object... own) {
        List<Object> values = new ArrayList<>(List.of(
                tunnel == null ? "" : tunnel.name(),
                path.local() + ":" + path.localPort(),
                path.remote() + ":" + path.remotePort(),
                localId,
                remoteId));
        values.addAll(List.of(own));
        act(new Action.Emit(Event.of(type, action, values.toArray())));
    }

    <T> void compute(Supplier<T> slow, Consumer<T> then) {
        act(new Action.Compute<>(slow, then));
    }

    void enqueue(OwnExchange exchange) {
        queue.add(exchange);
    }

    void enqueueFirst(OwnExchange exchange) {
        queue.addFirst(exchange);
    }

    boolean hasQueued(Class<? extends OwnExchange> kind) {
        return kind.isInstance(active) || queue.stream().anyMatch(kind::isInstance);
    }

    @Nullable
    OwnExchange active() {
        return active;
    }

    /** The exchange under way has ended. */
    void finished() {
        active = null;
        startNext();
    }

    /** What waits moves to the successor. */
    void moveQueueTo(IkeSa successor) {
        successor.queue.addAll(queue);
        queue.clear();
    }

    void startNext() {
        if (active == null && !queue.isEmpty() && !isClosed()) {
            active = queue.poll();
            active.begin(this);
        }
    }

    TunnelDefinition definition() {
        return Objects.requireNonNull(tunnel, "no tunnel yet");
    }

    Handshake handshake() {
        return Objects.requireNonNull(handshake, "the handshake is over");
    }

    int reserveSpi() {
        int spi = around.espSpis().applyAsInt(definition().name());
        reservedSpis.add(spi);
        return spi;
    }

    void releaseSpi(int spi) {
        if (reservedSpis.remove(spi)) {
            act(new Action.ReleaseSpi(spi));
        }
    }

    void usedSpi(int spi) {
        reservedSpis.remove(spi);
    }

    /** Tells the peer that the SA is to go, then closes it. */
    void delete(String reason) {
        closeWith(CloseIke.delete(reason));
    }

    void closeWith(CloseIke exchange) {
        queue.clear();
        enqueue(exchange);
        become(new State.Closing());
        startNext();
    }

    /** The exchange under way ends by closing the SA. */
    void closeAfter(CloseIke exchange) {
        active = null;
        closeWith(exchange);
    }

    /** Removes everything at once, without a word to the peer. */
    void close(String reason) {
        boolean wasUp = !(state instanceof State.Opening);
        children.removeAll(reason);
        reservedSpis.forEach(spi -> act(new Action.ReleaseSpi(spi)));
        reservedSpis.clear();
        channel.window.concluded();
        queue.clear();
        active = null;
        handshake = null;
        if (wasUp && !succession.isReplaced()) {
            emit(IpsecEvents.IKE_SA_DELETED, "none", reason);
        }
        become(new State.Closed(reason, now + FORGET_NANOS));
        act(new Action.Closed(reason));
    }

    /** Says that a negotiation failed, in one event that holds both sides' values. */
    void fail(EventType type, String status, String ours, String theirs) {
        emit(type, "none", status, ours, theirs);
        refused = true;
        if (tunnel != null) {
            act(new Action.ChildFailed(tunnel.name(), status));
        }
    }

    List<Action> drain() {
        List<Action> out = actions;
        actions = new ArrayList<>();
        return out;
    }

    // What the engine asks.

    public boolean isClosed() {
        return state instanceof State.Closed;
    }

    /** Whether both peers are authenticated and the SA is in use. */
    public boolean isEstablished() {
        return state instanceof State.Established;
    }

    /** Whether nobody answered: neither established, nor refused by a peer that is there. */
    public boolean cameToNothing() {
        return !refused && !upkeep.hasBeenEstablished();
    }

    /** Whether it was established a moment ago, so that the peer may have done the same from its side. */
    public boolean isYoung(long at) {
        return state instanceof State.Established(long since) && at - since < YOUNG_NANOS;
    }

    /** The same number on both sides, by which they agree on one of two SAs. */
    public long weight() {
        return initiatorSpi ^ responderSpi;
    }

    /** Whether a child SA of this tunnel is in use under it. */
    public boolean carries(String name) {
        return children.carries(name);
    }

    /** Inbound SPIs of the child SAs in use, of one tunnel. */
    public List<Integer> childrenOf(String name) {
        return children.all().stream()
                .filter(child -> child.isInUse() && child.pair.tunnel().equals(name))
                .map(ChildSa::inboundSpi)
                .toList();
    }

    /** Definitions of the tunnels that have child SAs under it. */
    public Set<TunnelDefinition> tunnels() {
        return children.all().stream().map(child -> child.tunnel).collect(Collectors.toSet());
    }

    /** Whether a peer has asked for this SA and not yet proved who it is. */
    public boolean isHalfOpen() {
        return state instanceof State.Opening && !initiator;
    }

    public boolean isInitiator() {
        return initiator;
    }

    /** Our own SPI: what datagrams for this SA carry. */
    public long localSpi() {
        return initiator ? initiatorSpi : responderSpi;
    }

    public Endpoints path() {
        return path;
    }

    public @Nullable TunnelDefinition tunnel() {
        return tunnel;
    }

    /** Identities of both peers as text, for INITIAL_CONTACT. */
    public String identities() {
        return localId + "\n" + remoteId;
    }

    /** For listings. */
    public IkeSaView view(long at) {
        return IkeSaView.of(this, at);
    }

    /** The last answer once more: the peer has repeated its IKE_SA_INIT request. */
    public List<Action> repeatAnswer() {
        channel.repeatAnswer();
        return drain();
    }

    @Override
    public String toString() {
        return "IkeSa[%016x_i %016x_r %s %s]".formatted(initiatorSpi, responderSpi, path, state);
    }
}
