package io.portcullis.cli.console;

import io.portcullis.cli.console.ConsoleProtocol.Ask;
import io.portcullis.cli.console.ConsoleProtocol.Reply;
import io.portcullis.cli.console.ConsoleProtocol.Request;
import io.portcullis.cli.console.ConsoleProtocol.Tell;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A connection to a running firewall's console. One command at a time; {@link #interrupt} from any thread. */
public final class ConsoleClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private String prompt;

    /** @throws IOException when no firewall answers at this data folder */
    public ConsoleClient(Path folder) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(ConsoleServer.SOCKET)));
        in = new BufferedInputStream(Channels.newInputStream(channel));
        out = Channels.newOutputStream(channel);
        prompt = next().text();
    }

    /** What to show before the cursor. */
    public String prompt() {
        return prompt;
    }

    /**
     * Runs a command line or script; returns when it has ended.
     *
     * @return its exit status
     * @throws IOException when the firewall went away
     */
    public int execute(String text, Session.Output output) throws IOException {
        send(new Request(Ask.EXECUTE, text, 0));
        while (true) {
            Reply reply = next();
            switch (reply.tell()) {
                case OUT -> output.out(reply.text());
                case ERR -> output.err(reply.text());
                case DONE -> {
                    prompt = reply.text();
                    return reply.status();
                }
                case CANDIDATES -> {
                    // An answer to a question of before; nobody waits for it any more.
                }
            }
        }
    }

    /** What could stand at the cursor. */
    public List<Session.Candidate> complete(String line, int cursor) throws IOException {
        send(new Request(Ask.COMPLETE, line, cursor));
        while (true) {
            Reply reply = next();
            if (reply.tell() == Tell.CANDIDATES) {
                return reply.candidates() == null ? List.of() : reply.candidates();
            }
        }
    }

    /** Ends the command that runs. */
    public void interrupt() {
        try {
            send(new Request(Ask.INTERRUPT, "", 0));
        } catch (IOException _) {
            // The reader of replies notices that the firewall is gone.
        }
    }

    private void send(Request request) throws IOException {
        synchronized (out) {
            ConsoleProtocol.write(out, request);
        }
    }

    private Reply next() throws IOException {
        Reply reply = ConsoleProtocol.read(in, Reply.class);
        if (reply == null) {
            throw new IOException("the firewall closed the connection");
        }
        return reply;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
