package io.portcullis.core.connection;

/** What is known of one end of a TCP connection: how far it has sent and how far it may. */
final class TcpEnd {
    void clear() {}
}
