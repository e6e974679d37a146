package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.TwoPeers.Datagram;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What time, volume and the data plane make established SAs do. */
final class UpkeepTest {
    private final TwoPeers net = new TwoPeers(1);

    private static SaUsage used(long packets, long lastNanos) {
        return new SaUsage(packets, packets * 100, packets, packets * 100, lastNanos, lastNanos, 0, 0, packets);
    }

    private int spi(TestPeer peer) {
        return peer.installed.keySet().iterator().next();
    }

    @Test
    void childIsRekeyedBeforeItExpires() {
        net.tunnelA.ipsecLife = 300;
        net.established();
        int first = spi(net.a);
        net.advanceSeconds(235); // not earlier than twice the margin of 30 s
        assertEquals(Set.of(first), net.a.installed.keySet());
        net.advanceSeconds(60);
        net.assertSameOnBothSides();
        assertFalse(net.a.installed.containsKey(first), net::story);
        assertEquals(1, net.a.installed.size());
    }

    @Test
    void idleChildExpiresAndIsNotRenewed() {
        net.tunnelA.ipsecLife = 300;
        net.established();
        net.a.usage.put(spi(net.a), used(0, 0));
        net.advanceSeconds(301);
        net.assertSameOnBothSides();
        assertTrue(net.a.installed.isEmpty());
        net.only(net.a);
    }

    @Test
    void childThatIsToBeKeptUpIsRenewedIdleOrNot() {
        net.tunnelA.ipsecLife = 300;
        net.tunnelA.autoEstablish = true;
        net.established();
        net.a.usage.put(spi(net.a), used(0, 0));
        net.advanceSeconds(301);
        net.assertSameOnBothSides();
        assertEquals(1, net.a.installed.size());
    }

    @Test
    void volumeIsLimitedOnBothSidesOfTheDataPlane() {
        net.tunnelA.kilobytes = 1000;
        net.established();
        SaPair pair = net.a.installed.values().iterator().next();
        assertEquals(1_024_000, pair.hardBytes());
        assertTrue(pair.softBytes() > 800_000 && pair.softBytes() <= 921_600, "" + pair.softBytes());
        net.a.engine.saEvent(new SaEvent.SoftLimit(pair.inboundSpi()));
        net.settle();
        net.advanceSeconds(5);
        net.assertSameOnBothSides();
        assertNotEquals(pair.inboundSpi(), spi(net.a));
        net.a.engine.saEvent(new SaEvent.HardLimit(spi(net.a)));
        net.settle();
        net.assertSameOnBothSides();
        assertTrue(net.a.installed.isEmpty());
    }

    @Test
    void ikeSaIsRekeyedBeforeItExpires() {
        net.tunnelA.ikeLife = 1000;
        net.established();
        long before = net.only(net.a).initiatorSpi();
        net.advanceSeconds(1001);
        net.assertSameOnBothSides();
        assertEquals(1, net.a.installed.size());
        assertNotEquals(before, net.only(net.a).initiatorSpi());
    }

    /** The responder of a rekey sends on the new SA once the peer does, or has deleted the old one. */
    @Test
    void outboundTrafficMovesWithTheFirstPacket() {
        net.established();
        int old = net.b.outbound();
        net.a.engine.rekeyChildren("tunnel");
        net.a.poll();
        net.deliver(0); // CREATE_CHILD_SA request
        assertEquals(2, net.b.installed.size());
        assertEquals(old, net.b.outbound());
        int made = net.b.installed.keySet().stream()
                .filter(it -> it != old)
                .findFirst()
                .orElseThrow();
        net.b.engine.saEvent(new SaEvent.FirstPacket(made));
        net.b.poll();
        assertEquals(made, net.b.outbound());
        net.settle();
        net.advanceSeconds(5);
        net.assertSameOnBothSides();
    }

    @Test
    void espTrafficCountsAsALifeSign() {
        net.tunnelA.dpd = 10;
        net.established();
        int sent = net.sent;
        for (int i = 0; i < 10; i++) {
            net.a.usage.put(spi(net.a), used(1, net.clock.nanos()));
            net.advanceSeconds(8);
        }
        assertEquals(sent, net.sent);
        net.advanceSeconds(11);
        assertEquals(sent + 2, net.sent);
    }

    @Test
    void aRestartedPeerReplacesItsOldSas() {
        net.established();
        int old = spi(net.b);
        TestPeer reborn = new TestPeer(
                TwoPeers.A,
                0x9000,
                (from, fromPort, to, toPort, payload) ->
                        net.b.engine.received(to, toPort, from, fromPort, "wan", payload),
                net.clock::nanos,
                new SeededRandom(99));
        reborn.configure(net.tunnelA.build());
        reborn.engine.connect("tunnel");
        for (int i = 0; i < 4; i++) {
            reborn.poll();
            net.b.poll();
            net.wire.forEach(it -> reborn.engine.received(
                    it.to(),
                    it.toPort(),
                    it.from(),
                    it.fromPort(),
                    "wan",
                    it.payload().toArray()));
            net.wire.clear();
        }
        assertEquals(1, reborn.installed.size());
        assertEquals(1, net.b.installed.size());
        assertFalse(net.b.installed.containsKey(old));
    }

