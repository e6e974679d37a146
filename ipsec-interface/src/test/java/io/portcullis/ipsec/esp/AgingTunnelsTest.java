package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AgingTunnelsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int MTU = 1400;

    private final Site site = new Site(1);

    @AfterEach
    void noPacketIsLost() {
        assertEquals(site.worker.pool.size(), site.worker.pool.available());
        site.close();
    }

    private void await(TunnelTraffic tunnel) {
        Packet packet = site.worker.packet(Inner.v4(60));
        assertEquals(DropReason.NONE, tunnel.send(packet, site.worker, site.worker.now));
    }

    private void pass(long nanos) {
        site.worker.now += nanos;
        site.database.tick(site.worker, site.worker.now);
    }

    private static long dead(TunnelTraffic tunnel) {
        return tunnel.tunnelInterface().counters().drops(DropReason.TUNNEL_DOWN);
    }

    @Test
    void everyPacketThatWaitsAgesWhicheverTunnelBeganFirst() {
        List<TunnelTraffic> tunnels = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tunnels.add(site.addTunnel("t" + i));
            await(tunnels.get(i));
            pass(SECOND);
        }
        // In the middle, in front, and last: none takes another along.
        site.database.negotiationFailed("t2");
        await(tunnels.get(0));
        pass(5 * SECOND - 1);
        assertEquals(
                List.of(0L, 0L, 1L, 0L, 0L),
                tunnels.stream().map(AgingTunnelsTest::dead).toList());
        pass(1);
        assertEquals(0, dead(tunnels.get(0)), "looked at four times a second only");
        pass(SECOND);
        assertEquals(
                List.of(1L, 1L, 1L, 0L, 0L),
                tunnels.stream().map(AgingTunnelsTest::dead).toList());
        // One that had nothing left is taken up again.
        await(tunnels.get(2));
        pass(4 * SECOND);
        assertEquals(
                List.of(2L, 1L, 1L, 1L, 1L),
                tunnels.stream().map(AgingTunnelsTest::dead).toList());
        pass(6 * SECOND);
        assertEquals(
                List.of(2L, 1L, 2L, 1L, 1L),
                tunnels.stream().map(AgingTunnelsTest::dead).toList());
    }

    @Test
    void aTunnelThatIsGoneLetsGoOfWhatCameLate() {
        TunnelTraffic gone = site.addTunnel("gone");
        site.database.removeTunnel(gone);
        await(gone);
        pass(10 * SECOND);
        assertEquals(1, dead(gone));
    }

    /** An MTU that is set in the settings takes effect when somebody looks at the tunnel: here, nobody but time. */
    private static boolean isLookedAt(TunnelTraffic tunnel, Runnable during) {
        int before = tunnel.mtu();
        tunnel.settings(new TunnelSettings(Site.all(), Site.all(), -1, before - 1, MTU, List.of()));
        during.run();
        boolean changed = tunnel.mtu() != before;
        tunnel.settings(new TunnelSettings(Site.all(), Site.all(), -1, 0, MTU, List.of()));
        return changed;
    }

    private List<String> lookedAt(List<TunnelTraffic> tunnels) {
        List<String> names = new ArrayList<>();
        for (TunnelTraffic tunnel : tunnels) {
            if (isLookedAt(tunnel, () -> pass(SECOND))) {
                names.add(tunnel.tunnelInterface().name());
            }
        }
        site.database.refreshPaths();
        return names;
    }

    @Test
    void onlyTunnelsThatTimeChangesAreLookedAt() {
        TunnelTraffic waiting = site.addTunnel("waiting");
        List<TunnelTraffic> all = List.of(site.addTunnel("idle"), site.tunnel, waiting);
        site.pair(1, Site.GCM).install();
        assertEquals(1, site.send(Inner.v4(60)).size());
        assertEquals(List.of(), lookedAt(all));

        await(waiting);
        assertEquals(List.of("waiting"), lookedAt(all));
        site.database.espTooLong(site.worker, Site.outer(true, 2), 0x1200, 1300, site.worker.now);
        assertEquals(List.of("tunnel", "waiting"), lookedAt(all));
        pass(10 * SECOND);
        assertEquals(1, dead(waiting));
        assertEquals(List.of("tunnel"), lookedAt(all));
        pass(600 * SECOND);
        assertEquals(1446, site.tunnel.mtu(), "what was learned is forgotten");
        assertEquals(List.of(), lookedAt(all));
    }

    @Test
    void anMtuThatIsSetDoesNotKeepALearnedOne() {
        site.pair(1, Site.GCM).install();
        site.database.espTooLong(site.worker, Site.outer(true, 2), 0x1200, 1300, site.worker.now);
        site.tunnel.settings(new TunnelSettings(Site.all(), Site.all(), -1, MTU, MTU, List.of()));
        pass(601 * SECOND);
        assertEquals(List.of(), lookedAt(List.of(site.tunnel)));
    }
}
