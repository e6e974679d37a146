package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.LogEvents;
import io.portcullis.core.event.LoggedEvent;
import io.portcullis.core.event.Severity;
import io.portcullis.core.time.ManualClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunningReceiverTest {
    private final List<LoggedEvent> written = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** As a disk that is stuck until it is told to go on; then one write fails. */
    private final EventWriter slow = new EventWriter() {
        private boolean failed;

        @Override
        public void write(LoggedEvent event) throws IOException {
            begun.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (!failed) {
                failed = true;
                throw new IOException("the disk is full");
            }
            written.add(event);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    };

    private RunningReceiver receiver() {
        return new RunningReceiver(
                "disk", new EventSelection(List.of(Severity.INFO), List.of()), slow, new ManualClock(Events.AT));
    }

    @Test
    void whatASlowReceiverLosesIsCountedAndToldToItself() throws InterruptedException {
        RunningReceiver receiver = receiver();
        receiver.accept(Events.opened(0, "192.0.2.1"));
        begun.await();
        int waiting = 8192;
        for (int i = 1; i <= waiting + 5; i++) {
            receiver.accept(Events.opened(i, "192.0.2.1"));
        }
        assertEquals(5, receiver.lost(), "nobody waits for a receiver");
        mayGoOn.countDown();
        receiver.close();
        closed.await();
        // One that could not be written, and five that found no room.
        assertEquals(
                Event.of(LogEvents.RECEIVER_LOST, "none", "disk", 6),
                written.getFirst().event());
        assertEquals(waiting + 1, written.size(), "the rest is written before it ends");
        assertEquals(Events.opened(1, "192.0.2.1"), written.get(1));
        assertEquals(0, receiver.lost());
    }

    @Test
    void whatItDoesNotWantIsNotLostButLeftOut() throws InterruptedException {
        RunningReceiver receiver = receiver();
        mayGoOn.countDown();
        receiver.accept(new LoggedEvent(Events.AT, Event.of(Events.FULL, "none", 1)));
        receiver.close();
        closed.await();
        assertTrue(written.isEmpty());
        assertEquals(1, begun.getCount(), "the writer was not asked");
    }
}
