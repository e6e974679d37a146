package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A thread that sleeps until the kernel tells of a change to any link or address (rtnetlink), and then has somebody
 * look. What the message says is not read: messages can be lost, what is there can not.
 */
final class LinkWatch implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    /** RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR: an address less may make a device free. */
    private static final int GROUPS = 0x1 | 0x10 | 0x100;

    private static final int ROOM = 16_384;
    private static final long LONG = 3600 * 1_000_000_000L;

    private final Runnable look;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment memory = arena.allocate(ROOM, 8);
    private final int fd;
    private final PollWaiter waiter;
    private final Thread thread;
    private volatile boolean over;

    /**
     * Listens in the calling thread's network namespace, which the watch's own thread inherits; {@link #start} it.
     *
     * @param look called on the watch's thread, at least once after each change
     */
    LinkWatch(String device, Runnable look) throws DeviceException {
        this.look = look;
        fd = Libc.socket(state, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        MemorySegment address = arena.allocate(12, 4);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
        address.set(ValueLayout.JAVA_INT, 8, GROUPS);
        if (fd < 0 || Libc.bind(state, fd, address) < 0) {
            int errno = Libc.errno(state);
            release();
            throw new DeviceException(device + ": rtnetlink", errno);
        }
        try {
            waiter = new PollWaiter();
        } catch (DeviceException e) {
            release();
            throw e;
        }
        waiter.watch(fd);
        thread = Thread.ofPlatform().name("link-" + device).daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!over) {
            drain();
            look.run();
            waiter.await(LONG);
        }
    }

    /** Takes all messages; an error is that some were lost, and one look makes up for any number. */
    private void drain() {
        while (Libc.read(state, fd, memory, ROOM) > 0) {
            if (over) {
                return;
            }
        }
    }

    private void release() {
        if (fd >= 0) {
            Libc.close(state, fd);
        }
        arena.close();
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        over = true;
        waiter.wake();
        boolean interrupted = false;
        while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        waiter.close();
        release();
    }
}
