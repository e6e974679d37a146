package io.portcullis.ipsec.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class KeyPoolTest {
    private final KeyExchangeSource fresh = KeyExchangeSource.fresh(new SecureRandom());

    @Test
    void noneIsHandedOutTwiceWhoeverAsks() throws Exception {
        Queue<KeyExchange> taken = new ConcurrentLinkedQueue<>();
        try (var background = Executors.newFixedThreadPool(2);
                var askers = Executors.newFixedThreadPool(4)) {
            KeyPool pool = new KeyPool(fresh, background);
            Callable<Boolean> asker = () -> {
                for (int i = 0; i < 300; i++) {
                    taken.add(pool.take(DhGroup.CURVE25519));
                }
                return true;
            };
            for (var done : askers.invokeAll(Collections.nCopies(4, asker))) {
                assertTrue(done.get());
            }
        }
        Set<KeyExchange> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.addAll(taken);
        assertEquals(1200, different.size());
        Set<String> values = new HashSet<>();
        taken.forEach(each -> values.add(java.util.HexFormat.of().formatHex(each.publicValue())));
        assertEquals(1200, values.size());
    }

    @Test
    void refillsInTheBackgroundAndNoFurtherThanItsSize() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        int[] made = {0};
        KeyPool pool = new KeyPool(
                group -> {
                    made[0]++;
                    return fresh.take(group);
                },
                tasks::add);
        pool.take(DhGroup.ECP_256);
        assertEquals(1, made[0]);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        int full = made[0];
        assertTrue(full > 1 && full <= 33, () -> full + " made");
        KeyExchange one = pool.take(DhGroup.ECP_256);
        assertEquals(full, made[0], "was there already");
        assertNotEquals(one, pool.take(DhGroup.ECP_256));
        assertEquals(DhGroup.ECP_384, pool.take(DhGroup.ECP_384).group());
    }

    @Test
    void servesAfterTheBackgroundHasEnded() {
        KeyPool pool = new KeyPool(fresh, _ -> {
            throw new RejectedExecutionException("ended");
        });
        assertEquals(DhGroup.CURVE25519, pool.take(DhGroup.CURVE25519).group());
    }
}
