package io.portcullis.core.port;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sleeps for a worker whose ports are all in memory and wake it themselves ({@link Port#wakes}). */
public final class ParkingWaiter implements PortWaiter {
    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;

    @Override
    public void watch(Port port) {
        port.wakes(this);
    }

    @Override
    public void forget(Port port) {}

    @Override
    public void await(long nanos) {
        sleeper = Thread.currentThread();
        if (!woken && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
        woken = false;
    }

    @Override
    public void wake() {
        if (woken) {
            return;
        }
        woken = true;
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void close() {
        wake();
    }
}
