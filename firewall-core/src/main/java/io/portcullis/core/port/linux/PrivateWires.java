package io.portcullis.core.port.linux;

import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatus.State;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Pairs of virtual Ethernet devices (veth(4)) in a network namespace of their own, which nobody else sees and which is
 * gone when they are closed: real devices for packets that are nobody's.
 */
public final class PrivateWires implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    /** For a link to carry frames after both its ends are up. */
    private static final int LONGEST_WAIT_MILLIS = 500;

    /** Its one thread lives in the namespace and ends with it: what it opens, and what those threads open, is there. */
    private final ExecutorService inside = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("private-wires").factory());

    private final List<Port> ports = new ArrayList<>();

    private PrivateWires() {}

    /**
     * Makes wires of the Ethernet's usual MTU.
     *
     * @throws DeviceException when the rights are missing (CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW) or the kernel has
     *     no such devices; nothing is left of it
     */
    public static PrivateWires open(int wires) throws DeviceException {
        PrivateWires opened = new PrivateWires();
        try {
            opened.call(() -> {
                opened.make(wires);
                return null;
            });
            return opened;
        } catch (DeviceException e) {
            opened.close();
            throw e;
        }
    }

    /** The ends: the left one of the first wire, its right one, the left one of the second, and so on. */
    public List<Port> ports() {
        return List.copyOf(ports);
    }

    private void make(int wires) throws DeviceException {
        try (Arena arena = Arena.ofConfined();
                RouteSocket routes = enter(arena)) {
            for (int wire = 0; wire < wires; wire++) {
                routes.makePair(name(wire, 0), name(wire, 1));
                up(name(wire, 0));
                up(name(wire, 1));
            }
            awaitCarriers(wires);
            for (int wire = 0; wire < wires; wire++) {
                for (int end = 0; end < 2; end++) {
                    ports.addAll(LinuxPorts.open(name(wire, end), 0, IoMethod.AUTO, 1));
                }
            }
        }
    }

    /** The socket is made after the namespace, and so belongs to it. */
    private static RouteSocket enter(Arena arena) throws DeviceException {
        var state = Libc.state(arena);
        if (Libc.unshare(state, CLONE_NEWNET) < 0) {
            throw new DeviceException("a network namespace", Libc.errno(state));
        }
        return new RouteSocket();
    }

    private static String name(int wire, int end) {
        return "wire" + wire + (end == 0 ? "left" : "right");
    }

    /** The kernel says nothing on it from the first moment: a device that comes up with IPv6 sends by itself. */
    private static void up(String device) throws DeviceException {
        KernelSettings.write(device, KernelSettings.DEAF);
        try (LinkControl link = new LinkControl(device)) {
            link.up(true);
        }
    }

    /** A device says that it has a carrier some moments after the other end came up. */
    private static void awaitCarriers(int wires) throws DeviceException {
        CountDownLatch carried = new CountDownLatch(1);
        LinkWatch watch = new LinkWatch("private-wires", () -> {
            if (haveCarriers(wires)) {
                carried.countDown();
            }
        });
        watch.start();
        try (watch) {
            if (!carried.await(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new DeviceException("private wires: no carrier");
            }
        } catch (InterruptedException e) {
            throw new DeviceException("private wires: interrupted", e);
        }
    }

    private static boolean haveCarriers(int wires) {
        for (int wire = 0; wire < wires; wire++) {
            for (int end = 0; end < 2; end++) {
                try (LinkControl link = new LinkControl(name(wire, end))) {
                    if (link.state() != State.UP) {
                        return false;
                    }
                } catch (DeviceException _) {
                    return false;
                }
            }
        }
        return true;
    }

    private void call(Callable<Void> task) throws DeviceException {
        try {
            inside.submit(task).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case DeviceException refused -> throw refused;
                case null, default -> throw new DeviceException("private wires: " + e.getCause(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("private wires: interrupted", e);
        }
    }

    /** What used the ports has ended. */
    @Override
    public void close() {
        inside.execute(() -> ports.forEach(Port::close));
        inside.close();
    }
}
