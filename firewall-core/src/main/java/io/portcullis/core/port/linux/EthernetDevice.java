package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatus;
import io.portcullis.core.port.PortStatus.State;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device by its name, whatever happens to what bears it: a thread hears from the kernel (rtnetlink) that a link
 * changed, and looks. A device that vanished is taken over again when one of the name is there, with the station
 * address that the first one had, so that neighbours find the firewall where it was.
 */
final class EthernetDevice implements Device {
    private final String name;
    private final int wantedMtu;
    private final IoMethod method;
    private final int queues;
    private final MacAddress mac;
    private final List<DevicePort> ports = new ArrayList<>();
    private final LinkWatch watch;
    private int users;
    private @Nullable TakenDevice taken;
    private volatile PortStatus status = PortStatus.UP;
    private volatile int mtu;

    private EthernetDevice(String name, int wantedMtu, IoMethod method, int queues, TakenDevice taken)
            throws DeviceException {
        this.name = name;
        this.wantedMtu = wantedMtu;
        this.method = method;
        this.queues = queues;
        this.taken = taken;
        this.mac = taken.mac();
        this.mtu = taken.mtu();
        this.watch = new LinkWatch(name, this::look);
    }

    /** As {@link LinuxPorts#open}. */
    static List<Port> open(String name, int mtu, IoMethod method, int queues) throws DeviceException {
        TakenDevice taken = TakenDevice.take(name, mtu, Optional.empty());
        EthernetDevice device;
        try {
            device = new EthernetDevice(name, mtu, method, queues, taken);
        } catch (DeviceException e) {
            taken.close();
            throw e;
        }
        return device.openPorts(taken);
    }

    private synchronized List<Port> openPorts(TakenDevice first) throws DeviceException {
        users = queues;
        Deque<DeviceIo> ios = new ArrayDeque<>();
        try {
            ios.addAll(MethodChoice.open(first, method, queues));
            while (ports.size() < queues) {
                ports.add(new DevicePort(this, ios.element()));
                ios.remove();
            }
        } catch (DeviceException e) {
            ios.forEach(DeviceIo::close);
            users = ports.size() + 1;
            ports.forEach(DevicePort::close);
            release();
            throw e;
        }
        watch.start();
        return List.copyOf(ports);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public PortStatus status() {
        return status;
    }

    @Override
    public void release() {
        boolean last;
        synchronized (this) {
            last = --users == 0;
            if (last && taken != null) {
                taken.close();
                taken = null;
            }
        }
        if (last) {
            watch.close();
        }
    }

    /** Compares the device with what it was. On the watch's thread, in the device's network namespace. */
    private synchronized void look() {
        if (users == 0) {
            return;
        }
        try (LinkControl link = new LinkControl(name)) {
            int index = link.indexOrZero();
            if (taken != null && taken.index() != index) {
                vanished();
            }
            if (taken == null && index != 0) {
                takeAgain();
            } else if (taken == null) {
                become(State.GONE, status.openings(), "");
            }
            if (taken != null) {
                mtu = link.mtu();
                become(link.state(), status.openings(), "");
            }
        } catch (DeviceException e) {
            // It went while it was looked at: that is told by a message of its own.
            if (e.errno() != Errno.ENODEV) {
                become(status.state(), status.openings(), String.valueOf(e.getMessage()));
            }
        } catch (UncheckedIOException e) {
            // What was begun could not be undone either. The watch goes on.
            become(status.state(), status.openings(), String.valueOf(e.getMessage()));
        }
    }

    private void vanished() {
        TakenDevice old = taken;
        taken = null;
        ports.forEach(DevicePort::withdraw);
        if (old != null) {
            old.close();
        }
        become(State.GONE, status.openings(), "");
    }

    private void takeAgain() {
        TakenDevice again = null;
        Deque<DeviceIo> ios = new ArrayDeque<>();
        try {
            again = TakenDevice.take(name, wantedMtu, Optional.of(mac));
            ios.addAll(MethodChoice.open(again, method, queues));
            for (DevicePort port : ports) {
                port.offer(ios.remove());
            }
            taken = again;
            become(State.UP, status.openings() + 1, "");
        } catch (DeviceException e) {
            ports.forEach(DevicePort::withdraw);
            ios.forEach(DeviceIo::close);
            if (again != null) {
                again.close();
            }
            become(State.GONE, status.openings(), String.valueOf(e.getMessage()));
        }
    }

    private void become(State state, int openings, String trouble) {
        PortStatus next = new PortStatus(state, openings, trouble);
        if (!next.equals(status)) {
            status = next;
            ports.forEach(DevicePort::settle);
        }
    }
}
