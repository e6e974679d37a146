package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;
import io.portcullis.core.port.PortStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One worker's share of a device. What frames go through may be exchanged under it, when the device vanishes
 * or comes back: another thread offers, the worker adopts with its next call. The descriptor to poll stays the same.
 */
final class DevicePort implements Port {
    private final Device device;
    private final Epoll epoll;
    private final AtomicReference<@Nullable Optional<DeviceIo>> offered = new AtomicReference<>();
    private volatile PortCapabilities capabilities;
    private @Nullable DeviceIo io;
    /** Of what was used before {@link #io}. Guarded by this, as is the end of io: others read statistics. */
    private PortStatistics earlier = PortStatistics.NONE;

    private boolean isClosed;

    DevicePort(Device device, DeviceIo io) throws DeviceException {
        this.device = device;
        this.epoll = new Epoll();
        this.capabilities = io.capabilities();
        this.io = io;
        try {
            epoll.add(io.descriptor());
        } catch (DeviceException e) {
            epoll.close();
            throw e;
        }
    }

    /**
     * Has the worker use something else from now on. Any thread.
     *
     * @throws DeviceException when it can not be waited for; it is closed then
     */
    synchronized void offer(DeviceIo next) throws DeviceException {
        if (isClosed) {
            next.close();
            return;
        }
        try {
            // Frames that come by it wake the worker, who then adopts it.
            epoll.add(next.descriptor());
        } catch (DeviceException e) {
            next.close();
            throw e;
        }
        replace(Optional.of(next));
    }

    /** Has the worker use nothing from now on. Any thread. */
    synchronized void withdraw() {
        if (!isClosed) {
            replace(Optional.empty());
        }
    }

    /** Whether what is offered will be used. Any thread. */
    synchronized boolean isOpen() {
        return !isClosed;
    }

    private void replace(Optional<DeviceIo> next) {
        Optional<DeviceIo> missed = offered.getAndSet(next);
        if (missed != null) {
            missed.ifPresent(DeviceIo::close);
        }
    }

    /** Has what is used now take note that the device changed. Any thread. */
    synchronized void settle() {
        DeviceIo now = io;
        if (now != null) {
            now.settle();
        }
    }

    /** What the worker uses now; the worker's thread only. */
    private @Nullable DeviceIo current() {
        if (offered.get() != null) {
            adopt();
        }
        return io;
    }

    private synchronized void adopt() {
        Optional<DeviceIo> next = offered.getAndSet(null);
        if (next == null) {
            return;
        }
        drop();
        next.ifPresent(one -> {
            io = one;
            capabilities = one.capabilities();
        });
    }

    private void drop() {
        DeviceIo old = io;
        if (old != null) {
            earlier = earlier.plus(old.statistics());
            io = null;
            old.close();
        }
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public MacAddress mac() {
        return device.mac();
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public PortStatus status() {
        return device.status();
    }

    @Override
    public PortCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public synchronized PortStatistics statistics() {
        DeviceIo now = io;
        return now == null ? earlier : earlier.plus(now.statistics());
    }

    @Override
    public int descriptor() {
        return epoll.descriptor();
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        DeviceIo now = isClosed ? null : current();
        return now == null ? 0 : now.receive(into, pool);
    }

    @Override
    public int send(PacketBurst burst) {
        DeviceIo now = isClosed ? null : current();
        if (now == null || !device.status().state().takesFrames()) {
            burst.refuseFrom(0);
            return 0;
        }
        return now.send(burst);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        synchronized (this) {
            withdraw();
            adopt();
            isClosed = true;
            epoll.close();
        }
        device.release();
    }
}
