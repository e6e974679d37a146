package io.portcullis.core.connection;

import io.portcullis.core.ftp.ControlStream;
import org.jspecify.annotations.Nullable;

/** What is known of a control connection of FTP. Belongs to one worker. */
final class FtpSession {
    private final ControlStream client = new ControlStream();
    private final ControlStream server = new ControlStream();

    /** Whether the two ends know each other by other addresses than they have. */
    final boolean translates;
    /** Whether the client has asked where it may connect to, and was not told yet. */
    boolean asked;
    /** Whether the client has asked for encryption. */
    boolean asksForTls;
    /** Whether what is said can not be read any more. */
    boolean encrypted;
    /** The data connection that was announced last. */
    @Nullable
    AnnouncedConnection announced;

    FtpSession(boolean translates) {
        this.translates = translates;
    }

    /** What one end sends. */
    ControlStream stream(boolean fromClient) {
        return fromClient ? client : server;
    }

    /** Whether either end's numbers differ from what the other gets. */
    boolean isChanged() {
        return client.isChanged() || server.isChanged();
    }
}
