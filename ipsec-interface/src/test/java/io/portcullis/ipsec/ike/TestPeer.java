package io.portcullis.ipsec.ike;

import io.portcullis.core.event.Event;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.ike.wire.DeletePayload;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.sa.SaInstaller;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** An engine whose data plane is a few maps. */
final class TestPeer implements SaInstaller, IkeObserver {
    final IpAddress address;
    final IkeEngine engine;
    final Map<Integer, SaPair> installed = new LinkedHashMap<>();
    final Set<Integer> reserved = new HashSet<>();
    final Map<Integer, SaUsage> usage = new HashMap<>();
    final List<Event> events = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    final List<IkeKeys> keys = new ArrayList<>();
    /** Where Diffie-Hellman is computed: at once, unless a test wants it otherwise. */
    Executor slow = Runnable::run;

    private final LongSupplier clock;
    /** Inbound SPIs, the pair that outbound traffic uses last, as the data plane keeps them. */
    private final List<Integer> order = new ArrayList<>();

    private int nextSpi;

    TestPeer(String address, int firstSpi, IkeTransport transport, LongSupplier clock, SeededRandom random) {
        this(address, firstSpi, transport, clock, random, IkeSettings.DEFAULT);
    }

    TestPeer(
            String address,
            int firstSpi,
            IkeTransport transport,
            LongSupplier clock,
            SeededRandom random,
            IkeSettings settings) {
        this.address = IpAddress.literal(address);
        this.clock = clock;
        nextSpi = firstSpi;
        engine = new IkeEngine(new IkeEngine.Parts(
                transport,
                this,
                spi -> Optional.ofNullable(usage.get(spi)),
                _ -> Optional.of(this.address),
                events::add,
                this,
                task -> slow.execute(task),
                KeyExchangeSource.fresh(random),
                random,
                settings,
                clock.getAsLong()));
    }

    /** Inbound SPI of the pair that outbound traffic uses, 0 for none. */
    int outbound() {
        return order.isEmpty() ? 0 : order.getLast();
    }

    /** Whether the peer receives on the pair that outbound traffic uses. */
    boolean isHeardBy(TestPeer peer) {
        return order.isEmpty()
                || peer.installed.containsKey(installed.get(outbound()).outboundSpi());
    }

    void configure(TunnelDefinition... tunnels) {
        engine.tunnels(List.of(tunnels));
        poll();
    }

    void poll() {
        engine.poll(clock.getAsLong());
    }

    List<IkeSaView> list() {
        CompletableFuture<List<IkeSaView>> answer = engine.list();
        poll();
        return answer.join();
    }

    /** Events' names in order. */
    List<String> eventNames() {
        return events.stream().map(event -> event.type().name()).toList();
    }

    Event event(String name) {
        return events.stream()
                .filter(event -> event.type().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + events));
    }

    @Override
    public void message(String tunnel, Endpoints path, Message message, boolean outbound) {
        messages.add("%7.3f %s %s".formatted(clock.getAsLong() / 1e9, outbound ? ">" : "<", line(message)));
    }

    @Override
    public void ikeKeys(long initiatorSpi, long responderSpi, IkeKeys made) {
        keys.add(made);
    }

    private static String line(Message message) {
        return message.header() + " "
                + message.payloads().stream().map(TestPeer::line).toList();
    }

    private static String line(Payload payload) {
        return switch (payload) {
            case NotifyPayload notify -> NotifyType.nameOf(notify.type()) + "(" + notify.spi() + ")";
            case DeletePayload delete -> "D" + delete.spis();
            default -> PayloadType.nameOf(payload.payloadType());
        };
    }

    @Override
    public int allocateSpi(String tunnel) {
        reserved.add(nextSpi);
        return nextSpi++;
    }

    @Override
    public void releaseSpi(int inboundSpi) {
        if (!reserved.remove(inboundSpi)) {
            throw new AssertionError("SPI released that was not reserved");
        }
    }

    @Override
    public void install(SaPair pair) {
        if (!reserved.remove(pair.inboundSpi())) {
            throw new AssertionError("SPI used that was not reserved");
        }
        installed.put(pair.inboundSpi(), pair);
        note("install", pair.inboundSpi());
        order.add(pair.replaces() == null ? order.size() : 0, pair.inboundSpi());
    }

    @Override
    public void activateOutbound(int inboundSpi) {
        if (!installed.containsKey(inboundSpi)) {
            throw new AssertionError("activated what is not installed");
        }
        note("activate", inboundSpi);
        order.removeIf(spi -> spi == inboundSpi);
        order.add(inboundSpi);
    }

    @Override
    public void remove(int inboundSpi) {
        note("remove", inboundSpi);
        installed.remove(inboundSpi);
        order.removeIf(spi -> spi == inboundSpi);
    }

    private void note(String what, int inboundSpi) {
        messages.add("%7.3f   %s %x".formatted(clock.getAsLong() / 1e9, what, inboundSpi));
    }

    @Override
    public void movePath(int inboundSpi, SaPair.Path path) {
        SaPair old = installed.get(inboundSpi);
        installed.put(
                inboundSpi,
                new SaPair(
                        old.tunnel(),
                        old.inboundSpi(),
                        old.outboundSpi(),
                        old.suite(),
                        old.inboundKeys(),
                        old.outboundKeys(),
                        old.local(),
                        old.remote(),
                        path,
                        old.extendedSequence(),
                        old.replayWindow(),
                        old.softBytes(),
                        old.hardBytes(),
                        old.replaces()));
    }

    @Override
    public void negotiationFailed(String tunnel) {
        failed.add(tunnel);
    }
}
