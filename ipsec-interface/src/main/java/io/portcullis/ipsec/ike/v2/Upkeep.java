package io.portcullis.ipsec.ike.v2;

/** What an established IKE SA does by itself: lifetime, liveness, NAT keepalives, following a peer that moved. */
final class Upkeep {
    private static final long SECOND = 1_000_000_000L;

    /** An IKE SA is rekeyed that long before it expires, or a fifth of its life when that is less. */
    private static final long REKEY_MARGIN = 120 * SECOND;

    /** Hints from outside the SA are followed no more often than that. */
    private static final long HINT_INTERVAL = 10 * SECOND;

    private final IkeSa sa;
    private long rekeyAt = Long.MAX_VALUE;
    private long expireAt = Long.MAX_VALUE;
    private long keepaliveAt = Long.MAX_VALUE;
    private long heardAt;
    private boolean established;
    private long hintsFrom = Long.MIN_VALUE;

    Upkeep(IkeSa sa) {
        this.sa = sa;
    }

    void established(long since) {
        established = true;
        long life = sa.definition().ikeLifeSeconds() * SECOND;
        long margin = Math.min(REKEY_MARGIN, life / 5);
        expireAt = since + life;
        rekeyAt = expireAt - margin - sa.around.jitter(margin);
        keepaliveAt = sa.nat.here() ? since + keepaliveInterval() : Long.MAX_VALUE;
        heardAt = since;
    }

    boolean hasBeenEstablished() {
        return established;
    }

    void due() {
        if (sa.now >= expireAt) {
            expireAt = Long.MAX_VALUE;
            sa.delete("lifetime expired");
            return;
        }
        if (sa.now >= rekeyAt) {
            rekeyAt = Long.MAX_VALUE;
            if (sa.children.inUse() > 0) {
                sa.enqueue(new RekeyIke());
            }
        }
        if (sa.now >= keepaliveAt) {
            keepaliveAt = sa.now + keepaliveInterval();
            sa.act(new Action.SendKeepalive(sa.path));
        }
        if (sa.now >= livenessAt()) {
            heardAt = Math.max(heardAt, sa.children.lastInbound());
            if (sa.now >= livenessAt()) {
                sa.enqueue(Notice.liveness());
            }
        }
    }

    long deadline() {
        return Math.min(Math.min(rekeyAt, expireAt), Math.min(keepaliveAt, livenessAt()));
    }

    /** A request under way tells as much as a liveness check. */
    private long livenessAt() {
        int seconds = sa.definition().dpdSeconds();
        return seconds == 0 || sa.active() != null ? Long.MAX_VALUE : heardAt + seconds * SECOND;
    }

    /** The rekey did not come about: again in a few seconds, not at the same time as the peer. */
    void rekeyLater() {
        rekeyAt = sa.now + 2 * SECOND + sa.around.jitter(4 * SECOND);
    }

    /** An authentic message came. A peer behind a NAT may come from another address (RFC 7296 section 2.23). */
    void heard(Endpoints from) {
        heardAt = sa.now;
        if (!from.equals(sa.path) && (sa.nat.there() || sa.isHalfOpen()) && !sa.isClosed()) {
            moved(from);
        }
    }

    void moved(Endpoints to) {
        sa.path = to;
        sa.children.movePath();
    }

    /** Something unauthenticated hints that the peer has lost the SA. */
    void suspect() {
        if (sa.isEstablished() && mayFollowHint()) {
            sa.enqueue(Notice.liveness());
            sa.startNext();
        }
    }

    void outsideWindow(int id) {
        if (sa.isEstablished() && mayFollowHint()) {
            sa.enqueue(Notice.invalidMessageId(id));
            sa.startNext();
        }
    }

    private boolean mayFollowHint() {
        if (sa.now < hintsFrom) {
            return false;
        }
        hintsFrom = sa.now + HINT_INTERVAL;
        return true;
    }

    private long keepaliveInterval() {
        return sa.around.settings().keepalive().toNanos();
    }
}
