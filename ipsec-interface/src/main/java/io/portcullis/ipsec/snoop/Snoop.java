package io.portcullis.ipsec.snoop;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands entries from the IKE thread to console sessions. Publishing never blocks: a listener that does not keep up
 * loses entries and is told how many. Rendering happens on the listener's thread. Safe for any thread.
 */
public final class Snoop {
    private static final int LISTENERS = 16;

    private final ZoneId zone;
    private final List<SnoopSubscription> subscriptions = new CopyOnWriteArrayList<>();

    /** @param zone of the time that is shown */
    public Snoop(ZoneId zone) {
        this.zone = zone;
    }

    /** Whether anybody listens: entries need not be made when nobody does. */
    public boolean isListening() {
        return !subscriptions.isEmpty();
    }

    /** Begins to listen until the subscription is closed; empty when too many listen already. */
    public synchronized Optional<SnoopSubscription> subscribe(SnoopFilter filter) {
        if (subscriptions.size() >= LISTENERS) {
            return Optional.empty();
        }
        SnoopSubscription subscription = new SnoopSubscription(this, filter, zone);
        subscriptions.add(subscription);
        return Optional.of(subscription);
    }

    /** Ends all subscriptions, whoever has them; returns how many there were. */
    public synchronized int stopAll() {
        List<SnoopSubscription> ended = List.copyOf(subscriptions);
        ended.forEach(SnoopSubscription::close);
        return ended.size();
    }

    /** Shows an entry to everybody who wants it. */
    public void publish(SnoopEntry entry) {
        for (SnoopSubscription subscription : subscriptions) {
            subscription.offer(entry);
        }
    }

    void remove(SnoopSubscription subscription) {
        subscriptions.remove(subscription);
    }
}
