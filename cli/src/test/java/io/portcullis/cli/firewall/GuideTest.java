package io.portcullis.cli.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.console.Session;
import io.portcullis.core.time.Clock;
import io.portcullis.core.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's guide is true: its examples run, in order, on a firewall whose wires lead nowhere. */
final class GuideTest {
    /** Long enough to see a command begin to wait for something; those that go on are interrupted then. */
    private static final long LOOK_MILLIS = 150;

    private static final Pattern BLOCK = Pattern.compile("^```(\\S+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    /** A piece of the guide that the test understands. */
    private record Example(String kind, String text) {}

    private static List<Example> examples() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "guide.md"));
        return BLOCK.matcher(guide)
                .results()
                .map(block -> new Example(block.group(1), block.group(2)))
                .toList();
    }

    private final Session.Output printed = new Session.Output() {
        @Override
        public void out(String text) {
            output.add(text);
        }

        @Override
        public void err(String text) {
            output.add(text);
        }
    };

    @Test
    @Timeout(60)
    void everyExampleRuns(@TempDir Path folder) throws IOException, InterruptedException {
        Clock clock = new SystemClock();
        List<String> ran = new ArrayList<>();
        try (Firewall firewall = Firewall.start(new NowhereMachine(clock), folder, clock, new SecureRandom())) {
            firewall.restore();
            try (Session session = firewall.sessions().open("guide")) {
                for (Example example : examples()) {
                    switch (example.kind()) {
                        case "portcullis" -> {
                            int status = session.execute(example.text(), printed);
                            assertEquals(0, status, () -> example.text() + "\n" + String.join("", output));
                            ran.add(example.text());
                        }
                        case "portcullis-operational" ->
                            example.text().lines().forEach(line -> {
                                operate(session, line);
                                ran.add(line);
                            });
                        case "swanctl" -> ran.add(example.text());
                        default -> throw new AssertionError("what is " + example.kind() + "?");
                    }
                }
            }
        }
        assertTrue(ran.size() > 30, ran.size() + " examples were found");
    }

    /** Runs an operational command until it ends or waits for more. */
    private void operate(Session session, String line) {
        AtomicInteger status = new AtomicInteger();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                status.set(session.execute(line, printed));
            } catch (InterruptedException _) {
                // it would have gone on
            }
        });
        try {
            if (!thread.join(Duration.ofMillis(LOOK_MILLIS))) {
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(line, e);
        }
        assertEquals(0, status.get(), () -> line + "\n" + String.join("", output));
    }

    /** What is written for the peer is what the firewall in the examples expects, and the other way round. */
    @Test
    void thePeersFileFitsTheTunnel() throws IOException {
        List<Example> examples = examples();
        String peer = examples.stream()
                .filter(example -> example.kind().equals("swanctl"))
                .findFirst()
                .orElseThrow()
                .text();
        String ours = String.join(
                "\n",
                examples.stream()
                        .filter(example -> example.kind().equals("portcullis"))
                        .map(Example::text)
                        .toList());
        assertEquals(value(ours, "RemoteEndpoint="), value(peer, "local_addrs = "));
        assertEquals(value(ours, "wan EthernetDevice=ens5 IP="), value(peer, "remote_addrs = "));
        assertEquals(value(ours, "RemoteNetwork="), value(peer, "local_ts = "));
        assertEquals(value(ours, "Network="), value(peer, "remote_ts = "));
        assertEquals(value(ours, "PSKAscii=\"correct "), value(peer, "secret = \"correct "));
    }

    private static String value(String text, String before) {
        int at = text.indexOf(before);
        assertTrue(at >= 0, before);
        return text.substring(at + before.length()).split("\\s", 2)[0];
    }
}
