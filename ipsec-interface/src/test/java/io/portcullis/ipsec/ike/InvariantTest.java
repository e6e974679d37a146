package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.TwoPeers.Datagram;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever a wire does and whoever wants what at the same time: once it is quiet, both sides have the same SAs or
 * none. Each seed is one run; a failure names its seed.
 */
final class InvariantTest {
    private static final long BUDGET_NANOS = 2_500_000_000L;
    private static final long FIRST_SEED = 20_260_101L;

    @Test
    void bothSidesEndWithTheSameSas() {
        long start = System.nanoTime();
        long seed = FIRST_SEED;
        while (System.nanoTime() - start < BUDGET_NANOS) {
            try {
                run(seed);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            seed++;
        }
        System.out.println("InvariantTest: seeds " + FIRST_SEED + " to " + (seed - 1));
        assertTrue(seed > FIRST_SEED + 10);
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        TwoPeers net = new TwoPeers(seed);
        net.tunnelA.autoEstablish = random.nextBoolean();
        net.tunnelB.autoEstablish = random.nextInt(4) == 0;
        if (random.nextInt(3) == 0) {
            net.tunnelA.pfsGroups = List.of(DhGroup.ECP_256, DhGroup.CURVE25519);
            net.tunnelB.pfsGroups = List.of(DhGroup.CURVE25519);
        }
        net.tunnelA.dpd = 20;
        net.tunnelB.dpd = 20;
        net.tunnelA.ipsecLife = 120 + random.nextInt(600);
        net.tunnelB.ipsecLife = 120 + random.nextInt(600);
        net.tunnelA.ikeLife = 300 + random.nextInt(600);
        int loss = random.nextInt(40);
        net.fate = datagram -> fate(datagram, random, loss);
        net.configured();
        net.a.engine.connect("tunnel");
        for (int i = 0; i < 12; i++) {
            wish(random.nextBoolean() ? net.a : net.b, random);
            if (random.nextInt(3) == 0) {
                wish(random.nextBoolean() ? net.a : net.b, random);
            }
            talk(net, random);
            net.advanceSeconds(random.nextInt(30));
        }
        // The wire is good again, and nobody wants anything.
        net.fate = List::of;
        net.advanceSeconds(150);
        quiet(net);
        net.assertSameOnBothSides();
    }

    /** Waits for a moment without a rekey under way: lifetimes are short here. */
    private static void quiet(TwoPeers net) {
        for (int i = 0; i < 60 && !same(net); i++) {
            net.advanceSeconds(2);
        }
    }

    private static boolean same(TwoPeers net) {
        return net.a.installed.size() == net.b.installed.size()
                && net.a.installed.values().stream().allMatch(pair -> net.b.installed.containsKey(pair.outboundSpi()))
                && net.a.reserved.isEmpty()
                && net.b.reserved.isEmpty()
                && net.a.list().size() == net.b.list().size();
    }

    private static void wish(TestPeer peer, Random random) {
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> peer.engine.rekeyChildren("tunnel");
            case 3, 4 -> peer.engine.rekeyIke("tunnel");
            case 5 -> peer.engine.deleteChildren("tunnel");
            case 6 -> peer.engine.delete("tunnel");
            default -> peer.engine.connect("tunnel");
        }
    }

    private static List<Datagram> fate(Datagram datagram, Random random, int loss) {
        int die = random.nextInt(100);
        if (die < loss) {
            return List.of();
        }
        if (die < loss + 5) {
            return List.of(datagram, datagram);
        }
        if (die < loss + 8) {
            byte[] octets = datagram.payload().toArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            return List.of(new Datagram(
                    datagram.from(), datagram.fromPort(), datagram.to(), datagram.toPort(), Octets.of(octets)));
        }
        return List.of(datagram);
    }

    /** Delivers in any order, and not always all of it. */
    private static void talk(TwoPeers net, Random random) {
        List<TestPeer> peers = new ArrayList<>(List.of(net.a, net.b));
        for (int i = 0; i < 40; i++) {
            peers.get(random.nextInt(2)).poll();
            if (!net.wire.isEmpty() && random.nextInt(4) > 0) {
                net.deliver(random.nextInt(net.wire.size()));
            }
        }
    }
}
