package io.portcullis.cli.demo;

import io.portcullis.cli.console.ConsoleClient;
import io.portcullis.cli.console.Session;
import io.portcullis.cli.firewall.Firewall;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.time.Clock;
import io.portcullis.core.time.SystemClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A head office and a branch office: host, firewall, wire, firewall, host. The first packet from host to host brings
 * the tunnel up; what then passes is checked octet by octet.
 */
final class Demo implements AutoCloseable {
    private static final IpAddress HQ_HOST = IpAddress.literal("172.16.1.5");
    private static final IpAddress BRANCH_HOST = IpAddress.literal("192.168.11.7");
    private static final int PINGS = 5;
    private static final int TRANSFER = 8 << 20;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long TICK_NANOS = 50_000L;

    private static final String PICTURE = """

              172.16.1.5                                                                      192.168.11.7
                host ──lan──┤ hq ├──wan── 203.0.113.2 ══════════ 203.0.113.1 ──wan──┤ branch ├──lan── host
                              └──────────────── ipsec_hq_to_branch ────────────────────┘

            """;

    private final PrintStream out;
    private final Clock clock = new SystemClock();
    private final SecureRandom random = new SecureRandom();
    private final Path folder;
    private final Firewall hq;
    private final Firewall branch;
    private final SimulatedHost hqHost;
    private final SimulatedHost branchHost;

    private Demo(PrintStream out) throws IOException {
        this.out = out;
        folder = Files.createTempDirectory("portcullis-demo-");
        SimulatedWire hqLan = wire("hq-lan", 1);
        SimulatedWire wan = wire("wan", 3);
        SimulatedWire branchLan = wire("branch-lan", 5);
        hq = Firewall.start(
                new MemoryMachine(java.util.Map.of("lan", hqLan.right(), "wan", wan.left())),
                folder.resolve("hq"),
                clock,
                random);
        branch = Firewall.start(
                new MemoryMachine(java.util.Map.of("lan", branchLan.right(), "wan", wan.right())),
                folder.resolve("branch"),
                clock,
                random);
        hqHost = new SimulatedHost(hqLan.left(), HQ_HOST, IpAddress.literal("172.16.1.1"));
        branchHost = new SimulatedHost(branchLan.left(), BRANCH_HOST, IpAddress.literal("192.168.11.1"));
    }

    private SimulatedWire wire(String name, int station) {
        return new SimulatedWire(
                name,
                SimulatedWire.Properties.ethernet(),
                new MacAddress(0x0200_0000_0000L + station),
                new MacAddress(0x0200_0000_0000L + station + 1),
                clock,
                random);
    }

    /** Starts both firewalls with their configurations active and committed. */
    static Demo start(PrintStream out) throws IOException {
        Demo demo = new Demo(out);
        demo.configure(demo.hq, "hq.cli");
        demo.configure(demo.branch, "branch.cli");
        demo.hq.warmUp();
        return demo;
    }

