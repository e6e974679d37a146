package io.portcullis.ipsec.esp;

import io.portcullis.ipsec.sa.SaEvent;

/** Where the worker tells IKE what happened: a bounded queue that never blocks. */
@FunctionalInterface
public interface SaEvents {
    /** On the worker. False when the queue is full: the event is lost, and counted by the queue's owner. */
    boolean offer(SaEvent event);
}
