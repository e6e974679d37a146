package io.portcullis.test.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.console.Session;
import io.portcullis.cli.demo.MemoryMachine;
import io.portcullis.cli.firewall.Firewall;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.SimulatedWire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole firewall between three wires in memory, configured as an administrator types it. Its clock stands still but
 * for {@link #passTime}, and for a second before each {@link #sent}, so that no limit of events per second is reached.
 *
 * <p>That a packet was dropped is known without waiting: packets that are allowed are sent behind it by every wire, and
 * when they have come through, it had its turn.
 */
final class FilterLab implements AutoCloseable {
    static final String LAN = "192.0.2.1";
    static final String LAN_HOST = "192.0.2.10";
    static final String LAN_OTHER = "192.0.2.11";
    static final String WAN = "198.51.100.1";
    static final String WAN_HOST = "198.51.100.10";
    static final String WAN_OTHER = "198.51.100.11";
    static final String DMZ_HOST = "203.0.113.10";
    static final String LAN_HOST6 = "2001:db8:1::10";
    static final String LAN_OTHER6 = "2001:db8:1::11";
    static final String WAN_HOST6 = "2001:db8:2::10";
    static final String WAN_OTHER6 = "2001:db8:2::11";
    static final String DMZ_HOST6 = "2001:db8:3::10";

    /** Allows what is left, for both families. */
    static final String ALLOW_ALL = policy("everything", "Action=Allow LogEnabled=No", "all_services");

    /** Switches the default access rule off, so that only the policies are asked. */
    static final String ANY_SOURCE =
            "add Access Name=any_source Interface=any Network=all-nets,all-nets6 Action=Accept\n";

    private static final int MARKER_PORT = 65_000;
    /**
     * Trips of the markers: after the first the packets before it were judged, after the second all that leaves has
     * left; the next two bring the answer of a neighbour that had to be asked first, and the packet that waited for it.
     */
    private static final int TRIPS = 4;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final long REPEAT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Pattern DROPS = Pattern.compile("^ *(\\d+) +([a-z_]+) ", Pattern.MULTILINE);

    private static final Pattern ADDED =
            Pattern.compile("^add (IPPolicy|Access|Service \\w+) (?:Name=)?(\\S+)", Pattern.MULTILINE);

    private static final String BASE = """
            set Settings WorkerSettings Workers=1
            add Interface Ethernet lan EthernetDevice=lan IP=192.0.2.1 Network=192.0.2.0/24
                IP6=2001:db8:1::1 Network6=2001:db8:1::/64
            add Interface Ethernet wan EthernetDevice=wan IP=198.51.100.1 Network=198.51.100.0/24
                DefaultGateway=198.51.100.254
                IP6=2001:db8:2::1 Network6=2001:db8:2::/64 DefaultGateway6=2001:db8:2::fe
            add Interface Ethernet dmz EthernetDevice=dmz IP=203.0.113.1 Network=203.0.113.0/24
                IP6=2001:db8:3::1 Network6=2001:db8:3::/64
            add Service ServiceTCPUDP marker Type=UDP DestinationPorts=65000 SourcePorts=65000
            add IPPolicy Name=marker SourceInterface=any SourceNetwork=all-nets
                DestinationInterface=any DestinationNetwork=all-nets
                Service=marker Action=Allow LogEnabled=No SourceTranslation=None
            """;

    private final SteppedClock clock = new SteppedClock();
    private final Firewall firewall;
    private final Map<String, Station> stations = new LinkedHashMap<>();
    private final List<Datagram> arrived = new ArrayList<>();
    private final Set<String> markers = new HashSet<>();
    private long trip;
    private boolean begun;
    private String added = "";

    /**
     * What became of packets.
     *
     * @param arrived what left the firewall by any wire
     * @param dropped how many died, by the label of the reason
     * @param log the events, a line each
     */
    record Outcome(List<Datagram> arrived, Map<String, Long> dropped, String log) {
        /** Whether the packet came out, one hop on. */
        boolean passed(Datagram sent) {
            return arrived.stream().anyMatch(sent::arrivedAs);
        }

        long dropped(String reason) {
            return dropped.getOrDefault(reason, 0L);
        }

        /** Lines of the log that have all of these texts. */
        long logged(String... texts) {
            return log.lines()
                    .filter(line -> Arrays.stream(texts).allMatch(line::contains))
                    .count();
        }

        void assertPassed(Datagram sent) {
            assertTrue(passed(sent), () -> sent + " did not pass: " + this);
        }

        /** One packet was sent, and died of this; an event with these texts says so. */
        void assertDropped(String reason, String... logged) {
            assertEquals(List.of(), arrived, this::toString);
            assertEquals(Map.of(reason, 1L), dropped, this::toString);
            assertEquals(1, logged(logged), this::toString);
        }
    }

    /** @param folder empty, for the firewall's data */
    FilterLab(Path folder) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Port> devices = new HashMap<>();
        int station = 1;
        for (String name : List.of("lan", "wan", "dmz")) {
            SimulatedWire wire = new SimulatedWire(
                    name,
                    SimulatedWire.Properties.ethernet().withoutOffload(),
                    new MacAddress(0x0200_0000_0000L + station),
                    new MacAddress(0x0200_0000_0100L + station),
                    clock,
                    random);
            devices.put(name, wire.left());
            stations.put(name, new Station(wire.right(), wire.left().mac().bits()));
            station++;
        }
        try {
            firewall = Firewall.start(new MemoryMachine(devices), folder, clock, new SecureRandom());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A policy about everything from the LAN to the WAN, in both families. */
    static String policy(String name, String what, String service) {
        return policy(name, "SourceInterface=any SourceNetwork=all-nets", "all-nets", what, service)
                + policy(name + "6", "SourceInterface=any SourceNetwork=all-nets6", "all-nets6", what, service);
    }

    /** A policy of one family. */
    static String policy(String name, String from, String to, String what, String service) {
        return "add IPPolicy Name=%s %s DestinationInterface=any DestinationNetwork=%s Service=%s %s%s\n"
                .formatted(name, from, to, service, what, what.contains("Allow") ? " SourceTranslation=None" : "");
    }

    /** Makes this the configuration, behind the interfaces; connections of before are closed. */
    void configure(String... script) {
        load(script);
        type("connections -close -all");
        settle();
    }

    /** Makes this the configuration, and nothing else but settings; any thread, one at a time. */
    void load(String... script) {
        String all = String.join("", script);
        String typed = undo() + all + "activate\ncommit\n";
        added = all;
        if (begun) {
            type(typed);
            return;
        }
        begun = true;
        StringBuilder printed = new StringBuilder();
        try {
            assertTrue(firewall.load(BASE + all, into(printed)), () -> all + printed);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Deletes what was added, users first. */
    private String undo() {
        Matcher objects = ADDED.matcher(added);
        StringBuilder undo = new StringBuilder();
        while (objects.find()) {
            undo.insert(0, "delete " + objects.group(1) + " " + objects.group(2) + "\n");
        }
        return undo.toString();
    }

    /** Puts in force what was committed last in the folder, as a start does. */
    void restore() {
        try {
            assertEquals(List.of(), firewall.restore());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Types console commands. */
    String type(String... commands) {
        StringBuilder printed = new StringBuilder();
        try (Session session = firewall.sessions().open("test")) {
            for (String command : commands) {
                assertEquals(0, session.execute(command, into(printed)), () -> command + "\n" + printed);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return printed.toString();
    }

    /** Types a command that may say no. */
    String ask(String command) {
        StringBuilder printed = new StringBuilder();
        try (Session session = firewall.sessions().open("test")) {
            session.execute(command, into(printed));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return printed.toString();
    }

    private static Session.Output into(StringBuilder printed) {
        return new Session.Output() {
            @Override
            public void out(String text) {
                printed.append(text);
            }

            @Override
            public void err(String text) {
                printed.append(text);
            }
        };
    }

    /** What becomes of packets that hosts on a wire send, one right behind the other. */
    Outcome sent(String wire, Datagram... datagrams) {
        clock.advance(Duration.ofSeconds(1));
        settle();
        return observe(() -> station(wire).send(List.of(datagrams)));
    }

    /** What becomes of packets while time goes by. */
    Outcome passTime(Duration time) {
        return observe(() -> clock.advance(time));
    }

    /**
     * Floods a wire with packets while somebody types.
     *
     * @return how often each came out of the firewall, in the packets' order
     */
    List<Long> flooded(String wire, Runnable typing, Datagram... datagrams) {
        long[] counts = new long[datagrams.length];
        FutureTask<Boolean> typed = new FutureTask<>(typing, true);
        Thread.ofPlatform().name("typing").start(typed);
        while (!typed.isDone()) {
            for (Datagram datagram : datagrams) {
                station(wire).offer(datagram);
            }
            arrived.clear();
            poll();
            for (Datagram out : arrived) {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += datagrams[i].arrivedAs(out) ? 1 : 0;
                }
            }
        }
        try {
            assertTrue(typed.get());
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return Arrays.stream(counts).boxed().toList();
    }

    private Outcome observe(Runnable action) {
        type("memlog -clear");
        Map<String, Long> before = drops();
        arrived.clear();
        action.run();
        settle();
        List<Datagram> out = List.copyOf(arrived);
        Map<String, Long> dropped = drops();
        before.forEach((reason, count) ->
                dropped.computeIfPresent(reason, (_, now) -> now.equals(count) ? null : now - count));
        return new Outcome(out, Map.copyOf(dropped), type("memlog -num=all"));
    }

    Map<String, Long> drops() {
        Map<String, Long> counts = new HashMap<>();
        Matcher rows = DROPS.matcher(type("stats"));
        while (rows.find()) {
            counts.put(rows.group(2), Long.parseLong(rows.group(1)));
        }
        return counts;
    }

    /** Until what was sent before has come through the firewall or died there. */
    void settle() {
        for (int i = 0; i < TRIPS; i++) {
            trip++;
            markers.clear();
            sendMarkers();
            long begun = System.nanoTime();
            long asked = begun;
            while (markers.size() < stations.size()) {
                poll();
                long now = System.nanoTime();
                assertTrue(now - begun < PATIENCE, () -> "the firewall lets only " + markers + " through");
                if (now - asked > REPEAT) {
                    // Behind a flood a marker may be lost, and a question about a neighbour: that is asked again each
                    // second.
                    clock.advance(Duration.ofSeconds(1));
                    sendMarkers();
                    asked = now;
                }
                LockSupport.parkNanos(20_000);
            }
        }
        poll();
    }

    private void sendMarkers() {
        marker("lan", LAN_HOST, WAN_HOST);
        marker("wan", WAN_HOST, LAN_HOST);
        marker("dmz", DMZ_HOST, LAN_HOST);
    }

    private void marker(String wire, String from, String to) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(trip).array();
        station(wire).send(List.of(Datagram.udp(from, MARKER_PORT, to, MARKER_PORT, number)));
    }

    private void poll() {
        stations.values().forEach(station -> station.poll(this::take));
    }

    private void take(Datagram datagram) {
        ByteBuffer b = ByteBuffer.wrap(datagram.octets());
        boolean isMarker = datagram.isV4()
                && b.get(9) == 17
                && b.capacity() == 36
                && (b.getShort(20) & 0xffff) == MARKER_PORT
                && (b.getShort(22) & 0xffff) == MARKER_PORT;
        if (!isMarker) {
            arrived.add(datagram);
        } else if (b.getLong(28) == trip) {
            markers.add("marker from " + b.getInt(12));
        }
    }

    /** The hosts on a wire. */
    Station station(String wire) {
        Station station = stations.get(wire);
        if (station == null) {
            throw new AssertionError("there is no wire " + wire);
        }
        return station;
    }

    @Override
    public void close() {
        try {
            firewall.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
