package io.portcullis.ipsec.ike;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.v2.Action;
import io.portcullis.ipsec.ike.v2.Command;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.ike.v2.Surroundings;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.MalformedMessage;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaInstaller;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelList;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Owns all IKE state. {@link #poll} and {@link #nextDeadline} belong to one thread; everything else that is public may
 * be called from any and only puts something into the inbox.
 */
public final class IkeEngine {
    /** Datagrams and events of the data plane that may wait; more are dropped and counted. */
    private static final int INBOX = 4096;

    /** Inputs that one {@link #poll} takes before it looks at the clock again. */
    private static final int BURST = 256;

    private static final int NON_ESP_MARKER = 4;

    /**
     * What the engine works with.
     *
     * @param usage counters of the pair with this inbound SPI; called on the IKE thread
     * @param sourceAddress own address from which a peer is reached: that of the interface the route leaves by
     * @param slow where Diffie-Hellman is computed
     * @param keys private values for it
     * @param now time at the start, in nanoseconds of the clock that {@link IkeEngine#poll} is called with
     */
    public record Parts(
            IkeTransport transport,
            SaInstaller installer,
            IntFunction<Optional<SaUsage>> usage,
            Function<IpAddress, Optional<IpAddress>> sourceAddress,
            EventSink events,
            IkeObserver observer,
            Executor slow,
            KeyExchangeSource keys,
            SecureRandom random,
            IkeSettings settings,
            long now) {}

    private final Parts parts;
    private final SaTable table = new SaTable();
    private final TunnelKeeper keeper;
    private final TunnelLimit limit;
    private final Surroundings around;
    private final Performer performer;
    private final Reception reception;
    private final Queue<Input> inbox = new MpscAtomicArrayQueue<>(INBOX);
    private final Queue<Input> orders = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private TunnelList tunnels = TunnelList.EMPTY;
    private boolean closing;
    private volatile Runnable wake = () -> {};

    @FunctionalInterface
    private interface Input {
        void take(long now);
    }

    public IkeEngine(Parts parts) {
        this.parts = parts;
        around = new Surroundings(
                parts.random(),
                parts.keys(),
                parts.installer()::allocateSpi,
                parts.usage(),
                () -> tunnels,
                parts.settings());
        limit = new TunnelLimit(table, parts.events());
        keeper = new TunnelKeeper(this, table, limit);
        performer = new Performer(this, parts, table, keeper, limit);
        reception = new Reception(this, table, around, parts.events(), new Cookies(parts.random(), parts.now()));
    }

    // Inputs, from any thread.

    /** Called after each input, to wake the IKE thread. */
    public void wakeWith(Runnable waker) {
        wake = waker;
    }

    /**
     * A datagram to port 500 or 4500 of an own address. On 4500 it starts with the non-ESP marker.
     *
     * @return false when the inbox is full and it was dropped
     */
    public boolean received(
            IpAddress local, int localPort, IpAddress remote, int remotePort, String ingress, byte[] payload) {
        Endpoints path = new Endpoints(local, localPort, remote, remotePort);
        return offer(now -> datagram(path, payload, now));
    }

    /** Something of the data plane. @return false when the inbox is full and it was dropped */
    public boolean saEvent(SaEvent event) {
        return offer(now -> dataPlane(event, now));
    }

    /**
     * The tunnels of a new active configuration. SAs of tunnels that are equal before and after are not touched; the
     * others are deleted at their peers.
     */
    public void tunnels(List<TunnelDefinition> list) {
        order(now -> replace(new TunnelList(list), now));
    }

    /** How many tunnels may be open from now on, 0 for any number; those that are open stay. */
    public void limit(int tunnels) {
        order(_ -> limit.set(tunnels));
    }

    /** How many tunnels may be open, 0 for any number. */
    public int limit() {
        return limit.most();
    }

    /** Brings a tunnel up; without effect when it is up. */
    public void connect(String tunnel) {
        order(now -> definition(tunnel).ifPresent(it -> keeper.connect(it, now)));
    }

    /** Deletes the IKE SAs of a tunnel and what is under them. */
    public void delete(String tunnel) {
        delete(() -> table.ofTunnel(tunnel).stream()
                .filter(sa -> sa.tunnel() != null && sa.tunnel().name().equals(tunnel)));
    }

    /** Deletes the IKE SAs with a peer. */
    public void delete(IpAddress peer) {
        delete(() -> table.withPeer(peer).stream());
    }

    /** Deletes all IKE SAs. */
    public void deleteAll() {
        delete(table::live);
    }

    /** Deletes the child SAs of a tunnel; the IKE SA stays. */
    public void deleteChildren(String tunnel) {
        order(now -> table.ofTunnel(tunnel)
                .forEach(sa -> sa.childrenOf(tunnel)
                        .forEach(spi -> command(sa, new Command.RemoveChild(spi, "by command"), now))));
    }

    /** New keys for the IKE SAs of a tunnel. */
    public void rekeyIke(String tunnel) {
        order(now -> table.ofTunnel(tunnel).stream()
                .filter(sa -> sa.isEstablished() && sa.carries(tunnel))
                .forEach(sa -> command(sa, new Command.RekeySa(), now)));
    }

    /** New keys for the child SAs of a tunnel. */
    public void rekeyChildren(String tunnel) {
        order(now -> table.ofTunnel(tunnel)
                .forEach(sa -> sa.childrenOf(tunnel).forEach(spi -> command(sa, new Command.RekeyChild(spi), now))));
    }

    /** All SAs at one instant. */
    public CompletableFuture<List<IkeSaView>> list() {
        CompletableFuture<List<IkeSaView>> answer = new CompletableFuture<>();
        order(now -> answer.complete(table.live().map(sa -> sa.view(now)).toList()));
        return answer;
    }

    /** What a packet that wants an SA of a tunnel would bring about; empty when no tunnel has the name. */
    public CompletableFuture<Optional<Prospect>> prospect(String tunnel) {
        CompletableFuture<Optional<Prospect>> answer = new CompletableFuture<>();
        order(now -> answer.complete(definition(tunnel).map(it -> keeper.prospect(it, now))));
        return answer;
    }

    /** Deletes all SAs at their peers and answers nobody new. Done when the peers have confirmed, or are silent. */
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        order(now -> {
            closing = true;
            table.live().forEach(sa -> command(sa, new Command.Delete("shutdown"), now));
            watch(done);
        });
        return done;
    }

    /** Datagrams and events that changed nothing, since the start. */
    public long droppedCount() {
        return dropped.get();
    }

    // The IKE thread.

    /** Takes what is in the inbox and does what is due. */
    public void poll(long now) {
        for (int i = 0; i < BURST; i++) {
            Input next = orders.poll();
            if (next == null) {
                next = inbox.poll();
            }
            if (next == null) {
                break;
            }
            next.take(now);
        }
        Optional<IkeSa> due = table.due(now);
        while (due.isPresent()) {
            IkeSa sa = due.get();
            performer.input(sa, () -> sa.tick(now), now);
            due = table.due(now);
        }
        if (!closing) {
            keeper.due(now);
        }
    }

    /** When {@link #poll} wants to be called, in nanoseconds; inputs want it at once. */
    public long nextDeadline() {
        return orders.isEmpty() && inbox.isEmpty()
                ? Math.min(table.nextDeadline(), closing ? Long.MAX_VALUE : keeper.nextDeadline())
                : Long.MIN_VALUE;
    }

    private boolean offer(Input input) {
        boolean taken = inbox.offer(input);
        if (!taken) {
            dropped.incrementAndGet();
        }
        wake.run();
        return taken;
    }

    private void order(Input input) {
        orders.add(input);
        wake.run();
    }

    private void watch(CompletableFuture<Void> done) {
        if (table.isEmpty()) {
            done.complete(null);
        } else {
            performer.whenAllClosed(done);
        }
    }

    private void delete(Supplier<Stream<IkeSa>> which) {
        order(now -> which.get().forEach(sa -> command(sa, new Command.Delete("by command"), now)));
    }

    private void datagram(Endpoints path, byte[] payload, long now) {
        byte[] octets = payload;
        if (path.localPort() == Endpoints.NAT_PORT) {
            if (payload.length < NON_ESP_MARKER || (payload[0] | payload[1] | payload[2] | payload[3]) != 0) {
                return; // a keepalive, or ESP that the data plane did not want
            }
            octets = Arrays.copyOfRange(payload, NON_ESP_MARKER, payload.length);
        }
        try {
            Header header = MessageCodec.readHeader(octets);
            dispatch(header, octets, path, now);
        } catch (MalformedMessage malformed) {
            reception.complain(path, String.valueOf(malformed.getMessage()), now);
        }
    }

    private void dispatch(Header header, byte[] octets, Endpoints path, long now) {
        if (header.majorVersion() != 2) {
            if (header.majorVersion() > 2) {
                reception.laterVersion(header, path, now);
            } else {
                dropped();
            }
            return;
        }
        boolean opens = header.exchangeType() == ExchangeType.IKE_SA_INIT.id()
                && header.initiator()
                && !header.response()
                && header.responderSpi() == 0
                && header.messageId() == 0;
        if (opens) {
            if (!closing) {
                reception.request(octets, path, now);
            }
            return;
        }
        long localSpi = header.initiator() ? header.responderSpi() : header.initiatorSpi();
        Optional<IkeSa> sa = table.find(localSpi);
        if (sa.isEmpty()) {
            reception.unknownSpi(header, path, now);
            return;
        }
        byte[] message = octets;
        performer.input(sa.get(), () -> sa.get().receive(message, path, now), now);
    }

    private void dataPlane(SaEvent event, long now) {
        switch (event) {
            case SaEvent.Acquire acquire ->
                definition(acquire.tunnel())
                        .ifPresentOrElse(
                                tunnel -> keeper.acquire(tunnel, now), () -> negotiationFailed(acquire.tunnel()));
            case SaEvent.UnknownSpi(int _, IpAddress from) ->
                table.withPeer(from).stream()
                        .filter(IkeSa::isEstablished)
                        .findFirst()
                        .ifPresent(sa -> command(sa, new Command.DataPlane(event), now));
            case SaEvent.SoftLimit(int spi) -> toOwner(spi, event, now);
            case SaEvent.HardLimit(int spi) -> toOwner(spi, event, now);
            case SaEvent.FirstPacket(int spi) -> toOwner(spi, event, now);
            case SaEvent.PeerMoved(int spi, IpAddress _, int _) -> toOwner(spi, event, now);
        }
    }

    private void toOwner(int inboundSpi, SaEvent event, long now) {
        table.ownerOf(inboundSpi).ifPresent(sa -> command(sa, new Command.DataPlane(event), now));
    }

    private void replace(TunnelList next, long now) {
        TunnelList before = tunnels;
        tunnels = next;
        if (!before.equals(next)) {
            // What a peer half-way through may mean is no longer known: it starts again.
            table.allHalfOpen().forEach(sa -> command(sa, new Command.Forget("reconfigured"), now));
        }
        table.live().filter(sa -> sa.tunnel() != null).forEach(sa -> {
            if (!next.has(sa.tunnel())) {
                command(sa, new Command.Delete("reconfigured"), now);
            } else {
                sa.tunnels().stream()
                        .filter(tunnel -> !next.has(tunnel))
                        .forEach(tunnel -> sa.childrenOf(tunnel.name())
                                .forEach(spi -> command(sa, new Command.RemoveChild(spi, "reconfigured"), now)));
            }
        });
        keeper.retain(next);
        next.tunnels().stream().filter(TunnelDefinition::autoEstablish).forEach(tunnel -> keeper.connect(tunnel, now));
    }

    // What the other classes of the engine use.

    Optional<TunnelDefinition> definition(String name) {
        return tunnels.find(name);
    }

    Optional<IpAddress> sourceAddress(IpAddress remote) {
        return parts.sourceAddress().apply(remote);
    }

    /** Whether there is no room for one more tunnel. */
    boolean refuses(String tunnel, Endpoints path, long now) {
        return limit.refuses(tunnel, path, now);
    }

    void initiate(TunnelDefinition tunnel, Endpoints path, boolean initialContact, long now) {
        IkeSa sa = IkeSa.toPeer(around, tunnel, path, initialContact, now);
        table.add(sa);
        performer.input(sa, () -> sa.start(now), now);
    }

    void command(IkeSa sa, Command command, long now) {
        performer.input(sa, () -> sa.command(command, now), now);
    }

    void perform(IkeSa sa, List<Action> actions, long now) {
        performer.input(sa, () -> actions, now);
    }

    void negotiationFailed(String tunnel) {
        parts.installer().negotiationFailed(tunnel);
    }

    /** Counts a message that changed nothing, with an event as often as the rate limit allows. */
    void complain(Endpoints path, String reason, long now) {
        reception.complain(path, reason, now);
    }

    /** Counts a message that changed nothing. */
    void dropped() {
        dropped.incrementAndGet();
    }

    boolean wantsEveryReason() {
        return parts.observer().wantsEveryReason();
    }

    void observe(String tunnel, Endpoints path, Message message, boolean outbound) {
        parts.observer().message(tunnel, path, message, outbound);
    }

    void observeRefusal(Endpoints path, Message request, List<Decision> decisions, String problem) {
        observe("", path, request, false);
        parts.observer().decided("", path, decisions);
        parts.observer().concluded("", path, problem);
    }

    void transmit(Endpoints path, byte[] message) {
        byte[] payload = message;
        if (path.localPort() == Endpoints.NAT_PORT) {
            payload = new byte[NON_ESP_MARKER + message.length];
            System.arraycopy(message, 0, payload, NON_ESP_MARKER, message.length);
        }
        parts.transport().send(path.local(), path.localPort(), path.remote(), path.remotePort(), payload);
    }

    /** A result of {@link Action.Compute} comes back. */
    void computed(IkeSa sa, Runnable then) {
        order(now -> performer.input(sa, () -> sa.resume(then, now), now));
    }

    /** A computation failed by a fault of ours. */
    void computationFailed(IkeSa sa) {
        order(now -> command(sa, new Command.Forget("internal error"), now));
    }
}
