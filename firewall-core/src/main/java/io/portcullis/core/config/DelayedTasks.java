package io.portcullis.core.config;

import java.time.Duration;

/** Runs something later, on a thread that may block. */
public interface DelayedTasks {
    /**
     * Arranges for a task to run once.
     *
     * @return cancels it if it has not begun
     */
    Runnable after(Duration delay, Runnable task);
}
