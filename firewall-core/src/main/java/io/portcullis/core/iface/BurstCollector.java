package io.portcullis.core.iface;

/** Something that collects packets while a burst goes through a worker. */
public interface BurstCollector {
    /**
     * Pushes out what was collected; called at the end of each burst in which {@link PacketWorker#flushLater} was
     * asked.
     *
     * @param now monotonic nanoseconds
     */
    void flush(PacketWorker worker, long now);
}
