package io.portcullis.core.port;

/** How an idle worker sleeps. */
public interface PortWaiter extends AutoCloseable {
    /** Input of this port ends the sleep from now on. The worker's thread only. */
    void watch(Port port);

    /** Input of this port is nobody's business any more. The worker's thread only. */
    void forget(Port port);

    /**
     * Sleeps until a port has input, somebody calls {@link #wake}, or the time is over; may return early without
     * reason. A wake that came since the last return is not lost: it ends this call at once. The worker's thread only.
     *
     * @param nanos 0 or less looks and returns
     */
    void await(long nanos);

    /** Ends the sleep; any thread, cheap while the worker is awake. */
    void wake();

    @Override
    void close();
}
