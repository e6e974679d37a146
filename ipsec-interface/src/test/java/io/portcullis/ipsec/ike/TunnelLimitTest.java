package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.ipsec.tunnel.Identity;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** MaxVPNTunnels: one tunnel is up, and a second one is wanted. */
final class TunnelLimitTest {
    private static final String REACHED = "maximum_allowed_tunnels_limit_reached";
    private static final IpAddress ELSEWHERE = IpAddress.literal("192.0.2.77");

    private final TwoPeers net = new TwoPeers(1);
    private final Tunnels otherA = Tunnels.to(TwoPeers.B);
    private final Tunnels otherB = Tunnels.mirrored(TwoPeers.A);

    /** The first tunnel is up; both sides know a second one, which A is known by another name in. */
    private void oneIsUp() {
        net.established();
        otherA.name = "other";
        otherA.localId = Optional.of(new Identity.Dns("other.example"));
        otherB.name = "other";
        otherB.remoteEndpoints =
                AddressSet.of(List.of(IpRange.of(IpAddress.literal(TwoPeers.A)), IpRange.of(ELSEWHERE)));
        otherB.remoteIds = List.of(new Identity.Dns("other.example"));
        net.a.configure(net.tunnelA.build(), otherA.build());
        net.b.configure(otherB.build(), net.tunnelB.build());
        net.settle();
        assertEquals(1, net.b.list().size());
    }

    private void connectFromElsewhere() {
        net.fate = datagram -> List.of(new TwoPeers.Datagram(
                datagram.from().equals(net.a.address) ? ELSEWHERE : datagram.from(),
                datagram.fromPort(),
                datagram.to().equals(ELSEWHERE) ? net.a.address : datagram.to(),
                datagram.toPort(),
                datagram.payload()));
        net.a.engine.connect("other");
        net.settle();
        net.fate = List::of;
    }

    private int established(TestPeer peer) {
        return (int) peer.list().stream()
                .filter(view -> view.state().equals("ESTABLISHED"))
                .count();
    }

    @Test
    void withoutALimitBothAreUp() {
        oneIsUp();
        connectFromElsewhere();
        assertEquals(2, established(net.b));
        assertFalse(net.b.eventNames().contains(REACHED));
    }

    @Test
    void aPeerThatWouldOpenOneMoreIsRefusedAndTheOthersStay() {
        net.b.engine.limit(1);
        oneIsUp();
        assertTrue(net.b.eventNames().contains("maximum_allowed_tunnels_limit_near"));
        connectFromElsewhere();
        assertEquals(1, established(net.b));
        assertEquals(1, established(net.a));
        assertTrue(net.b.eventNames().contains(REACHED));
        assertEquals("other", net.b.event(REACHED).values().getFirst());
        net.a.engine.rekeyIke("tunnel");
        net.a.engine.rekeyChildren("tunnel");
        net.settle();
        assertEquals(1, established(net.b), "new keys are no second tunnel");
        net.a.engine.delete("tunnel");
        net.settle();
        connectFromElsewhere();
        assertEquals("other", net.only(net.b).tunnel(), "there is room again");
    }

    @Test
    void aPeerThatHasATunnelMayBeginAgainButNotHaveTwo() {
        net.b.engine.limit(1);
        oneIsUp();
        net.a.engine.connect("other");
        net.settle();
        assertEquals("tunnel", net.only(net.b).tunnel());
        assertTrue(net.b.eventNames().contains(REACHED));
        // It has lost everything, and comes back before anybody has noticed.
        TestPeer reborn = net.a;
        reborn.engine.limit(0);
        net.fate = _ -> List.of();
        reborn.engine.delete("tunnel");
        net.settle();
        net.advanceSeconds(100);
        net.fate = List::of;
        reborn.engine.connect("tunnel");
        net.settle();
        assertEquals(1, established(net.b));
        assertEquals(1, established(net.a));
    }

    @Test
    void oneMoreIsNotBegunHereEither() {
        net.a.engine.limit(1);
        oneIsUp();
        otherA.initiateTo = List.of(ELSEWHERE);
        net.a.configure(net.tunnelA.build(), otherA.build());
        int sent = net.sent;
        net.a.engine.connect("other");
        net.settle();
        assertEquals(sent, net.sent, "nothing is sent");
        assertEquals(1, Collections.frequency(net.a.eventNames(), REACHED));
        net.a.engine.limit(2);
        net.a.engine.connect("other");
        net.settle();
        assertTrue(net.sent > sent);
    }

    @Test
    void aLowerLimitEndsNoTunnel() {
        oneIsUp();
        connectFromElsewhere();
        net.b.engine.limit(1);
        net.settle();
        net.b.engine.rekeyIke("tunnel");
        net.settle();
        assertEquals(2, established(net.b));
    }
}