    @Test
    void unknownSpiIsToldToThePeer() {
        net.established();
        net.a.engine.saEvent(new SaEvent.UnknownSpi(spi(net.a) + 77, net.b.address));
        net.settle();
        net.assertSameOnBothSides();
        net.a.engine.saEvent(
                new SaEvent.UnknownSpi(net.b.installed.get(spi(net.b)).outboundSpi(), net.b.address));
        net.settle();
        assertTrue(net.b.installed.isEmpty(), net::story); // the second one is what B sends on
    }

    private static final IpAddress NAT = IpAddress.literal("198.51.100.1");

    private List<Datagram> translate(Datagram datagram, int shift) {
        if (datagram.from().equals(net.a.address)) {
            return List.of(new Datagram(
                    NAT, datagram.fromPort() + shift, datagram.to(), datagram.toPort(), datagram.payload()));
        }
        if (datagram.toPort() < 10_000) {
            return List.of();
        }
        return List.of(new Datagram(
                datagram.from(), datagram.fromPort(), net.a.address, datagram.toPort() - shift, datagram.payload()));
    }

    @Test
    void behindANatEverythingGoesThroughPort4500() {
        net.tunnelB.remoteEndpoints = AddressSet.of(NAT);
        net.tunnelA.dpd = 30;
        net.fate = datagram -> translate(datagram, 10_000);
        net.established();
        SaPair pair = net.b.installed.values().iterator().next();
        assertTrue(pair.path().udpEncapsulated());
        assertEquals(4500, pair.path().localPort());
        assertEquals(14_500, pair.path().remotePort());
        assertEquals(NAT, pair.path().remote());
        assertTrue(net.only(net.a).natHere());
        assertTrue(net.only(net.b).natThere());

        int sent = net.sent;
        net.advanceSeconds(21);
        assertEquals(sent + 1, net.sent); // a keepalive, which nobody answers

        // The NAT forgets and takes another port; the next authentic message shows it (RFC 7296 section 2.23).
        net.fate = datagram -> translate(datagram, 20_000);
        net.advanceSeconds(15);
        assertEquals(24_500, net.b.installed.values().iterator().next().path().remotePort());
        net.a.engine.rekeyChildren("tunnel");
        net.settle();
        net.advanceSeconds(5);
        net.assertSameOnBothSides();

        net.fate = datagram -> translate(datagram, 30_000);
        net.b.engine.saEvent(new SaEvent.PeerMoved(spi(net.b), NAT, 34_500));
        net.b.poll();
        assertEquals(34_500, net.b.installed.get(spi(net.b)).path().remotePort());
    }

    @Test
    void aPeerWithoutNatIsNotFollowed() {
        net.established();
        net.b.engine.saEvent(new SaEvent.PeerMoved(spi(net.b), NAT, 34_500));
        net.b.poll();
        assertEquals(net.a.address, net.b.installed.get(spi(net.b)).path().remote());
    }

    @Test
    void nextAddressWhenTheFirstIsSilent() {
        net.tunnelA.initiateTo.addFirst(IpAddress.literal("192.0.2.77"));
        net.fate =
                datagram -> datagram.to().equals(net.b.address) || datagram.to().equals(net.a.address)
                        ? List.of(datagram)
                        : List.of();
        net.configured();
        net.a.engine.connect("tunnel");
        net.advanceSeconds(65);
        net.assertSameOnBothSides();
        assertEquals(1, net.a.installed.size());
    }

    @Test
    void anUnchangedTunnelIsNotTouched() {
        net.established();
        int sent = net.sent;
        net.a.configure(net.tunnelA.build());
        net.settle();
        assertEquals(sent, net.sent);
        net.a.configure();
        net.settle();
        assertTrue(net.b.installed.isEmpty());
    }

    @Test
    void keptUpWhateverThePeerDoes() {
        net.tunnelA.autoEstablish = true;
        net.established();
        for (int i = 0; i < 3; i++) {
            net.b.engine.delete("tunnel");
            net.advanceSeconds(5);
            assertEquals(1, net.a.installed.size(), net::story);
            net.b.engine.deleteChildren("tunnel");
            net.advanceSeconds(5);
            assertEquals(1, net.a.installed.size(), net::story);
        }
        net.assertSameOnBothSides();
    }
}
