package io.portcullis.cli.console;

import io.portcullis.cli.console.ConsoleProtocol.Reply;
import io.portcullis.cli.console.ConsoleProtocol.Request;
import io.portcullis.cli.console.ConsoleProtocol.Tell;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Serves sessions on the Unix-domain socket {@code console.sock} of the data folder; its mode is 0600. */
public final class ConsoleServer implements AutoCloseable {
    /** Name of the socket in the data folder. */
    public static final String SOCKET = "console.sock";

    private static final int MAX_SESSIONS = 64;
    // sockaddr_un has 108 octets with the closing zero.
    private static final int MAX_PATH = 107;

    private final Path path;
    private final Session.Factory sessions;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private ConsoleServer(Path path, Session.Factory sessions, ServerSocketChannel server) {
        this.path = path;
        this.sessions = sessions;
        this.server = server;
    }

    /**
     * Starts serving. A socket that an earlier process left behind is replaced: the caller holds the folder's lock.
     *
     * @throws IOException with a sentence for the administrator
     */
    public static ConsoleServer start(Path folder, Session.Factory sessions) throws IOException {
        Path path = folder.resolve(SOCKET);
        if (path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new IOException("the path " + path + " is longer than the " + MAX_PATH
                    + " octets that a Unix-domain socket may have: choose a shorter --data folder");
        }
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        ConsoleServer server = new ConsoleServer(path, sessions, channel);
        Thread.ofVirtual().name("console").start(server::accept);
        return server;
    }

    private void accept() {
        while (server.isOpen()) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (IOException _) {
                return; // closed: there is nobody left to serve
            }
            if (open.size() >= MAX_SESSIONS) {
                close(client);
                continue;
            }
            open.add(client);
            Thread.ofVirtual().name("console-session").start(() -> serve(client));
        }
    }

    private void serve(SocketChannel client) {
        AtomicReference<Thread> running = new AtomicReference<>();
        AtomicBoolean busy = new AtomicBoolean();
        try (Session session = sessions.open("console")) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(client));
            OutputStream out = Channels.newOutputStream(client);
            send(out, new Reply(Tell.DONE, session.prompt(), 0, null));
            Request request;
            while ((request = ConsoleProtocol.read(in, Request.class)) != null) {
                switch (request.ask()) {
                    case COMPLETE -> {
                        List<Session.Candidate> found = session.complete(request.text(), request.cursor());
                        send(out, new Reply(Tell.CANDIDATES, "", 0, found));
                    }
                    case INTERRUPT -> interrupt(running);
                    case EXECUTE -> {
                        // Not whether the thread lives: it still ends while the client, told that the command is
                        // done, asks for the next.
                        if (busy.compareAndSet(false, true)) {
                            String text = request.text();
                            running.set(Thread.ofVirtual()
                                    .name("console-command")
                                    .start(() -> run(session, text, out, busy)));
                        }
                    }
                }
            }
        } catch (IOException _) {
            // The client is gone: the session ends with it.
        } finally {
            interrupt(running);
            awaitEnd(running);
            open.remove(client);
            close(client);
        }
    }

    private static void run(Session session, String text, OutputStream out, AtomicBoolean busy) {
        int status;
        Session.Output output = new Session.Output() {
            @Override
            public void out(String chunk) {
                tell(Tell.OUT, chunk);
            }

            @Override
            public void err(String chunk) {
                tell(Tell.ERR, chunk);
            }

            private void tell(Tell tell, String chunk) {
                try {
                    send(out, new Reply(tell, chunk, 0, null));
                } catch (IOException _) {
                    Thread.currentThread().interrupt(); // nobody listens: end the command
                }
            }
        };
        try {
            status = session.execute(text, output);
        } catch (InterruptedException _) {
            status = 0;
        } catch (RuntimeException defect) {
            output.err("internal error: " + defect + "\n");
            status = 1;
        }
        // An interrupt that came late must not keep the last word from being sent.
        Thread.interrupted();
        Reply last = new Reply(Tell.DONE, session.prompt(), status, null);
        busy.set(false);
        try {
            send(out, last);
        } catch (IOException _) {
            // The reader notices too and ends the session.
        }
    }

    private static void send(OutputStream out, Reply reply) throws IOException {
        synchronized (out) {
            ConsoleProtocol.write(out, reply);
        }
    }

    private static void interrupt(AtomicReference<Thread> running) {
        Thread command = running.get();
        if (command != null) {
            command.interrupt();
        }
    }

    private static void awaitEnd(AtomicReference<Thread> running) {
        Thread command = running.get();
        try {
            if (command != null) {
                command.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // Closing is all that was wanted.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // The next start replaces what is left.
        }
        open.forEach(ConsoleServer::close);
    }
}
