package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.TwoPeers.Datagram;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every exchange of an established SA, begun by either side, with each of its messages lost, doubled or damaged. */
final class ExchangeTest {
    /** What one side does, and how many child SAs are up afterwards. */
    enum Exchange {
        REKEY_CHILD((_, peer) -> peer.engine.rekeyChildren("tunnel"), 1),
        REKEY_CHILD_WITH_PFS((_, peer) -> peer.engine.rekeyChildren("tunnel"), 1),
        REKEY_IKE((_, peer) -> peer.engine.rekeyIke("tunnel"), 1),
        DELETE_CHILD((_, peer) -> peer.engine.deleteChildren("tunnel"), 0),
        DELETE_IKE((_, peer) -> peer.engine.delete("tunnel"), 0),
        DELETE_BY_ADDRESS((net, peer) -> peer.engine.delete(net.other(peer).address), 0),
        RECONFIGURE(
                (net, peer) -> {
                    net.tunnelA.ipsecLife = 1800;
                    net.tunnelB.ipsecLife = 1800;
                    peer.configure((peer == net.a ? net.tunnelA : net.tunnelB).build());
                },
                0);

        final BiConsumer<TwoPeers, TestPeer> act;
        final int children;

        Exchange(BiConsumer<TwoPeers, TestPeer> act, int children) {
            this.act = act;
            this.children = children;
        }
    }

    static Stream<Arguments> exchangesAndSides() {
        return Stream.of(Exchange.values())
                .flatMap(exchange -> Stream.of(Arguments.of(exchange, true), Arguments.of(exchange, false)));
    }

    private static TwoPeers established(Exchange exchange, long seed) {
        TwoPeers net = new TwoPeers(seed);
        if (exchange == Exchange.REKEY_CHILD_WITH_PFS) {
            net.tunnelA.pfsGroups = List.of(DhGroup.ECP_256, DhGroup.CURVE25519);
            net.tunnelB.pfsGroups = List.of(DhGroup.CURVE25519);
        }
        return net.established();
    }

    private static void check(TwoPeers net, Exchange exchange, Set<Integer> before) {
        net.advanceSeconds(100);
        net.assertSameOnBothSides();
        assertEquals(exchange.children, net.a.installed.size(), net::story);
        if (exchange == Exchange.REKEY_CHILD || exchange == Exchange.REKEY_CHILD_WITH_PFS) {
            assertNotEquals(before, new TreeSet<>(net.a.installed.keySet()), net::story);
        }
        if (exchange == Exchange.REKEY_IKE) {
            assertEquals(before, new TreeSet<>(net.a.installed.keySet()), net::story);
        }
        if (exchange.children > 0) {
            IkeSaView view = net.only(net.a);
            assertEquals("ESTABLISHED", view.state());
        }
    }

    @ParameterizedTest
    @MethodSource("exchangesAndSides")
    void undisturbed(Exchange exchange, boolean byA) {
        TwoPeers net = established(exchange, 3);
        Set<Integer> before = new TreeSet<>(net.a.installed.keySet());
        long oldSpi = net.only(net.a).initiatorSpi();
        exchange.act.accept(net, byA ? net.a : net.b);
        net.settle();
        check(net, exchange, before);
        if (exchange == Exchange.REKEY_IKE) {
            assertNotEquals(oldSpi, net.only(net.a).initiatorSpi());
            assertEquals(byA, net.only(net.a).initiator());
        }
    }

    /** Changes the nth datagram only. */
    private static void nth(TwoPeers net, int n, Function<Datagram, List<Datagram>> change) {
        int from = net.sent + n;
        net.fate = datagram -> net.sent == from ? change.apply(datagram) : List.of(datagram);
    }

    private static void disturbed(Exchange exchange, boolean byA, Function<Datagram, List<Datagram>> change) {
        for (int n = 1; n <= 7; n++) {
            TwoPeers net = established(exchange, 5 + n);
            Set<Integer> before = new TreeSet<>(net.a.installed.keySet());
            nth(net, n, change);
            exchange.act.accept(net, byA ? net.a : net.b);
            net.settle();
            check(net, exchange, before);
        }
    }

    @ParameterizedTest
    @MethodSource("exchangesAndSides")
    void eachMessageLost(Exchange exchange, boolean byA) {
        disturbed(exchange, byA, _ -> List.of());
    }

    @ParameterizedTest
    @MethodSource("exchangesAndSides")
    void eachMessageDoubled(Exchange exchange, boolean byA) {
        disturbed(exchange, byA, datagram -> List.of(datagram, datagram));
    }

