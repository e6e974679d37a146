package io.portcullis.ipsec.ike;

/** So many per second and no more: for answers and events that unauthenticated peers can provoke. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private long from;
    private int used;

    RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    boolean allows(long now) {
        if (now - from >= SECOND || used == 0) {
            from = now;
            used = 0;
        }
        return used++ < perSecond;
    }
}
