package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A thread that goes before all ordinary ones, and is kept from waiting for one of them: of the Java machine's threads
 * the compilers' are ordinary, and while one of them replaces the code of a method, whoever calls that method tries
 * again and again until it is done. A real-time thread that does so on the compiler's processor would keep it from
 * getting done, for a second until Linux lets others run. So another thread, of a higher priority, looks every
 * millisecond, and makes one that stands still an ordinary thread until it moves again.
 */
public final class RealTimeThread {
    /** A progress that says: it sleeps, and nobody waits for it. */
    public static final long ASLEEP = -1;

    private static final long BETWEEN_LOOKS = 1_000_000;

    private final long number;
    private final int nice;
    private final LongSupplier progress;
    private long last = ASLEEP;
    private boolean ordinary;

    private RealTimeThread(long number, int nice, LongSupplier progress) {
        this.number = number;
        this.nice = nice;
        this.progress = progress;
    }

    /**
     * Makes the calling thread one, until it ends, unless somebody gave it a real-time policy already.
     *
     * @param nice its nice value when it has to be an ordinary thread, -20 to 19
     * @param progress another number each time after the thread has done something, or {@link #ASLEEP}; asked by
     *     another thread
     * @throws DeviceException when the system refuses it: it needs CAP_SYS_NICE
     */
    public static void become(int nice, LongSupplier progress) throws DeviceException {
        if (Scheduling.isRealTime()) {
            return;
        }
        Thread self = Thread.currentThread();
        RealTimeThread watched = new RealTimeThread(Scheduling.thread(), nice, progress);
        // A thread begins with the priority of the one that starts it; when that steps back, the watch is before it.
        Scheduling.realTime(1);
        Thread.ofPlatform().name(self.getName() + "-watch").daemon(true).start(() -> watched.watch(self));
        watched.change(false);
    }

    private void watch(Thread thread) {
        try {
            while (thread.isAlive()) {
                look();
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        } catch (DeviceException e) {
            // Nobody watches any longer: better an ordinary thread than one that can stop everything.
            relent();
        }
    }

    private void look() throws DeviceException {
        long now = progress.getAsLong();
        boolean stands = now == last && now != ASLEEP;
        last = now;
        if (stands != ordinary) {
            change(stands);
        }
    }

    private void change(boolean toOrdinary) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            if (toOrdinary) {
                Scheduling.hasten(arena, number, nice);
            } else {
                Scheduling.realTime(arena, number, 0);
            }
        }
        ordinary = toOrdinary;
    }

    private void relent() {
        try {
            change(true);
        } catch (DeviceException _) {
            // It has ended.
        }
    }
}
