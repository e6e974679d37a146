package io.portcullis.core.pipeline;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.iface.WorkerMailbox;

/** How many workers carry packets, and where they run. */
@ObjectType(
        value = "WorkerSettings",
        category = "Settings",
        title = "Worker settings",
        help = "The threads that carry packets. Takes effect at the next start.",
        singleton = true)
public record WorkerSettings(
        @Property(
                help = "Threads that carry packets; 0 stands for one less than there are processors, at least one.",
                byDefault = "0",
                min = 0,
                max = WorkerMailbox.MOST_WORKERS)
        int workers,

        @Property(help = "Whether each worker is bound to a processor of its own.", byDefault = "No")
        boolean pinning,

        @Property(
                help = "How much of a busy processor the workers get beside other threads: the lower, the more.",
                byDefault = "-10",
                min = -20,
                max = 19)
        int nice,

        @Property(
                help =
                        "Whether the workers go before all threads that are not real-time ones: packets wait for less than"
                                + " a millisecond, other programs for as long as the workers have packets.",
                byDefault = "No")
        boolean realTime) {
    /** How many there are to be on a machine with so many processors. */
    public int count(int processors) {
        return workers > 0 ? workers : Math.clamp(processors - 1, 1, WorkerMailbox.MOST_WORKERS);
    }
}
