package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Private values made beforehand, so that a peer that calls after a quiet time does not wait for them. A few for each
 * group that has been asked for once; every one leaves the pool with the exchange that it is for and never comes back.
 * Refilling queues behind everything else that the executor has to do. Any thread.
 */
public final class KeyPool implements KeyExchangeSource {
    private static final int READY = 32;

    private final KeyExchangeSource fresh;
    private final Executor background;
    private final Map<DhGroup, Shelf> shelves = new ConcurrentHashMap<>();

    private static final class Shelf {
        private final ArrayBlockingQueue<KeyExchange> ready = new ArrayBlockingQueue<>(READY);
        private final AtomicBoolean filling = new AtomicBoolean();
    }

    /** @param background runs tasks later, on threads of its own */
    public KeyPool(KeyExchangeSource fresh, Executor background) {
        this.fresh = fresh;
        this.background = background;
    }

    @Override
    public KeyExchange take(DhGroup group) {
        Shelf shelf = shelves.computeIfAbsent(group, _ -> new Shelf());
        KeyExchange ready = shelf.ready.poll();
        if (shelf.filling.compareAndSet(false, true)) {
            later(shelf, group);
        }
        return ready == null ? fresh.take(group) : ready;
    }

    private void later(Shelf shelf, DhGroup group) {
        try {
            background.execute(() -> fill(shelf, group));
        } catch (RejectedExecutionException ending) {
            shelf.filling.set(false);
        }
    }

    /** One at a time: what came in meanwhile goes first. */
    private void fill(Shelf shelf, DhGroup group) {
        if (shelf.ready.remainingCapacity() == 0) {
            shelf.filling.set(false);
            return;
        }
        shelf.ready.add(fresh.take(group));
        later(shelf, group);
    }
}
