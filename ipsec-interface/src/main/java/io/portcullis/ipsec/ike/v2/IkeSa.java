package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.EventType;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    final Window window;
    final Children children;
    final Upkeep upkeep;
    long initiatorSpi;
    long responderSpi;
    Endpoints path;
    NatDetection.Found nat = NatDetection.Found.NONE;
    /** The time of the current input, in nanoseconds. */
    long now;

    /** What the peer made of this SA by rekeying it. */
    @Nullable
    PeerRekey peerRekey;

    /** The SA that the peer rekeyed to this one while we were rekeying it, too. */
    @Nullable
    IkeSa predecessor;

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
    private boolean replaced;
    private boolean refused;
    private IkeProposals.@Nullable Choice choice;
    private @Nullable IkeKeys keys;
    private @Nullable Protection protection;

    IkeSa(Surroundings around, boolean initiator, Endpoints path, long now) {
        this.around = around;
        this.initiator = initiator;
        this.path = path;
        this.now = now;
        window = new Window(around.settings());
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

    /** The SA that takes over from this one after a rekey; its SPIs are those of the rekey's initiator and responder. */
    IkeSa successor(boolean byUs, long spiI, long spiR, IkeProposals.Choice chosen, IkeKeys made) {
        IkeSa successor = new IkeSa(around, byUs, path, now);
        successor.initiatorSpi = spiI;
        successor.responderSpi = spiR;
        successor.tunnel = tunnel;
        successor.localId = localId;
        successor.remoteId = remoteId;
        successor.nat = nat;
        successor.secure(chosen, made);
        successor.become(new State.Established(now));
        return successor;
    }

    /** Hands everything to the successor and waits to be deleted, by us or by the peer. */
    void replaceBy(IkeSa successor) {
        act(new Action.ChildrenMoved(successor, children.spis()));
        children.moveTo(successor);
        successor.queue.addAll(queue);
        queue.clear();
        replaced = true;
        become(new State.Replaced(now + RekeyIke.REPLACED_NANOS));
        emit(
                IpsecEvents.IKE_SA_REKEYED,
                "none",
                successor.initiator ? "local" : "remote",
                choice().suite().protection() + "/" + choice().suite().prf() + "/" + choice().group());
    }

    /** What the peer made of this SA by rekeying it, unless it has deleted that again as redundant. */
    Optional<IkeSa> inheritorOfPeer() {
        return Optional.ofNullable(peerRekey).map(PeerRekey::successor).filter(IkeSa::isEstablished);
    }

    /**
     * The peer does something with child SAs under this SA, which its rekey made: it has inherited them, whatever has
     * become of our own rekey of the old one.
     */
    void inherit() {
        IkeSa old = predecessor;
        predecessor = null;
        if (old != null && old.isEstablished()) {
            old.now = now;
            old.replaceBy(this);
            actions.addAll(old.drain());
        }
    }

    /** Our rekey has been answered: the old SA goes. */
    void closeReplaced() {
        active = null;
        delete("rekeyed");
    }

    /** Lost a simultaneous rekey: goes as soon as it is started. */
    void deleteRedundant() {
        enqueue(CloseIke.delete("redundant after simultaneous rekey"));
        become(new State.Closing());
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
        new Arrival(this, protection, active).judge(octets, from);
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
            case State.Opening(long deadline) -> Math.min(deadline, window.deadline());
            case State.Established _ -> Math.min(window.deadline(), Math.min(children.deadline(), upkeep.deadline()));
            case State.Replaced(long deadline) -> Math.min(deadline, window.deadline());
            case State.Closing _ -> window.deadline();
            case State.Closed(String _, long forgetAt) -> forgetAt;
        };
    }

    private void tick() {
        if (window.exhausted(now)) {
            String request = active == null ? "request" : active.toString();
            emit(IpsecEvents.PEER_SILENT, "sas_deleted", request);
            close("peer silent");
            return;
        }
        window.resend(now).ifPresent(request -> act(new Action.Send(path, Octets.of(request))));
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

    /** Sends a request of the exchange under way. */
    void request(ExchangeType type, List<Payload> payloads) {
        Header header = header(type.id(), false, window.nextRequest());
        byte[] octets = protection().seal(header, payloads);
        window.sent(header.messageId(), octets, now);
        act(new Action.Observed(path, new Message(header, payloads, true), true));
        act(new Action.Send(path, Octets.of(octets)));
    }

    /** Answers the request that is being answered. */
    void respond(Message request, List<Payload> payloads) {
        Header header =
                header(request.header().exchangeType(), true, request.header().messageId());
        byte[] octets = protection().seal(header, payloads);
        window.answered(octets);
        act(new Action.Observed(path, new Message(header, payloads, true), true));
        act(new Action.Send(path, Octets.of(octets)));
    }

    void respond(Message request, NotifyType error) {
        respond(request, List.of(new NotifyPayload(error.id(), Octets.EMPTY)));
    }

    Header header(int exchangeType, boolean response, int messageId) {
        return Header.of(initiatorSpi, responderSpi, exchangeType, initiator, response, messageId);
    }

    /** Sends a message without protection: IKE_SA_INIT only. Returns its octets. */
    byte[] sendPlain(Header header, List<Payload> payloads) {
        Message message = new Message(header, payloads);
        byte[] octets = MessageCodec.write(message);
        if (header.response()) {
            window.answered(octets);
        } else {
            window.sent(header.messageId(), octets, now);
        }
        act(new Action.Observed(path, message, true));
        act(new Action.Send(path, Octets.of(octets)));
        return octets;
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

    void startNext() {
        if (active == null && !queue.isEmpty() && !isClosed()) {
            active = queue.poll();
            active.begin(this);
        }
    }

    void secure(IkeProposals.Choice chosen, IkeKeys made) {
        choice = chosen;
        keys = made;
        protection = new Protection(made, initiator, around.random());
        if (around.settings().keyLogging()) {
            act(new Action.IkeKeysMade(initiatorSpi, responderSpi, made));
        }
    }

    IkeKeys keys() {
        return Objects.requireNonNull(keys, "no keys yet");
    }

    IkeProposals.Choice choice() {
        return Objects.requireNonNull(choice, "no choice yet");
    }

    TunnelDefinition definition() {
        return Objects.requireNonNull(tunnel, "no tunnel yet");
    }

    Handshake handshake() {
        return Objects.requireNonNull(handshake, "the handshake is over");
    }

    private Protection protection() {
        return Objects.requireNonNull(protection, "no keys yet");
    }

    int reserveSpi() {
        int spi = around.espSpis().getAsInt();
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
        window.concluded();
        queue.clear();
        active = null;
        handshake = null;
        if (wasUp && !replaced) {
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

    private List<Action> drain() {
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
        return IkeSaView.of(this, choice, state, children, at);
    }

    /** The last answer once more: the peer has repeated its IKE_SA_INIT request. */
    public List<Action> repeatAnswer() {
        window.lastAnswer().ifPresent(answer -> act(new Action.Send(path, Octets.of(answer))));
        return drain();
    }

    @Override
    public String toString() {
        return "IkeSa[%016x_i %016x_r %s %s]".formatted(initiatorSpi, responderSpi, path, state);
    }
}
