package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.IpProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowIndexTest {
    private static final int MOST = 20_000;

    private final ConnectionStore store = new ConnectionStore(MOST, new SourceCounts(new Random(1)), 0);
    private final Connection connection = new Connection(store);

    /** An original flow from ::1 to a destination, not in the index yet. */
    private int flow(int destination) {
        connection.move(store.take());
        connection.original().key(Bench.LAN, IpProtocol.UDP, 0, 1, 0, destination, 7 << 16 | 53);
        return connection.original().number();
    }

    private int find(FlowIndex index, int destination) {
        int ingress = store.interfaces.find(Bench.LAN, Bench.LAN.index());
        return index.find(0, 1, 0, destination, FlowIndex.rest(ingress, IpProtocol.UDP, 7, 53));
    }

    private void forget(FlowIndex index, int flow) {
        index.remove(flow);
        connection.move(flow >>> 1).original().release();
        store.give(flow >>> 1);
    }

    private void livesLikeAMap(FlowIndex index, int destinations, int steps, long seed) {
        Random random = new Random(seed);
        Map<Integer, Integer> model = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            int destination = random.nextInt(destinations);
            String what = "seed " + seed + ", step " + i;
            int found = find(index, destination);
            assertEquals(model.getOrDefault(destination, -1), found, what);
            if (found < 0) {
                int flow = flow(destination);
                index.add(flow);
                model.put(destination, flow);
            } else if (random.nextInt(3) != 0) {
                forget(index, found);
                model.remove(destination);
            }
            if (random.nextInt(50) == 0) {
                index.advance(random.nextInt(40));
            }
        }
        model.forEach((destination, flow) -> assertEquals(flow, find(index, destination), "seed " + seed));
        for (int flow : List.copyOf(model.values())) {
            forget(index, flow);
        }
        for (int destination : model.keySet()) {
            assertEquals(-1, find(index, destination), "seed " + seed);
        }
    }

    @Test
    void holdsWhatAMapHoldsWhileItGrows() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            FlowIndex index = new FlowIndex(store, random.nextLong(), random.nextLong());
            livesLikeAMap(index, 10_000, 40_000, seed);
            assertTrue(index.octets() > FlowIndex.FIRST * Long.BYTES, "it grew");
        }
    }

    @Test
    void holdsWhatAMapHoldsWhenAllHashesCollide() {
        // The secret takes the source away from the hash, and the destination with it: one run of slots for all, which
        // for some seeds goes round the end.
        for (long seed = 1; seed <= 200; seed++) {
            livesLikeAMap(new FlowIndex(store, 1, seed * 0x9e37_79b9_7f4a_7c15L), 60, 600, seed);
        }
    }

    @Test
    void growsAFewSlotsAtATimeAndGivesTheOldOnesBack() {
        FlowIndex index = new FlowIndex(store, 11, 13);
        List<Integer> flows = new ArrayList<>();
        long most = 0;
        for (int destination = 0; destination < MOST; destination++) {
            int flow = flow(destination);
            index.add(flow);
            flows.add(flow);
            most = Math.max(most, index.octets() / Long.BYTES);
            assertEquals(flow, find(index, destination));
            assertEquals(flows.get(destination / 2), find(index, destination / 2));
        }
        index.advance(MOST);
        assertEquals(65_536, index.octets() / Long.BYTES, "under half full, and the old slots are gone");
        assertEquals(65_536 + 32_768, most);
    }

    @Test
    void whatIsNotInCannotBeTakenOut() {
        FlowIndex index = new FlowIndex(store, 11, 13);
        int flow = flow(5);
        assertThrows(IllegalStateException.class, () -> index.remove(flow));
    }
}
