package io.portcullis.core.event.receiver;

import io.portcullis.core.event.LoggedEvent;
import java.io.IOException;

/** Brings events to where a receiver wants them; may take its time. One thread's. */
interface EventWriter extends AutoCloseable {
    /** @throws IOException when this event could not be brought; the next one may */
    void write(LoggedEvent event) throws IOException;

    /** Nothing more waits to be written for now. */
    default void flush() throws IOException {}

    @Override
    void close();
}