    private void configure(Firewall firewall, String script) throws IOException {
        try (InputStream in = Demo.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IOException(script + " is missing from the program");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!firewall.load(text, printing())) {
                throw new IOException(script + " was refused");
            }
        }
    }

    /**
     * Negotiates, pings, transfers, prints.
     *
     * @return whether everything came through
     */
    boolean show() throws IOException, InterruptedException {
        out.print(PICTURE);
        Thread snoop = snooping();
        boolean pinged = ping();
        snoop.interrupt();
        snoop.join();
        boolean transferred = pinged && transfer();
        type("hq", "ipsec", "ike", "connections", "ifstat");
        type("branch", "ipsec");
        out.println(
                transferred
                        ? "Done: what the hosts exchanged went through the tunnel and arrived whole."
                        : "The demo FAILED.");
        return transferred;
    }

    private Thread snooping() throws InterruptedException {
        out.println("hq:/> ike -snoop");
        CountDownLatch listening = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            try (Session session = hq.sessions().open("demo")) {
                listening.countDown();
                session.execute("ike -snoop", printing());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        listening.await();
        return thread;
    }

    private boolean ping() {
        out.printf("%n%s pings %s; the first packet brings the tunnel up.%n", HQ_HOST, BRANCH_HOST);
        int[] sequence = {0};
        long[] sentAt = {clock.nanos() - PATIENCE_NANOS};
        boolean answered = until(() -> {
            long now = clock.nanos();
            int got = hqHost.replies().size();
            boolean next = got >= sequence[0] || now - sentAt[0] > 1_000_000_000L;
            if (got < PINGS && next) {
                sentAt[0] = now;
                sequence[0] = got + 1;
                hqHost.ping(BRANCH_HOST, sequence[0], 56, now);
            }
            return got >= PINGS;
        });
        hqHost.replies()
                .forEach(reply ->
                        out.printf("  reply from %s seq=%d ttl=%d%n", reply.from(), reply.sequence(), reply.ttl()));
        return answered;
    }

    private boolean transfer() {
        byte[] data = new byte[TRANSFER];
        random.nextBytes(data);
        CRC32C checksum = new CRC32C();
        checksum.update(data);
        SimulatedTransfer receiver = SimulatedTransfer.receiver(HQ_HOST, 5001, 40_000, random.nextInt());
        SimulatedTransfer sender = SimulatedTransfer.sender(BRANCH_HOST, 40_000, 5001, data, random.nextInt());
        branchHost.add(receiver);
        hqHost.add(sender);
        long begun = clock.nanos();
        boolean done = until(() -> sender.isDone() && receiver.isDone());
        double seconds = (clock.nanos() - begun) / 1e9;
        boolean whole =
                done && receiver.receivedBytes() == TRANSFER && receiver.receivedChecksum() == checksum.getValue();
        out.printf(
                "%nTCP transfer %s to %s: %,d of %,d octets, checksum %s, %.2f s, %.0f Mbit/s,"
                        + " segments of %d octets (MSS clamped to the tunnel).%n%n",
                HQ_HOST,
                BRANCH_HOST,
                receiver.receivedBytes(),
                TRANSFER,
                whole ? "right" : "WRONG",
                seconds,
                receiver.receivedBytes() * 8 / seconds / 1e6,
                sender.negotiatedMss());
        return whole;
    }

    /** Lets the hosts run until something holds; false when it did not in time. */
    private boolean until(BooleanSupplier holds) {
        long deadline = clock.nanos() + PATIENCE_NANOS;
        while (!holds.getAsBoolean()) {
            long now = clock.nanos();
            if (now - deadline > 0) {
                return false;
            }
            hqHost.poll(now);
            branchHost.poll(now);
            LockSupport.parkNanos(TICK_NANOS);
        }
        return true;
    }

    /** As {@code portcullis cli} does: over the console's socket. */
    private void type(String name, String... commands) throws IOException {
        try (ConsoleClient console = new ConsoleClient(folder.resolve(name))) {
            for (String command : commands) {
                out.println(name + ":/> " + command);
                console.execute(command, printing());
                out.println();
            }
        }
    }

    /** Leaves both firewalls and hosts running until the process is told to end. */
    void keep() {
        out.printf(
                "Both firewalls keep running. In another terminal:%n%n  ./portcullis cli --data %s%n"
                        + "  ./portcullis cli --data %s%n%nCtrl-C ends it.%n",
                folder.resolve("hq"), folder.resolve("branch"));
        out.flush();
        int sequence = PINGS;
        long pinged = clock.nanos();
        while (!Thread.currentThread().isInterrupted()) {
            long now = clock.nanos();
            if (now - pinged > 1_000_000_000L) {
                pinged = now;
                hqHost.replies().clear();
                hqHost.ping(BRANCH_HOST, ++sequence & 0xffff, 56, now);
            }
            hqHost.poll(now);
            branchHost.poll(now);
            LockSupport.parkNanos(20 * TICK_NANOS);
        }
    }

    private Session.Output printing() {
        return new Session.Output() {
            @Override
            public void out(String text) {
                synchronized (out) {
                    out.print(text);
                }
            }

            @Override
            public void err(String text) {
                out(text);
            }
        };
    }

    @Override
    public void close() throws IOException {
        hq.close();
        branch.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
