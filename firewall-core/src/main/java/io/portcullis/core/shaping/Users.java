package io.portcullis.core.shaping;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The users of a pipe. There are at most {@link #MOST}: more than packets can wait, so that one of them has none and
 * can be forgotten for a new one, the one whose last packet is the longest ago. A new user has no credit, so that
 * nobody gains by being forgotten. Belongs to one worker.
 */
final class Users {
    static final int MOST = 2 * PipeQueue.MOST_WAITING;

    private static final int SPREAD = 0x9e37_79b9;

    private final PipeDefinition definition;
    private final @Nullable User[] buckets = new @Nullable User[MOST];
    private int size;
    private @Nullable User oldest;
    private @Nullable User newest;

    Users(PipeDefinition definition) {
        this.definition = definition;
    }

    /** Whose packet it is. */
    User of(Passage passage, long now) {
        return of(high(passage), low(passage), passage.userPort(definition.grouping()), now);
    }

    /** Whose packet it is, null when it is nobody's that is known; nothing changes. */
    @Nullable
    User known(Passage passage) {
        return find(high(passage), low(passage), passage.userPort(definition.grouping()));
    }

    private long high(Passage passage) {
        Grouping grouping = definition.grouping();
        return grouping == Grouping.NONE ? 0 : passage.userHigh(grouping);
    }

    private long low(Passage passage) {
        Grouping grouping = definition.grouping();
        if (grouping == Grouping.NONE) {
            return 0;
        }
        long low = passage.userLow(grouping);
        if (!grouping.isByNetwork()) {
            return low;
        }
        boolean isV4 = IpAddress.isV4(passage.userHigh(grouping), low);
        return isV4 ? low & (-1L << (Integer.SIZE - definition.networkSize())) : 0;
    }

    private @Nullable User find(long high, long low, int port) {
        User user = buckets[bucket(high, low, port)];
        while (user != null && !user.is(high, low, port)) {
            user = user.nextInBucket;
        }
        return user;
    }

    private User of(long high, long low, int port, long now) {
        int bucket = bucket(high, low, port);
        User user = find(high, low, port);
        if (user == null) {
            user = size < MOST ? new User(definition, now) : forgotten();
            if (size < MOST) {
                size++;
            }
            user.become(high, low, port, now);
            user.nextInBucket = buckets[bucket];
            buckets[bucket] = user;
        } else {
            unlink(user);
        }
        user.lastSeen = now;
        link(user);
        return user;
    }

    /** The user whose last packet is the longest ago, of those that have none waiting. */
    private User forgotten() {
        User user = oldest;
        while (user != null && user.waiting > 0) {
            unlink(user);
            link(user);
            user = oldest;
        }
        if (user == null) {
            throw new IllegalStateException("there are no users");
        }
        unlink(user);
        int bucket = bucket(user.high, user.low, user.port);
        User at = buckets[bucket];
        if (user.equals(at)) {
            buckets[bucket] = user.nextInBucket;
        } else {
            while (at != null && !user.equals(at.nextInBucket)) {
                at = at.nextInBucket;
            }
            if (at != null) {
                at.nextInBucket = user.nextInBucket;
            }
        }
        return user;
    }

    private void link(User user) {
        user.older = newest;
        user.newer = null;
        if (newest == null) {
            oldest = user;
        } else {
            newest.newer = user;
        }
        newest = user;
    }

    private void unlink(User user) {
        if (user.older == null) {
            oldest = user.newer;
        } else {
            user.older.newer = user.newer;
        }
        if (user.newer == null) {
            newest = user.older;
        } else {
            user.newer.older = user.older;
        }
        user.older = null;
        user.newer = null;
    }

    private static int bucket(long high, long low, int port) {
        int hash = (Long.hashCode(high) * SPREAD + Long.hashCode(low)) * SPREAD + port * SPREAD;
        return (hash ^ hash >>> 16) & MOST - 1;
    }

    /** Those whose last packet came since a time, the newest first. */
    List<User> since(long time) {
        List<User> found = new ArrayList<>();
        for (User user = newest; user != null && user.lastSeen - time >= 0; user = user.older) {
            found.add(user);
        }
        return found;
    }
}
