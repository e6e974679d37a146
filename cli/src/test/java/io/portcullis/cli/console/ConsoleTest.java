package io.portcullis.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ConsoleTest {
    @TempDir
    Path folder;

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private ConsoleServer server;

    /** Echoes; {@code wait} runs until interrupted, {@code fail} fails, {@code break} has a defect. */
    private final class Echo implements Session {
        private int count;

        @Override
        public String prompt() {
            return "Device:/" + count + ">";
        }

        @Override
        public int execute(String text, Output output) throws InterruptedException {
            count++;
            switch (text) {
                case "wait" -> {
                    output.out("waiting\n");
                    waiting.countDown();
                    new CountDownLatch(1).await();
                }
                case "break" -> throw new IllegalStateException("defect");
                case "fail" -> output.err("no such thing\n");
                default -> output.out(text + "\n");
            }
            return text.equals("fail") ? 1 : 0;
        }

        @Override
        public List<Candidate> complete(String line, int cursor) {
            return List.of(new Candidate(line.substring(0, cursor) + "!", "help", true));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static final class Heard implements Session.Output {
        final StringBuilder out = new StringBuilder();
        final StringBuilder err = new StringBuilder();

        @Override
        public void out(String text) {
            out.append(text);
        }

        @Override
        public void err(String text) {
            err.append(text);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = ConsoleServer.start(folder, _ -> new Echo());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void commandsAnswerWithOutputStatusAndPrompt() throws IOException {
        try (ConsoleClient client = new ConsoleClient(folder)) {
            Heard heard = new Heard();
            assertEquals("Device:/0>", client.prompt());
            assertEquals(0, client.execute("räksmörgås \"x\"", heard));
            assertEquals(1, client.execute("fail", heard));
            assertEquals("räksmörgås \"x\"\n", heard.out.toString());
            assertEquals("no such thing\n", heard.err.toString());
            assertEquals("Device:/2>", client.prompt());
        }
    }

    @Test
    void commandsFollowEachOtherWithoutAPause() throws IOException {
        try (ConsoleClient client = new ConsoleClient(folder)) {
            Heard heard = new Heard();
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                for (int i = 0; i < 2_000; i++) {
                    assertEquals(0, client.execute("x", heard));
                }
            });
        }
    }

    @Test
    void aDefectEndsTheCommandNotTheSession() throws IOException {
        try (ConsoleClient client = new ConsoleClient(folder)) {
            Heard heard = new Heard();
            assertEquals(1, client.execute("break", heard));
            assertEquals("internal error: java.lang.IllegalStateException: defect\n", heard.err.toString());
            assertEquals(0, client.execute("still here", heard));
        }
    }

    @Test
    void anInterruptEndsACommandThatWaits() throws Exception {
        try (ConsoleClient client = new ConsoleClient(folder)) {
            Thread.ofVirtual().start(() -> {
                try {
                    waiting.await();
                } catch (InterruptedException _) {
                    return;
                }
                client.interrupt();
            });
            Heard heard = new Heard();
            assertEquals(0, client.execute("wait", heard));
            assertEquals("waiting\n", heard.out.toString());
        }
    }

    @Test
    void aClientThatLeavesEndsItsCommandAndSession() throws Exception {
        ConsoleClient client = new ConsoleClient(folder);
        Thread.ofVirtual().start(() -> {
            try {
                client.execute("wait", new Heard());
            } catch (IOException _) {
                return;
            }
        });
        waiting.await();
        client.close();
        assertTrue(closed.await(10, TimeUnit.SECONDS));
    }

    @Test
    void completionsComeBack() throws IOException {
        try (ConsoleClient client = new ConsoleClient(folder)) {
            assertEquals(List.of(new Session.Candidate("ad!", "help", true)), client.complete("add", 2));
        }
    }

    @Test
    void rubbishEndsThatConnectionOnly() throws Exception {
        Path socket = folder.resolve(ConsoleServer.SOCKET);
        try (SocketChannel rough = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            rough.write(ByteBuffer.wrap("{\"ask\":\"NOPE\"}\n\u0000\n".getBytes(StandardCharsets.UTF_8)));
            assertTrue(closed.await(10, TimeUnit.SECONDS));
        }
        try (ConsoleClient client = new ConsoleClient(folder)) {
            assertEquals(0, client.execute("fine", new Heard()));
        }
    }

    @Test
    void onlyTheOwnerMayTalk() throws IOException {
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(ConsoleServer.SOCKET))));
    }

    @Test
    void aFolderTooDeepIsRefusedWithTheWayOut() {
        Path deep = folder.resolve("x".repeat(120));
        IOException refused = assertThrows(IOException.class, () -> ConsoleServer.start(deep, _ -> new Echo()));
        assertTrue(refused.getMessage().contains("shorter --data folder"), refused.getMessage());
    }
}
