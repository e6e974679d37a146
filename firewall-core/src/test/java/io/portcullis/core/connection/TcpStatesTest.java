package io.portcullis.core.connection;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.RST;
import static io.portcullis.core.packet.Tcp.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever two ends send, and whoever sends in their name: a connection goes only from states to states that RFC 9293
 * section 3.3.2 has, as far as one in between can see them, and what is refused changes nothing.
 */
class TcpStatesTest {
    private static final long FIRST_SEED = 20_261_123L;
    private static final int RUNS = 1_000;
    private static final int SEGMENTS = 60;
    private static final int CLIENT_FIRST = -100;
    private static final int SERVER_FIRST = 0x7fff_ff00;
    private static final int WINDOW = 4096;
    private static final int[] FLAGS = {
        SYN, SYN | ACK, ACK, ACK, ACK, ACK, FIN | ACK, FIN | ACK, RST, RST | ACK, 0, FIN, SYN | FIN, SYN | RST
    };

    /** Where a segment may lead; a SYN that opens anew what is over makes another connection. */
    private static final Map<TcpState, Set<TcpState>> LEADS_TO = new EnumMap<>(Map.of(
            TcpState.NONE, EnumSet.of(TcpState.SYN_SENT),
            TcpState.SYN_SENT, EnumSet.of(TcpState.SYN_RECEIVED, TcpState.RESET),
            TcpState.SYN_RECEIVED, EnumSet.of(TcpState.ESTABLISHED, TcpState.CLOSING, TcpState.RESET),
            // A host that has lost the connection opens it once more, and the other end agrees.
            TcpState.ESTABLISHED, EnumSet.of(TcpState.CLOSING, TcpState.RESET, TcpState.SYN_RECEIVED),
            TcpState.CLOSING, EnumSet.of(TcpState.FINISHED, TcpState.RESET, TcpState.SYN_RECEIVED),
            TcpState.FINISHED, EnumSet.of(TcpState.RESET, TcpState.SYN_SENT),
            TcpState.RESET, EnumSet.of(TcpState.SYN_SENT)));

    @Test
    void noSegmentLeadsWhereTheProtocolDoesNot() {
        System.out.println("TcpStatesTest: seeds " + FIRST_SEED + " to " + (FIRST_SEED + RUNS - 1));
        Set<TcpState> seen = EnumSet.noneOf(TcpState.class);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            run(seed, seen);
        }
        assertEquals(EnumSet.allOf(TcpState.class), seen, "the segments reach every state");
    }

    private static void run(long seed, Set<TcpState> seen) {
        Random random = new Random(seed);
        Bench bench = new Bench(Bench.atMost(16), seed);
        TcpState state = TcpState.NONE;
        int[] sent = {0, 0};
        for (int i = 0; i < SEGMENTS; i++) {
            int from = random.nextInt(2);
            int flags = FLAGS[random.nextInt(FLAGS.length)];
            int data = random.nextInt(3) == 0 ? random.nextInt(200) : 0;
            // Mostly what comes next, sometimes anything.
            int sequence = sent[from] + near(random);
            int acknowledgement = sent[1 - from] + near(random);
            Packet segment = segment(from == 0, flags, sequence, acknowledgement, data);
            DropReason why = bench.through(segment, from == 0 ? Bench.WAN : Bench.LAN, TestPolicy.PLAIN);
            Flow flow = bench.table.find(segment(false, ACK, 0, 0, 0), bench.now);
            TcpState after = flow == null ? TcpState.NONE : flow.connection().tcpState();
            TcpState before = state;
            String what = "seed " + seed + ", segment " + i + ", flags " + flags + ", " + before + " to " + after;
            if (why == DropReason.NONE) {
                int end = sequence + data + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
                sent[from] = random.nextInt(8) > 0 ? end : sent[from];
                assertTrue(after == before || LEADS_TO.get(before).contains(after), what);
            } else {
                assertEquals(before, after, what);
            }
            state = after;
            seen.add(after);
        }
    }

    private static int near(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(2 * WINDOW) - WINDOW;
            case 2 -> -1;
            default -> 0;
        };
    }

    private static Packet segment(boolean ofClient, int flags, int sequence, int acknowledgement, int data) {
        int first = ofClient ? CLIENT_FIRST : SERVER_FIRST;
        int other = ofClient ? SERVER_FIRST : CLIENT_FIRST;
        return Packets.tcp(
                ofClient ? Bench.LAN : Bench.WAN,
                ofClient ? Bench.CLIENT : Bench.SERVER,
                ofClient ? 40_000 : 80,
                ofClient ? Bench.SERVER : Bench.CLIENT,
                ofClient ? 80 : 40_000,
                flags,
                first + sequence,
                (flags & ACK) == 0 ? 0 : other + acknowledgement,
                WINDOW,
                -1,
                data);
    }
}
