package io.portcullis.core.connection;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.SYN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two ends that keep to RFC 9293 talk over a network that loses, doubles and reorders on both sides of the firewall.
 * Whatever it refuses must have been of no use to the receiver, and the conversation must come to its end.
 */
class TcpLegalTrafficTest {
    private static final int LARGEST = 64_000;

    /** @param to the end that shall get it */
    private record Segment(End to, int flags, int sequence, int acknowledgement, int window, int scale, int data) {
        int after() {
            return sequence + data + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
        }
    }

    /** One end: sends {@code total} octets and then a FIN, and takes what comes in order. */
    private static final class End {
        final boolean client;
        final int first;
        final int shift;
        final int total;
        final Random random;
        boolean shifts;
        boolean established;
        int sentTo;
        int acknowledged;
        int peerWindowEnd;
        int received;
        boolean peerSynSeen;
        boolean peerFinSeen;
        int edge;

        End(boolean client, Random random) {
            this.client = client;
            this.random = random;
            first = random.nextInt();
            shift = random.nextInt(16) - 1;
            total = random.nextInt(400_000);
            sentTo = first;
            acknowledged = first;
        }

        int finAt() {
            return first + 1 + total;
        }

        /** Never takes back what it allowed, and allows up to 65535 shifted. */
        int window() {
            int largest = Math.min(65_535 << (shifts ? Math.max(shift, 0) : 0), 300_000);
            int wanted = received + random.nextInt(largest + 1);
            if (wanted - edge > 0) {
                edge = wanted;
            }
            int unit = shifts ? Math.max(shift, 0) : 0;
            int field = Math.min(65_535, ((edge - received) >>> unit) + 1);
            if (received + (field << unit) - edge > 0) {
                edge = received + (field << unit);
            }
            return field;
        }

        boolean done() {
            return acknowledged == finAt() + 1 && peerFinSeen;
        }
    }

    private Bench bench = new Bench();
    private long seed;
    private int refused;

    @Test
    void legalSegmentsPass() {
        for (seed = 1; seed <= 150; seed++) {
            Random random = new Random(seed);
            bench = new Bench(ConnectionLimits.DEFAULT, seed);
            converse(random);
        }
    }

    private void converse(Random random) {
        End client = new End(true, random);
        End server = new End(false, random);
        client.shifts = false;
        List<Segment> before = new ArrayList<>();
        List<Segment> behind = new ArrayList<>();
        int loss = random.nextInt(20);
        for (int step = 0; step < 60_000; step++) {
            if (client.done() && server.done()) {
                return;
            }
            End speaker = random.nextBoolean() ? client : server;
            End listener = speaker == client ? server : client;
            Segment said = before.size() > 40 ? null : say(speaker, listener, random);
            if (said != null) {
                before.add(said);
                if (random.nextInt(100) < 3) {
                    before.add(said);
                }
            }
            if (!before.isEmpty()) {
                Segment next = before.remove(late(before.size(), random));
                if (random.nextInt(100) >= loss) {
                    firewall(next, next.to() == client ? server : client, behind);
                }
            }
            if (!behind.isEmpty()) {
                Segment next = behind.remove(late(behind.size(), random));
                if (random.nextInt(100) >= loss) {
                    hear(next.to(), next.to() == client ? server : client, next);
                }
            }
        }
        throw new AssertionError("seed " + seed + ": the conversation does not end; " + refused + " refused");
    }

    private static int late(int size, Random random) {
        return random.nextInt(10) == 0 ? random.nextInt(size) : 0;
    }

    private void firewall(Segment segment, End from, List<Segment> behind) {
        IpAddress source = from.client ? Bench.CLIENT : Bench.SERVER;
        IpAddress destination = from.client ? Bench.SERVER : Bench.CLIENT;
        DropReason why = bench.through(
                Packets.tcp(
                        from.client ? Bench.LAN : Bench.WAN,
                        source,
                        from.client ? 4000 : 80,
                        destination,
                        from.client ? 80 : 4000,
                        segment.flags(),
                        segment.sequence(),
                        segment.acknowledgement(),
                        segment.window(),
                        segment.scale(),
                        segment.data()),
                from.client ? Bench.WAN : Bench.LAN,
                from.client ? TestPolicy.PLAIN : null);
        if (why == DropReason.NONE) {
            behind.add(segment);
        } else {
            refused++;
            End to = segment.to();
            boolean newData = to.peerSynSeen && segment.after() - to.received > 0;
            boolean newAck = segment.acknowledgement() - to.acknowledged > 0;
            assertTrue(!newData && !newAck, "seed " + seed + ": " + why + " for " + segment);
        }
    }

    private static Segment say(End end, End peer, Random random) {
        if (!end.established) {
            boolean mayOpen = end.client || end.peerSynSeen;
            if (!mayOpen || random.nextInt(5) != 0) {
                return null;
            }
            if (end.sentTo == end.first) {
                end.sentTo = end.first + 1;
            }
            boolean offers = end.client || peer.shift >= 0;
            return new Segment(
                    peer,
                    end.client ? SYN : SYN | ACK,
                    end.first,
                    end.client ? 0 : end.received,
                    end.client ? 1000 : Math.min(65_535, synWindow(end)),
                    offers ? Math.min(end.shift, 14) : -1,
                    0);
        }
        // From what is not acknowledged (again) or from what was not sent yet.
        int from = random.nextInt(4) == 0 ? end.acknowledged : end.sentTo;
        if (from == end.first) {
            from = end.first + 1;
        }
        int most = Math.min(end.finAt() - from, end.peerWindowEnd - from);
        int data = Math.max(0, Math.min(most, random.nextInt(LARGEST)));
        if (from - end.finAt() > 0) {
            from = random.nextBoolean() ? end.finAt() : end.finAt() + 1;
            data = 0;
        }
        int after = from + data;
        boolean fin = after == end.finAt() && random.nextBoolean();
        if (fin) {
            after++;
        }
        if (after - end.sentTo > 0) {
            end.sentTo = after;
        }
        return new Segment(peer, ACK | (fin ? FIN : 0), from, end.received, end.window(), -1, data);
    }

    private static int synWindow(End end) {
        end.edge = end.received + 5000;
        return 5000;
    }

    private static void hear(End end, End peer, Segment segment) {
        if ((segment.flags() & SYN) != 0) {
            if (!end.peerSynSeen) {
                end.peerSynSeen = true;
                end.received = segment.after();
                end.edge = end.client ? end.received + 1000 : end.received;
                end.peerWindowEnd = (end.client ? segment.acknowledgement() : end.first + 1) + segment.window();
                if (end.client) {
                    boolean scaled = end.shift >= 0 && peer.shift >= 0;
                    end.shifts = scaled;
                    peer.shifts = scaled;
                    end.established = true;
                }
            }
        }
        if ((segment.flags() & ACK) == 0) {
            return;
        }
        if (segment.acknowledgement() - end.acknowledged > 0 && end.sentTo - segment.acknowledgement() >= 0) {
            end.acknowledged = segment.acknowledgement();
            end.established = true;
        }
        if ((segment.flags() & SYN) == 0) {
            int unit = peer.shifts ? Math.max(peer.shift, 0) : 0;
            int windowEnd = segment.acknowledgement() + (segment.window() << Math.min(unit, 14));
            if (windowEnd - end.peerWindowEnd > 0) {
                end.peerWindowEnd = windowEnd;
            }
            if (end.peerSynSeen && segment.sequence() - end.received <= 0 && segment.after() - end.received > 0) {
                end.received = segment.after();
                end.peerFinSeen |= (segment.flags() & FIN) != 0;
            }
        }
    }
}