    @ParameterizedTest
    @MethodSource("exchangesAndSides")
    void eachMessageDamaged(Exchange exchange, boolean byA) {
        Random random = new Random(17);
        disturbed(exchange, byA, datagram -> {
            byte[] octets = datagram.payload().toArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            return List.of(new Datagram(
                    datagram.from(), datagram.fromPort(), datagram.to(), datagram.toPort(), Octets.of(octets)));
        });
    }

    @Test
    void eachMessageOfTheSetUpLostOrDoubled() {
        for (int n = 1; n <= 4; n++) {
            for (boolean lost : new boolean[] {true, false}) {
                TwoPeers net = new TwoPeers(n).configured();
                nth(net, n, datagram -> lost ? List.of() : List.of(datagram, datagram));
                net.a.engine.connect("tunnel");
                net.settle();
                net.advanceSeconds(5);
                net.assertSameOnBothSides();
                assertEquals(1, net.a.installed.size(), net::story);
                net.only(net.b);
            }
        }
    }

    @Test
    void sixTriesThenSilence() {
        TwoPeers net = new TwoPeers(1).configured();
        net.fate = _ -> List.of();
        net.a.engine.connect("tunnel");
        net.settle();
        net.advanceSeconds(62);
        assertEquals(6, net.sent);
        assertEquals(1, net.a.list().size());
        net.advanceSeconds(2);
        assertTrue(net.a.list().isEmpty());
        assertEquals(List.of("ike_peer_silent"), net.a.eventNames());
        assertEquals(List.of("tunnel"), net.a.failed);
    }

    @Test
    void aPeerThatGoesSilentIsNoticed() {
        TwoPeers net = new TwoPeers(1);
        net.tunnelA.dpd = 10;
        net.established();
        net.advanceSeconds(60);
        net.assertSameOnBothSides(); // asked and answered all the time
        net.fate = _ -> List.of();
        net.advanceSeconds(10 + 64);
        assertTrue(net.a.installed.isEmpty());
        net.a.event("ike_peer_silent");
        assertEquals(1, net.b.installed.size()); // B does not look
    }

    @Test
    void bothRekeyTheChildAtOnceAndOneWins() {
        for (int seed = 0; seed < 40; seed++) {
            TwoPeers net = new TwoPeers(seed).established();
            net.a.engine.rekeyChildren("tunnel");
            net.b.engine.rekeyChildren("tunnel");
            net.a.poll();
            net.b.poll();
            assertEquals(2, net.wire.size());
            net.settle(); // RFC 7296 section 2.8.1: the SA made with the lowest of the four nonces is closed
            net.advanceSeconds(5);
            net.assertSameOnBothSides();
            assertEquals(1, net.a.installed.size(), net::story);
        }
    }

    @Test
    void bothRekeyTheIkeSaAtOnceAndOneWins() {
        for (int seed = 0; seed < 40; seed++) {
            TwoPeers net = new TwoPeers(seed).established();
            net.a.engine.rekeyIke("tunnel");
            net.b.engine.rekeyIke("tunnel");
            net.a.poll();
            net.b.poll();
            assertEquals(2, net.wire.size());
            net.settle();
            net.advanceSeconds(5);
            net.assertSameOnBothSides();
            assertEquals(1, net.a.installed.size(), net::story);
            net.only(net.a);
        }
    }

    /** RFC 7296 section 2.25.2: one of them is put off and comes about later. */
    @Test
    void oneRekeysTheChildAndTheOtherTheIkeSa() {
        TwoPeers net = new TwoPeers(9).established();
        Set<Integer> before = Set.copyOf(net.a.installed.keySet());
        long spi = net.only(net.a).initiatorSpi();
        net.a.engine.rekeyChildren("tunnel");
        net.b.engine.rekeyIke("tunnel");
        net.a.poll();
        net.b.poll();
        net.settle();
        net.advanceSeconds(30);
        net.assertSameOnBothSides();
        assertNotEquals(before, net.a.installed.keySet());
        assertNotEquals(spi, net.only(net.a).initiatorSpi());
    }

    @Test
    void bothDeleteAtOnce() {
        for (Exchange exchange : List.of(Exchange.DELETE_CHILD, Exchange.DELETE_IKE)) {
            TwoPeers net = new TwoPeers(2).established();
            exchange.act.accept(net, net.a);
            exchange.act.accept(net, net.b);
            net.a.poll();
            net.b.poll();
            net.settle();
            net.advanceSeconds(5);
            net.assertSameOnBothSides();
            assertTrue(net.a.installed.isEmpty(), net::story);
        }
    }
}
