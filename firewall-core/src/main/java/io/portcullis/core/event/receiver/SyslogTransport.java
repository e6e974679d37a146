package io.portcullis.core.event.receiver;

import io.portcullis.core.net.IpAddress;
import java.io.IOException;

/** Brings messages to one syslog server, each as it is. One thread's. */
public interface SyslogTransport extends AutoCloseable {
    /** @throws IOException when this message could not be sent; the next one may */
    void send(byte[] message) throws IOException;

    @Override
    void close();

    /** Opens ways to servers. */
    @FunctionalInterface
    interface Factory {
        /** @throws IOException when the system gives no socket */
        SyslogTransport open(IpAddress server, int port) throws IOException;
    }
}
