package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SaDatabaseTest {
    private static final long SECOND = 1_000_000_000L;

    private final Site one = new Site(1);
    private final Site two = new Site(2);

    @AfterEach
    void noPacketIsLost() {
        one.database.negotiationFailed("tunnel");
        one.sent();
        assertEquals(one.worker.pool.size(), one.worker.pool.available());
        assertEquals(two.worker.pool.size(), two.worker.pool.available());
        one.close();
        two.close();
    }

    private static int spi(byte[] outer) {
        return Esp.spi(MemorySegment.ofArray(outer), Ipv4.HEADER);
    }

    @Test
    void withoutAnSaPacketsWaitAndAskForOne() {
        for (int i = 0; i < WaitingPackets.CAPACITY; i++) {
            assertEquals(List.of(), one.send(Inner.v4(60 + i)));
        }
        assertEquals(List.of(), one.worker.dropped);
        one.send(Inner.v4(90));
        assertEquals(List.of(DropReason.TUNNEL_QUEUE_FULL), one.worker.dropped);
        List<SaEvent> raised = one.raised();
        assertEquals(new SaEvent.Acquire("tunnel", Inner.V4_FROM, Inner.V4_TO, 17, 1000, 2000), raised.getFirst());
        assertEquals(8, raised.size(), "rate limited");

        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM).install();
        List<byte[]> released = one.sent();
        assertEquals(WaitingPackets.CAPACITY, released.size());
        for (int i = 0; i < released.size(); i++) {
            assertEquals(DropReason.NONE, two.receive(released.get(i)));
            assertArrayEquals(Inner.v4(60 + i), two.received().getFirst(), "in order");
        }
    }

    @Test
    void nothingWaitsWhenBuffersAreShort() {
        List<Packet> busy = new ArrayList<>();
        while (one.worker.pool.available() > one.worker.pool.size() / 2) {
            busy.add(one.worker.pool.take());
        }
        one.send(Inner.v4(60));
        assertEquals(List.of(DropReason.TUNNEL_QUEUE_FULL), one.worker.dropped);
        assertEquals(1, one.raised().size(), "the tunnel comes up all the same");
        busy.forEach(one.worker.pool::give);
    }

    @Test
    void waitingPacketsDieWhenNegotiationFailsOrAfterTenSeconds() {
        one.send(Inner.v4(60));
        one.database.negotiationFailed("tunnel");
        assertEquals(List.of(DropReason.TUNNEL_DOWN), one.worker.dropped);
        one.send(Inner.v4(60));
        one.worker.now += 9 * SECOND;
        one.database.tick(one.worker, one.worker.now);
        assertEquals(1, one.worker.dropped.size());
        one.worker.now += SECOND;
        one.database.tick(one.worker, one.worker.now);
        assertEquals(2, one.worker.dropped.size());
        assertEquals(2, one.tunnel.tunnelInterface().counters().drops(DropReason.TUNNEL_DOWN));
        one.send(Inner.v4(60));
        one.database.removeTunnel(one.tunnel);
        assertEquals(3, one.worker.dropped.size());
    }

    @Test
    void packetsOutsideTheTunnelsNetworksNeverLeave() {
        one.tunnel.settings(
                new TunnelSettings(selectors("10.1.0.0/24"), selectors("10.9.0.0/24"), -1, 0, 1400, List.of()));
        assertEquals(List.of(), one.send(Inner.v4(60)));
        assertEquals(List.of(DropReason.NO_SELECTOR), one.worker.dropped);
        assertEquals(List.of(), one.raised());
    }

    private static List<TrafficSelector> selectors(String network) {
        return List.of(TrafficSelector.of(IpNetwork.literal(network)));
    }

    @Test
    void theSaIsChosenBySelectors() {
        one.pair(1, Site.GCM)
                .selectors(selectors("10.1.0.0/16"), selectors("10.2.0.0/16"))
                .install();
        one.pair(2, Site.GCM)
                .selectors(selectors("2001:db8:1::/48"), selectors("2001:db8:2::/48"))
                .install();
        assertEquals(0x1200, spi(one.send(Inner.v4(60)).getFirst()));
        assertEquals(0x2200, spi(one.send(Inner.v6(60, 0)).getFirst()));
        TrafficSelector dns =
                new TrafficSelector(17, 53, 53, IpNetwork.literal("10.2.0.0/16").range());
        one.pair(3, Site.GCM).selectors(selectors("10.1.0.0/16"), List.of(dns)).install();
        assertEquals(0x1200, spi(one.send(Inner.v4(60)).getFirst()), "port 2000 is not 53");
        TrafficSelector port = new TrafficSelector(
                17, 2000, 2000, IpNetwork.literal("10.2.0.0/16").range());
        one.pair(4, Site.GCM).selectors(selectors("10.1.0.0/16"), List.of(port)).install();
        assertEquals(0x4200, spi(one.send(Inner.v4(60)).getFirst()), "the newest that fits");
    }

    @Test
    void whatLiesOutsideTheSelectorsIsDroppedAfterDecryption() {
        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM)
                .selectors(selectors("10.1.0.0/24"), selectors("10.2.0.2/32"))
                .install();
        assertEquals(
                DropReason.SELECTOR_MISMATCH, two.receive(one.send(Inner.v4(60)).getFirst()));
        two.database.remove(0x1200);
        TrafficSelector tcp = new TrafficSelector(
                6, 0, 65_535, IpNetwork.literal("10.2.0.0/16").range());
        two.pair(1, Site.GCM).selectors(selectors("10.1.0.0/24"), List.of(tcp)).install();
        assertEquals(
                DropReason.SELECTOR_MISMATCH, two.receive(one.send(Inner.v4(60)).getFirst()));
        assertEquals(2, two.tunnel.tunnelInterface().counters().drops(DropReason.SELECTOR_MISMATCH));
    }

    @Test
    void aReplacementReceivesAtOnceAndSendsWhenToldTo() {
        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM).install();
        byte[] late = one.send(Inner.v4(61)).getFirst();
        one.pair(2, Site.CBC).replaces(0x1100).install();
        assertEquals(0x1200, spi(one.send(Inner.v4(60)).getFirst()), "the old one sends");
        two.pair(2, Site.CBC).replaces(0x1200).install();
        two.database.activateOutbound(0x2200);
        byte[] fromTwo = two.send(reversed()).getFirst();
        assertEquals(0x2100, spi(fromTwo));
        assertEquals(DropReason.NONE, one.receive(fromTwo), "the new one receives already");
        one.received();
        assertTrue(one.raised().contains(new SaEvent.FirstPacket(0x2100)));
        one.database.activateOutbound(0x1100 + 0x1000);
        assertEquals(0x2200, spi(one.send(Inner.v4(60)).getFirst()));
        assertEquals(DropReason.NONE, two.receive(late), "the old one still receives");
        two.received();
        one.database.remove(0x1100);
        two.database.remove(0x1200);
        assertEquals(DropReason.UNKNOWN_SPI, two.receive(late));
        assertEquals(0x2200, spi(one.send(Inner.v4(60)).getFirst()));
    }

    @Test
    void aReplacementWhoseTellerNeverCameTakesOverWhenTheOldOneIsGone() {
        one.pair(1, Site.GCM).install();
        one.pair(2, Site.GCM).replaces(0x1100).install();
        one.database.remove(0x1100);
        assertEquals(0x2200, spi(one.send(Inner.v4(60)).getFirst()));
    }

    private static byte[] reversed() {
        byte[] packet = Inner.v4(60);
        MemorySegment b = MemorySegment.ofArray(packet);
        Ipv4.source(b, 0, Inner.V4_TO.v4Bits());
        Ipv4.destination(b, 0, Inner.V4_FROM.v4Bits());
        return packet;
    }

    @Test
    void limitsAreRaisedOnceAndTheHardOneEndsTheSa() {
        one.pair(1, Site.GCM).limits(150, 300).install();
        for (int i = 0; i < 5; i++) {
            one.send(Inner.v4(62));
        }
        List<SaEvent> raised = one.raised();
        assertEquals(new SaEvent.SoftLimit(0x1100), raised.get(0));
        assertEquals(new SaEvent.HardLimit(0x1100), raised.get(1));
        assertTrue(one.database.view(0x1100).orElseThrow().expired());
        assertEquals(5, one.database.usage(0x1100).orElseThrow().outboundPackets());
        one.send(Inner.v4(62));
        assertTrue(one.raised().getFirst() instanceof SaEvent.Acquire, "the packet waits for another SA");

        two.pair(1, Site.GCM).limits(0, 100).install();
        one.database.remove(0x1100);
        one.sent();
        one.pair(1, Site.GCM).install();
        one.sent();
        byte[] first = one.send(Inner.v4(62)).getFirst();
        byte[] second = one.send(Inner.v4(62)).getFirst();
        byte[] third = one.send(Inner.v4(62)).getFirst();
        assertEquals(DropReason.NONE, two.receive(first));
        assertEquals(DropReason.NONE, two.receive(second));
        assertEquals(DropReason.SA_EXPIRED, two.receive(third));
        two.received();
    }

    @Test
    void aRemovedSaLeavesNoKeys() {
        SaPair pair = one.pair(1, Site.CBC).made();
        one.database.install(pair);
        one.sent();
        assertFalse(Arrays.equals(new byte[32], pair.inboundKeys().integrity()));
        one.database.remove(pair.inboundSpi());
        one.sent();
        for (SecretKeys keys : List.of(pair.inboundKeys(), pair.outboundKeys())) {
            assertArrayEquals(new byte[32], keys.encryption());
            assertArrayEquals(new byte[32], keys.integrity());
        }
    }

    @Test
    void theLastSequenceNumberIsUsedAndNoneAfterIt() {
        SaPair pair = one.pair(1, Site.GCM).made();
        OutboundSa out =
                new OutboundSa(pair, Site.CRYPTO.transform(pair.suite(), pair.outboundKeys(), false), 0xffff_fffeL);
        assertTrue(out.nearEnd());
        assertTrue(out.hasSequence());
        assertEquals(0xffff_ffffL, out.nextSequence());
        assertFalse(out.hasSequence());
    }

    @Test
    void unknownSpisAreReportedFiveTimesASecond() {
        byte[] outer = new byte[100];
        MemorySegment b = MemorySegment.ofArray(outer);
        Ipv4.write(b, 0, 0, outer.length, 1, true, 64, 50, Site.outer(true, 1).v4Bits(), 0xc0000202);
        Esp.write(b, Ipv4.HEADER, 0xdead, 1);
        for (int i = 0; i < 20; i++) {
            assertEquals(DropReason.UNKNOWN_SPI, two.receive(outer));
        }
        List<SaEvent> raised = two.raised();
        assertEquals(5, raised.size());
        assertEquals(new SaEvent.UnknownSpi(0xdead, Site.outer(true, 1)), raised.getFirst());
        two.worker.now += SECOND;
        two.receive(outer);
        assertEquals(1, two.raised().size());
    }

    @Test
    void aPeerThatMovedIsReportedOnceForEachPlace() {
        one.pair(1, Site.GCM).udp().install();
        two.pair(1, Site.GCM).udp().install();
        byte[] before = one.send(Inner.v4(60)).getFirst();
        two.receive(before);
        assertEquals(List.of(new SaEvent.FirstPacket(0x1200)), two.raised());
        one.database.movePath(0x1100, new SaPair.Path(Site.outer(true, 9), 4501, Site.outer(true, 2), 4500, true));
        byte[] old = one.send(Inner.v4(60)).getFirst();
        byte[] moved = one.send(Inner.v4(60)).getFirst();
        two.receive(moved);
        assertEquals(List.of(new SaEvent.PeerMoved(0x1200, Site.outer(true, 9), 4501)), two.raised());
        two.receive(old);
        two.receive(one.send(Inner.v4(60)).getFirst());
        assertEquals(List.of(), two.raised(), "late packets and known places say nothing");
        two.received();
    }

    @Test
    void theMtuFollowsSuiteAndPath() {
        assertEquals(1400, one.tunnel.mtu(), "as configured while nothing is known");
        one.pair(1, Site.GCM).install();
        assertEquals(1446, one.tunnel.mtu());
        one.pair(2, Site.CBC).replaces(0x1100).install();
        assertEquals(1438, one.tunnel.mtu(), "the narrower of both");
        one.database.remove(0x1100);
        one.database.remove(0x2100);
        one.pair(1, Site.GCM).udp().install();
        assertEquals(1438, one.tunnel.mtu());
        one.database.udpTooLong(one.worker, Site.outer(true, 2), 4500, 4500, 1400, one.worker.now);
        assertEquals(1338, one.tunnel.mtu());
        one.database.udpTooLong(one.worker, Site.outer(true, 2), 4500, 4500, 68, one.worker.now);
        assertEquals(EspOverhead.innerMtu(576, true, true, Site.GCM), one.tunnel.mtu(), "no router goes below 576");
        one.worker.now += 601 * SECOND;
        one.database.tick(one.worker, one.worker.now);
        assertEquals(1438, one.tunnel.mtu(), "forgotten after ten minutes");
        one.pathMtu = 9000;
        one.database.refreshPaths();
        assertEquals(EspOverhead.innerMtu(9000, true, true, Site.GCM), one.tunnel.mtu());
        one.tunnel.settings(new TunnelSettings(Site.all(), Site.all(), -1, 1300, 1400, List.of()));
        one.database.refreshPaths();
        assertEquals(1300, one.tunnel.mtu());
    }

    @Test
    void whatIsTooLongIsRefusedOrCutBeforeEncryption() {
        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM).install();
        int mtu = one.tunnel.mtu();
        byte[] exact = one.send(Inner.v4(mtu)).getFirst();
        assertEquals(1500, exact.length, "a full inner packet fills the path to the octet");
        assertEquals(DropReason.NONE, two.receive(exact));
        two.received();
        assertEquals(List.of(), one.send(Inner.v4(mtu + 1)));
        assertEquals(List.of(), one.send(Inner.v6(mtu + 1, 0)));
        assertEquals(List.of(DropReason.TOO_BIG, DropReason.TOO_BIG), one.worker.dropped);
        List<byte[]> outer = one.send(Inner.v4(4000, 0, false));
        assertEquals(3, outer.size());
        int octets = 0;
        for (byte[] packet : outer) {
            assertTrue(packet.length <= 1500);
            assertEquals(DropReason.NONE, two.receive(packet));
            octets += two.received().getFirst().length - Ipv4.HEADER;
        }
        assertEquals(4000 - Ipv4.HEADER, octets);
    }

    @Test
    void superPacketsAreSegmentedBeforeEncryption() {
        one.pair(1, Site.GCM).udp().install();
        two.pair(1, Site.GCM).udp().install();
        Packet merged = one.worker.packet(Inner.v4(20_028, 0, true));
        merged.gso(Packet.Gso.UDP, 1000);
        merged.partialChecksum(merged.transportAt(), 6);
        assertEquals(DropReason.NONE, one.tunnel.send(merged, one.worker, one.worker.now));
        List<byte[]> outer = one.sent();
        assertEquals(20, outer.size());
        Set<Integer> sequences = new HashSet<>();
        for (byte[] packet : outer) {
            assertEquals(DropReason.NONE, two.receive(packet));
            byte[] inner = two.received().getFirst();
            assertEquals(1028, inner.length);
            Packet parsed = two.worker.packet(inner);
            assertEquals(DropReason.NONE, Headers.verifyTransport(parsed), "whole checksums");
            two.worker.pool.give(parsed);
            sequences.add(Esp.sequence(MemorySegment.ofArray(packet), Ipv4.HEADER + 8));
        }
        assertEquals(20, sequences.size());

        Packet wide = one.worker.packet(Inner.v4(20_028, 0, true));
        wide.gso(Packet.Gso.UDP, 2000);
        assertEquals(DropReason.TOO_BIG, one.tunnel.send(wide, one.worker, one.worker.now));
        one.worker.pool.give(wide);
    }

    @Test
    void aTunnelInATunnelInItselfEnds() {
        one.pair(1, Site.GCM).install();
        one.worker.onOriginate = packet -> {
            Headers.parse(packet);
            packet.lastTunnel(null);
            assertEquals(DropReason.TUNNEL_LOOP, one.tunnel.send(packet, one.worker, one.worker.now));
        };
        assertEquals(1, one.send(Inner.v4(60)).size());
        one.worker.onOriginate = _ -> {};
        assertEquals(1, one.send(Inner.v4(60)).size());
    }

    @Test
    void countersAreReadFromOutside() {
        one.pair(1, Site.GCM).install();
        two.pair(1, Site.GCM).install();
        byte[] outer = one.send(Inner.v4(62)).getFirst();
        two.worker.now = 77;
        two.receive(outer);
        two.receive(outer);
        two.received();
        SaUsage in = two.database.usage(0x1200).orElseThrow();
        assertEquals(new SaUsage(1, 64, 0, 0, 77, 0, 1, 0, 0), in);
        SaUsage out = one.database.usage(0x1100).orElseThrow();
        assertEquals(new SaUsage(0, 0, 1, 64, 0, one.worker.now, 0, 0, 1), out);
        assertEquals(1, one.tunnel.tunnelInterface().counters().packetsOut());
        assertEquals(62, one.tunnel.tunnelInterface().counters().octetsOut());
        assertEquals(1, one.database.list().size());
        assertTrue(one.database.list().getFirst().active());
        assertTrue(one.database.usage(0x9999).isEmpty());
    }

    @Test
    void spisAreUniqueAndGivenBack() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int spi = one.database.allocateSpi("tunnel");
            assertTrue(Integer.compareUnsigned(spi, 256) >= 0);
            assertTrue(seen.add(spi));
        }
        seen.forEach(one.database::releaseSpi);
    }

    @Test
    void theSpiTableAgreesWithAMap() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        one.pair(1, Site.GCM).install();
        EspSa sa = one.database.find(0x1100, one.worker);
        assertNotNull(sa);
        SpiTable table = new SpiTable();
        Map<Integer, EspSa> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int spi = 1 + random.nextInt(600);
            if (random.nextInt(5) < 3) {
                table.put(spi, sa);
                model.put(spi, sa);
            } else {
                assertEquals(model.remove(spi) != null, table.remove(spi) != null, "seed " + seed);
            }
            int probe = 1 + random.nextInt(600);
            assertEquals(model.containsKey(probe), table.get(probe) != null, "seed " + seed);
            assertEquals(model.size(), table.size(), "seed " + seed);
        }
    }
}
