package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InternedTest {
    private final Interned<String> names = new Interned<>();

    @Test
    void equalObjectsHaveOneNumberUntilNobodyHoldsIt() {
        int number = names.hold("a", 7);
        assertEquals(number, names.hold(new String(new char[] {'a'}), 7));
        names.release(number);
        assertEquals(number, names.find("a", 7));
        names.release(number);
        assertEquals(0, names.find("a", 7));
        assertThrows(NullPointerException.class, () -> names.get(number));
        assertThrows(NullPointerException.class, () -> names.release(number));
        assertEquals(number, names.hold("b", 3), "it is used again");
    }

    @Test
    void numbersStayThroughGrowthAndCollisions() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            List<Integer> held = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                held.add(names.hold("n" + i, i % 10));
            }
            for (int i = 0; i < 500; i++) {
                assertEquals("n" + i, names.get(held.get(i)), "seed " + seed);
                assertEquals(held.get(i), names.find("n" + i, i % 10), "seed " + seed);
            }
            List<Integer> order = new ArrayList<>(held);
            Collections.shuffle(order, random);
            order.forEach(names::release);
            for (int i = 0; i < 500; i++) {
                assertEquals(0, names.find("n" + i, i % 10), "seed " + seed);
            }
        }
    }
}
