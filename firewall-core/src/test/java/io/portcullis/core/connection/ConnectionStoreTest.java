package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionStoreTest {
    @Test
    void linksReachAllConnectionsAndLeaveTheirNeighboursAsTheyAre() {
        ConnectionStore store = new ConnectionStore(ConnectionStore.MOST, new SourceCounts(new Random(1)), 0);
        int last = ConnectionStore.MOST - 1;
        int[] links = {
            ConnectionStore.WHEEL_NEXT,
            ConnectionStore.WHEEL_PREVIOUS,
            ConnectionStore.REPLACE_NEXT,
            ConnectionStore.REPLACE_PREVIOUS
        };
        int[] words = {
            ConnectionStore.ORIGINAL_RESTART,
            ConnectionStore.REPLY_RESTART,
            ConnectionStore.POLICY,
            ConnectionStore.PIPES
        };
        int[] values = {last, 0, 0x555555, 1, last, 0xaaaaaa};
        for (int round = 0; round < values.length; round++) {
            for (int i = 0; i < 4; i++) {
                store.aside(last, words[i], -1 - round - i);
                store.link(last, links[i], values[(round + i) % values.length]);
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(values[(round + i) % values.length], store.link(last, links[i]));
                assertEquals(-1 - round - i, store.aside(last, words[i]));
            }
        }
    }

    @Test
    void numbersThatWereGivenBackAreTakenAgainFirst() {
        ConnectionStore store = new ConnectionStore(10, new SourceCounts(new Random(1)), 0);
        for (int i = 0; i < 3; i++) {
            assertEquals(i, store.take());
        }
        store.give(0);
        store.give(2);
        assertEquals(2, store.take());
        assertEquals(0, store.take());
        assertEquals(3, store.take());
        assertEquals(4, store.made());
    }
}
