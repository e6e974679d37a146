package io.portcullis.core.time;

/** So many per second and no more: for work, answers and events that anybody can provoke. Owned by one thread. */
public final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private int perSecond;
    private long from;
    private int used;

    /** @param perSecond from 0 */
    public RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Sets the limit anew. */
    public void limit(int newPerSecond) {
        perSecond = newPerSecond;
    }

    /** Whether one more is allowed; if so it counts. */
    public boolean allows(long now) {
        if (used == 0 || now - from >= SECOND) {
            from = now;
            used = 0;
        }
        if (used >= perSecond) {
            return false;
        }
        used++;
        return true;
    }
}
