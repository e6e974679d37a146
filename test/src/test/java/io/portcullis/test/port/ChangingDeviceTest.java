package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatus;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ports of devices that vanish, come back, go down and have their MTU changed. */
@Needs({Need.ROOT, Need.NAMESPACES})
final class ChangingDeviceTest {
    /** Enough that each of two workers gets some, whatever the hash. */
    private static final int FLOWS = 64;

    private final PortLab lab = new PortLab();
    private final Namespace a = lab.a;
    private final Namespace b = lab.b;
    private final Namespace firewall = lab.firewall;

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private boolean isReached() {
        return Await.within(
                Duration.ofSeconds(10),
                () -> a.attempt("ping", "-c", "1", "-W", "1", "10.77.0.2").succeeded());
    }

    private static void awaitState(Port port, PortStatus.State state) {
        assertTrue(
                Await.within(Duration.ofSeconds(10), () -> port.status().state() == state),
                () -> port.status().toString());
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatVanishesIsTakenAgainWhenItIsBack(IoMethod method) throws Exception {
        lab.wire(false, false);
        Port left = lab.open("f0", method);
        Port right = lab.open("f1", method);
        String taken = left.capabilities().reason();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, true)) {
            assertTrue(isReached());
            firewall.ip("link del f0");
            awaitState(left, PortStatus.State.GONE);
            bridge.refused.reset();
            b.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.77.0.1");
            assertTrue(bridge.refused.sum() > 0, bridge.toString());
            // The name of somebody else's device that can not be taken; then one that can.
            firewall.ip("link add z0 type veth peer name x0\naddr add 10.0.0.1/24 dev z0\nlink set z0 name f0");
            assertTrue(Await.within(
                    Duration.ofSeconds(10), () -> left.status().trouble().contains("10.0.0.1")));
            firewall.ip("addr flush dev f0");
            awaitState(left, PortStatus.State.NO_CARRIER);
            firewall.ip("link del f0");
            awaitState(left, PortStatus.State.GONE);
            lab.wireLeft(false);
            a.ip("addr add 10.77.0.1/24 dev a0");
            awaitState(left, PortStatus.State.UP);
            assertEquals(3, left.status().openings());
            assertTrue(isReached(), bridge.toString());
            // Auto and XDP look anew, and may see the device before its offloads were switched off.
            String again = left.capabilities().reason();
            if (method == IoMethod.XDP) {
                assertTrue(again.startsWith("AF_XDP"), again);
            } else if (method != IoMethod.AUTO) {
                assertEquals(taken, again);
            }
            assertTrue(firewall.run("ip", "link", "show", "f0")
                    .output()
                    .contains(left.mac().toString()));
        } finally {
            lab.giveUp(left, right);
        }
        assertFalse(firewall.run("ip", "link", "show", "f0").output().contains("xdp"));
    }

    @ParameterizedTest
    @EnumSource
    void bothWorkersCarryTrafficAgainWhenTheirDeviceVanishedUnderIt(IoMethod method) throws Exception {
        lab.wire(false, false);
        List<Port> left = lab.open("f0", method, 2);
        // Frames come in by both of its ports, whatever the other device's method makes of workers.
        List<Port> right = lab.open("f1", IoMethod.RING, 2);
        try (TwoPortBridge first = new TwoPortBridge(left.getFirst(), right.getFirst(), true);
                TwoPortBridge second = new TwoPortBridge(left.getLast(), right.getLast(), true);
                EchoedFlows flows = new EchoedFlows(b, a, "10.77.0.1", FLOWS)) {
            assertTrue(flows.areAllAnswered(), flows::toString);
            for (int openings = 2; openings <= 3; openings++) {
                first.refused.reset();
                second.refused.reset();
                firewall.ip("link del f0");
                awaitState(left.getFirst(), PortStatus.State.GONE);
                assertTrue(
                        Await.within(Duration.ofSeconds(10), () -> first.refused.sum() > 0 && second.refused.sum() > 0),
                        () -> first + "; " + second);
                lab.wireLeft(false);
                a.ip("addr add 10.77.0.1/24 dev a0");
                awaitState(left.getLast(), PortStatus.State.UP);
                assertEquals(openings, left.getLast().status().openings());
                // So that b hears of a's new station.
                assertTrue(isReached());
                assertTrue(flows.areAllAnswered(), () -> flows + "; " + first + "; " + second);
            }
        } finally {
            lab.giveUp(left.getFirst(), left.getLast(), right.getFirst(), right.getLast());
        }
    }

    @ParameterizedTest
    @EnumSource
    void stateAndMtuOfTheDeviceAreFollowed(IoMethod method) throws Exception {
        lab.wire(false, false);
        Port left = lab.open("f0", method);
        Port right = lab.open("f1", method);
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, true)) {
            assertTrue(isReached());
            firewall.ip("link set f0 mtu 1400");
            assertTrue(Await.within(Duration.ofSeconds(10), () -> left.mtu() == 1400));
            assertTrue(isReached(), bridge.toString());
            a.ip("link set a0 down");
            awaitState(left, PortStatus.State.NO_CARRIER);
            a.ip("link set a0 up");
            awaitState(left, PortStatus.State.UP);
            assertTrue(isReached(), bridge.toString());
            firewall.ip("link set f0 down");
            awaitState(left, PortStatus.State.DOWN);
            long before = bridge.rounds.sum();
            assertFalse(a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.77.0.2")
                            .status()
                    == 0);
            // The worker sleeps: what the kernel says of the device that went down does not keep it awake.
            assertTrue(bridge.rounds.sum() - before < 1000, () -> bridge.rounds + " rounds");
            firewall.ip("link set f0 up");
            awaitState(left, PortStatus.State.UP);
            assertTrue(isReached(), bridge.toString());
            assertEquals(1, left.status().openings());
        } finally {
            lab.giveUp(left, right);
        }
    }

    @Test
    void aTunDeviceThatVanishesIsMadeAgain() throws Exception {
        Port left = lab.tunOfA().port();
        Port right = lab.tunOfB().port();
        try (TwoPortBridge _ = new TwoPortBridge(left, right, false)) {
            PortLab.transfer(a, b, "10.79.0.2");
            String before = addressesAndRoutes();
            for (int openings = 2; openings <= 4; openings++) {
                a.ip("link del core");
                int wanted = openings;
                assertTrue(
                        Await.within(
                                Duration.ofSeconds(10),
                                () -> left.status().equals(new PortStatus(PortStatus.State.UP, wanted, ""))),
                        () -> left.status().toString());
                assertEquals(before, addressesAndRoutes());
                PortLab.transfer(a, b, "10.79.0.2");
                PortLab.transfer(b, a, "fd79::1");
            }
        }
        left.close();
        right.close();
        assertFalse(a.run("ip", "link").output().contains("core"));
    }

    private String addressesAndRoutes() {
        return PortLab.withoutLifetimes(
                        a.run("ip", "-br", "addr", "show", "core").output())
                + a.run("ip", "route").output()
                + a.run("ip", "-6", "route", "show", "dev", "core").output();
    }

    @Test
    void stateAndMtuOfATunDeviceAreFollowed() throws Exception {
        Port left = lab.tunOfA().port();
        Port right = lab.tunOfB().port();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, false)) {
            String before = addressesAndRoutes();
            a.ip("link set core down");
            awaitState(left, PortStatus.State.DOWN);
            long rounds = bridge.rounds.sum();
            b.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.79.0.1");
            assertTrue(bridge.refused.sum() > 0, bridge.toString());
            assertTrue(bridge.rounds.sum() - rounds < 1000, () -> bridge.rounds + " rounds");
            a.ip("link set core up");
            awaitState(left, PortStatus.State.UP);
            assertEquals(before, addressesAndRoutes());
            Future<?> transfers = a.submit(() -> {
                PortLab.transfer(a, b, "10.79.0.2");
                PortLab.transfer(b, a, "fd79::1");
                return "all arrived";
            });
            for (int changes = 0; !transfers.isDone() || changes < 2; changes++) {
                int mtu = changes % 2 == 0 ? 1300 : 1500;
                a.ip("link set core mtu " + mtu);
                assertTrue(Await.within(Duration.ofSeconds(10), () -> left.mtu() == mtu));
            }
            assertEquals("all arrived", transfers.get());
        }
        left.close();
        right.close();
    }
}
