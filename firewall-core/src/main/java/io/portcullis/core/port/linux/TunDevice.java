package io.portcullis.core.port.linux;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatus;
import io.portcullis.core.port.PortStatus.State;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device that it makes itself: what the machine's own programs send comes in by its {@link #port}, what is sent
 * there goes to them. Packets begin with the IP header. The device vanishes with the port, also when the process is
 * killed. When somebody deletes it, it is made again with its addresses and routes.
 */
public final class TunDevice implements Device {
    private final String name;
    private final int wantedMtu;
    private final Set<Setting> settings = new LinkedHashSet<>();
    private final DevicePort port;
    private final LinkWatch watch;
    /** Of the device; 0 while there is none. */
    private int index;

    private volatile PortStatus status = PortStatus.UP;
    private volatile int mtu;

    /** What the kernel is told about the device, and forgets with it. */
    private sealed interface Setting {
        void apply(RouteSocket routes, int device) throws DeviceException;

        record Own(IpAddress address, int prefixLength) implements Setting {
            @Override
            public void apply(RouteSocket routes, int device) throws DeviceException {
                routes.addAddress(device, address, prefixLength);
            }
        }

        record Led(IpNetwork destination, @Nullable IpAddress source, int metric) implements Setting {
            @Override
            public void apply(RouteSocket routes, int device) throws DeviceException {
                routes.addRoute(device, destination, source, metric);
            }
        }
    }

    private TunDevice(TunIo io, int mtu) throws DeviceException {
        this.name = io.name();
        this.wantedMtu = mtu;
        this.mtu = mtu;
        this.index = io.index();
        this.watch = new LinkWatch(name, this::look);
        try {
            this.port = new DevicePort(this, io);
        } catch (DeviceException e) {
            watch.close();
            throw e;
        }
    }

    /**
     * Makes the device in the calling thread's network namespace and brings it up, without addresses.
     *
     * @param name of the device; {@code %d} in it stands for the first number that is free
     * @throws DeviceException when the name is taken, /dev/net/tun is missing, or the rights are
     */
    public static TunDevice open(String name, int mtu) throws DeviceException {
        TunIo io = TunIo.make(name, mtu);
        try {
            TunDevice device = new TunDevice(io, mtu);
            device.watch.start();
            return device;
        } catch (DeviceException e) {
            io.close();
            throw e;
        }
    }

    /** Its one port; the device goes when it is closed. */
    public Port port() {
        return port;
    }

    /** Gives the kernel an address on the device. Same namespace as {@link #open}, as for routes. */
    public void addAddress(IpAddress address, int prefixLength) throws DeviceException {
        set(new Setting.Own(address, prefixLength));
    }

    /** Takes an address from the device again, and the routes with that source. */
    public synchronized void removeAddress(IpAddress address, int prefixLength) throws DeviceException {
        settings.remove(new Setting.Own(address, prefixLength));
        settings.removeIf(one -> one instanceof Setting.Led led && address.equals(led.source()));
        if (index != 0) {
            try (RouteSocket routes = new RouteSocket()) {
                routes.removeAddress(index, address, prefixLength);
            }
        }
    }

    /**
     * Leads a destination of the machine's own programs here.
     *
     * @param source the address that they send from unless they choose one, null for the kernel's choice
     * @param metric the least wins; 0 for the kernel's default
     */
    public synchronized void addRoute(IpNetwork destination, @Nullable IpAddress source, int metric)
            throws DeviceException {
        settings.removeIf(one ->
                one instanceof Setting.Led led && led.destination().equals(destination) && led.metric() == metric);
        set(new Setting.Led(destination, source, metric));
    }

    private synchronized void set(Setting setting) throws DeviceException {
        if (index != 0) {
            try (RouteSocket routes = new RouteSocket()) {
                setting.apply(routes, index);
            }
        }
        settings.add(setting);
    }

    private void applyAll(int device) throws DeviceException {
        try (RouteSocket routes = new RouteSocket()) {
            for (Setting setting : settings) {
                setting.apply(routes, device);
            }
        }
    }

    /** Compares the device with what it was. On the watch's thread, in the device's network namespace. */
    private synchronized void look() {
        try (LinkControl link = new LinkControl(name)) {
            if (index != 0 && link.indexOrZero() != index) {
                index = 0;
                port.withdraw();
                become(State.GONE, "");
            }
            if (index == 0 && port.isOpen()) {
                make();
            }
            if (index != 0) {
                mtu = link.mtu();
                State now = link.state();
                if (status.state() == State.DOWN && now != State.DOWN) {
                    // Routes go when a device goes down, and some addresses.
                    applyAll(index);
                }
                become(now, "");
            }
        } catch (DeviceException e) {
            // It went while it was looked at: that is told by a message of its own.
            if (e.errno() != Errno.ENODEV) {
                become(status.state(), String.valueOf(e.getMessage()));
            }
        }
    }

    private void make() throws DeviceException {
        TunIo io = TunIo.make(name, wantedMtu);
        try {
            applyAll(io.index());
        } catch (DeviceException e) {
            io.close();
            throw e;
        }
        port.offer(io);
        index = io.index();
        status = new PortStatus(State.UP, status.openings() + 1, "");
    }

    private void become(State state, String trouble) {
        status = new PortStatus(state, status.openings(), trouble);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return new MacAddress(0);
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
        watch.close();
    }
}
