package io.portcullis.ipsec.snoop;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One listener's view of a {@link Snoop}. One thread reads it; any thread may close it. */
public final class SnoopSubscription implements AutoCloseable {
    private static final int QUEUE = 256;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Snoop snoop;
    private final SnoopFilter filter;
    private final ZoneId zone;
    private final BlockingQueue<SnoopEntry> entries = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean open = true;

    SnoopSubscription(Snoop snoop, SnoopFilter filter, ZoneId zone) {
        this.snoop = snoop;
        this.filter = filter;
        this.zone = zone;
    }

    void offer(SnoopEntry entry) {
        if (filter.admits(entry) && !entries.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    /**
     * The next entry as text with its time in front, waiting for it at most that long. What was lost for want of
     * reading is said as soon as there is something to read again.
     */
    public Optional<String> next(Duration wait) throws InterruptedException {
        @Nullable SnoopEntry entry = entries.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (entry == null) {
            return Optional.empty();
        }
        long missing = lost.getAndSet(0);
        String before = missing == 0 ? "" : "IkeSnoop: " + missing + " entries lost, they came too fast\n";
        return Optional.of(
                before + TIME.format(entry.at().atZone(zone)) + " " + SnoopRenderer.render(entry, filter.level()));
    }

    /** Whether more can come: not after {@link #close} or {@link Snoop#stopAll}. */
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        snoop.remove(this);
        entries.clear();
    }
}
