package io.portcullis.core.shaping;

import static io.portcullis.core.shaping.PipeBench.MILLI;
import static io.portcullis.core.shaping.PipeBench.SECOND;
import static io.portcullis.core.shaping.PipeBench.chain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.packet.DropReason;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShaperTest {
    private final PipeBench bench = new PipeBench();

    private static List<PipeLimit> at(int precedence, int kbps) {
        List<PipeLimit> limits = new ArrayList<>(Collections.nCopies(PipeDefinition.PRECEDENCES, PipeLimit.NONE));
        limits.set(precedence, new PipeLimit(kbps, 0));
        return limits;
    }

    private static PipeDefinition total(int kbps, List<PipeLimit> precedences) {
        return new PipeDefinition(
                "pipe",
                new PipeLimit(kbps, 0),
                precedences,
                PipeLimit.NONE,
                at(0, 0),
                Grouping.NONE,
                0,
                false,
                0,
                0,
                7);
    }

    private static PipeDefinition users(int kbps, int userKbps, boolean balances) {
        return new PipeDefinition(
                "users",
                new PipeLimit(kbps, 0),
                at(0, 0),
                new PipeLimit(userKbps, 0),
                at(0, 0),
                Grouping.SOURCE_IP,
                0,
                balances,
                0,
                0,
                7);
    }

    /**
     * What a rate lets pass in a time, to a packet, a millisecond of the test's and what the past may be made up for.
     */
    private static void assertRate(long octets, long kbps, long nanos, int packet) {
        long exact = kbps * 125 * nanos / SECOND;
        long most = exact + kbps * 125 * Meter.WINDOW / SECOND + packet;
        assertTrue(
                octets >= exact - kbps / 8 - packet && octets <= most, octets + " octets, of " + exact + " to " + most);
    }

    @ParameterizedTest
    @CsvSource({"64, 200", "1000, 1000", "1000, 40", "20000, 1500", "999999, 1500"})
    void overloadPassesAtTheRateAndNotAnOctetMore(int kbps, int packet) {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(kbps, 0)));
        long twice = 2L * kbps * 125 / packet;
        long sent = 0;
        for (int milli = 0; milli < 3000; milli++) {
            for (; sent < twice * milli / 1000; sent++) {
                bench.send(pipe, 0, packet);
            }
            bench.pass(MILLI);
        }
        assertRate(bench.octets(0), kbps, 3 * SECOND, packet);
    }

    @Test
    void packetsAreCountedOutAsWell() {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(0, 250)));
        for (int milli = 0; milli < 4000; milli++) {
            bench.send(pipe, 0, 60);
            bench.pass(MILLI);
        }
        assertTrue(Math.abs(bench.order.size() - 1000) <= 3, bench.order.size() + " packets in 4 s");
    }

    @Test
    void whatIsWithinTheLimitPassesAtOnce() {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(1000, 0)));
        for (int i = 1; i <= 1000; i++) {
            bench.send(pipe, 0, 100);
            assertEquals(i, bench.order.size(), "100 octets each millisecond are 800 kbps");
            bench.pass(MILLI);
        }
        bench.assertNothingWaits();
    }

    @Test
    void nobodyIsGivenWhatWasNotUsed() {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(8000, 0)));
        bench.send(pipe, 0, 100);
        bench.pass(60 * SECOND);
        bench.left.clear();
        for (int i = 0; i < 400; i++) {
            bench.send(pipe, 0, 1000);
        }
        assertRate(bench.octets(0), 8000, 0, 1000);
        bench.pass(SECOND);
        bench.assertNothingWaits();
        assertEquals(400_000, bench.octets(0));
    }

    @Test
    void higherPrecedencesGoFirstOnceThePipeIsFull() {
        PipeChain pipe = chain(total(1000, at(0, 0)));
        for (int milli = 0; milli < 2000; milli++) {
            bench.send(pipe, 2, 100, 2, 0, 0);
            bench.send(pipe, 6, 100, 6, 0, 0);
            bench.pass(MILLI);
        }
        // 800 kbps each: the higher one has all that it wants, the lower one the rest.
        assertRate(bench.octets(6), 800, 2 * SECOND, 100);
        assertRate(bench.octets(2) + bench.octets(6), 1000, 2 * SECOND, 100);
    }

    @Test
    void aPrecedenceIsGuaranteedItsLimitAndCompetesForMore() {
        PipeChain pipe = chain(total(1000, at(6, 300)));
        for (int milli = 0; milli < 4000; milli++) {
            bench.send(pipe, 6, 100, 6, 0, 0);
            bench.send(pipe, 0, 100, 0, 0, 0);
            bench.pass(MILLI);
        }
        assertRate(bench.octets(6) + bench.octets(0), 1000, 4 * SECOND, 100);
        long beyond = bench.octets(6) - 300 * 125 * 4;
        assertTrue(beyond >= -100, "guaranteed: " + bench.octets(6));
        // 500 kbps too much of the one, 800 kbps of the other, for 700 kbps: who comes first is served first.
        assertTrue(bench.octets(0) > beyond && beyond > bench.octets(0) / 4, beyond + " and " + bench.octets(0));
    }

    @Test
    void theLowestPrecedenceNeverExceedsALimitOfItsOwn() {
        PipeChain pipe = chain(total(1000, at(0, 100)));
        for (int milli = 0; milli < 2000; milli++) {
            bench.send(pipe, 0, 100);
            bench.pass(MILLI);
        }
        assertRate(bench.octets(0), 100, 2 * SECOND, 100);
    }

    @Test
    void aFullPipeDropsOfTheLowestPrecedence() {
        PipeChain pipe = chain(total(100_000, at(0, 0)));
        for (int i = 0; i < 700; i++) {
            bench.send(pipe, 1, 1000, 1, i, 0);
        }
        int low = bench.drops.get(DropReason.PIPE_FULL);
        assertTrue(low > 0 && bench.died.getFirst() > 500, "the last to come are the first to die");
        for (int i = 1000; i < 1200; i++) {
            bench.send(pipe, 5, 1000, 5, i, 0);
        }
        assertEquals(200 + low, bench.drops.get(DropReason.PIPE_FULL));
        assertTrue(bench.died.stream().allMatch(number -> number < 1000), "none of the higher precedence");
        bench.pass(SECOND);
        assertEquals(200_000, bench.octets(5));
        bench.assertNothingWaits();
        assertEquals(
                List.of("pipe_full"),
                bench.events.stream().map(event -> event.type().name()).toList());
        PipeView view = pipe.pipes().getFirst().view(bench.now);
        assertEquals(200 + low, view.precedences().get(1).dropped());
        assertEquals(200, view.precedences().get(5).packets());
        assertEquals(0, view.waiting());
    }

    @Test
    void aSlowPipeDoesNotKeepPacketsForMinutes() {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(2000, 0)));
        for (int i = 0; i < 600; i++) {
            bench.send(pipe, 0, 1500);
        }
        bench.pass(SECOND / 2 + 50 * MILLI);
        bench.assertNothingWaits();
        PipeChain slow = chain(PipeDefinition.of("p", new PipeLimit(0, 10)));
        for (int i = 0; i < 600; i++) {
            bench.send(slow, 0, 1500);
        }
        bench.pass(2 * SECOND);
        bench.assertNothingWaits();
    }

    @Test
    void usersKeepToTheirLimits() {
        PipeChain pipe = chain(users(0, 100, false));
        for (int milli = 0; milli < 2000; milli++) {
            for (int user = 0; user < 10; user++) {
                bench.send(pipe, 0, 25 * (1 + user), user, 0, user);
            }
            bench.pass(MILLI);
        }
        for (int user = 0; user < 10; user++) {
            assertRate(bench.octets(user), 100, 2 * SECOND, 25 * (1 + user));
        }
        List<PipeUser> shown = pipe.pipes().getFirst().users(bench.now);
        assertEquals(10, shown.size());
        assertTrue(shown.stream().allMatch(user -> Math.abs(user.kbps() - 100) <= 3), shown.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void balancedUsersGetEqualShares(boolean balances) {
        PipeChain pipe = chain(users(800, 0, balances));
        for (int milli = 0; milli < 4000; milli++) {
            for (int i = 0; i < 8; i++) {
                bench.send(pipe, 0, 100, 1, 0, 1);
            }
            bench.send(pipe, 0, 100, 2, 0, 2);
            // Small packets of one who wants less than a share.
            bench.send(pipe, 0, milli % 10 == 0 ? 50 : 25, 3, 0, 3);
            bench.pass(MILLI);
        }
        long all = bench.octets(1) + bench.octets(2) + bench.octets(3);
        assertRate(all, 800, 4 * SECOND, 100);
        if (balances) {
            assertEquals(1, (double) bench.octets(2) / bench.octets(1), 0.05);
            assertTrue(bench.octets(3) >= 4000 * 27 * 95 / 100, "all that it wants: " + bench.octets(3));
        } else {
            assertTrue(bench.octets(1) > 1.1 * bench.octets(2), bench.left.toString());
        }
    }

    @Test
    void aThousandUsersShareAndManyMoreAreForgottenInTurn() {
        PipeChain pipe = chain(users(8000, 0, true));
        for (int i = 0; i < 20_000; i++) {
            bench.send(pipe, 0, 100, 0, 0, i);
            if (i % 10 == 0) {
                bench.pass(MILLI);
            }
        }
        bench.pass(SECOND);
        bench.assertNothingWaits();
        assertRate(bench.octets(0), 8000, 2 * SECOND, 100);
        assertTrue(pipe.pipes().getFirst().view(bench.now).users() <= Users.MOST);
    }

    @Test
    void networksAndPortsAreUsersToo() {
        PipeDefinition nets = new PipeDefinition(
                "nets",
                PipeLimit.NONE,
                at(0, 0),
                new PipeLimit(80, 0),
                at(0, 0),
                Grouping.SOURCE_NET,
                24,
                false,
                0,
                0,
                7);
        PipeDefinition ports = new PipeDefinition(
                "ports",
                PipeLimit.NONE,
                at(0, 0),
                new PipeLimit(80, 0),
                at(0, 0),
                Grouping.SOURCE_PORT,
                0,
                false,
                0,
                0,
                7);
        for (PipeDefinition definition : List.of(nets, ports)) {
            PipeChain pipe = chain(definition);
            for (int user = 0; user < 512; user++) {
                bench.send(pipe, 0, 100, 0, 0, user);
            }
            List<PipeUser> seen = pipe.pipes().getFirst().users(bench.now);
            assertEquals(definition.equals(nets) ? 2 : 512, seen.size());
            bench.pass(10 * SECOND);
        }
        bench.assertNothingWaits();
    }

    @Test
    void aChainIsAsFastAsItsSlowestPipeAndExcessGoesOnAsTheLowest() {
        PipeDefinition first = total(0, at(6, 400));
        PipeDefinition second = total(500, at(0, 0));
        PipeChain chain = chain(first, second);
        for (int milli = 0; milli < 2000; milli++) {
            bench.send(chain, 6, 100);
            bench.pass(MILLI);
        }
        assertRate(bench.octets(6), 500, 2 * SECOND, 100);
        assertTrue(bench.precedences.contains(0) && bench.precedences.contains(6));
        long guaranteed =
                bench.precedences.stream().filter(precedence -> precedence == 6).count();
        assertRate(guaranteed * 100, 400, 2 * SECOND, 100);
    }

    @Test
    void precedencesOutsideThePipesAreBounded() {
        PipeDefinition narrow = new PipeDefinition(
                "p", PipeLimit.NONE, at(0, 0), PipeLimit.NONE, at(0, 0), Grouping.NONE, 0, false, 2, 3, 4);
        PipeChain chain = chain(narrow);
        for (int precedence : new int[] {0, 2, 3, 4, 7}) {
            bench.send(chain, precedence, 100);
        }
        assertEquals(List.of(2, 2, 3, 4, 4), bench.precedences);
    }

    @Test
    void packetsOfAUserAndPrecedenceStayInOrder() {
        for (long seed = 1; seed <= 20; seed++) {
            PipeBench one = new PipeBench();
            Random random = new Random(seed);
            PipeDefinition definition = new PipeDefinition(
                    "p",
                    new PipeLimit(2000, 0),
                    at(5, 300),
                    new PipeLimit(900, 0),
                    at(3, 100),
                    Grouping.SOURCE_IP,
                    0,
                    random.nextBoolean(),
                    0,
                    0,
                    7);
            PipeChain chain = chain(definition, PipeDefinition.of("next", new PipeLimit(10_000, 0)));
            int[] numbers = new int[64];
            for (int i = 0; i < 4000; i++) {
                int kind = random.nextInt(64);
                one.send(chain, kind % 8, 40 + random.nextInt(1460), kind, numbers[kind]++ * 64 + kind, kind / 8);
                if (random.nextInt(4) == 0) {
                    one.pass(random.nextInt(6) * MILLI);
                }
            }
            one.pass(10 * SECOND);
            one.assertNothingWaits();
            Map<Integer, Integer> last = new HashMap<>();
            for (int number : one.order) {
                Integer before = last.put(number % 64, number);
                assertTrue(before == null || before < number, "seed " + seed + ": " + number + " after " + before);
            }
            assertEquals(4000, one.order.size() + one.died.size(), "seed " + seed);
        }
    }

    @Test
    void halfOfThePoolIsForPacketsThatNoPipeHoldsBack() {
        PipeBench small = new PipeBench(100);
        for (int i = 0; i < 200; i++) {
            small.send(chain(PipeDefinition.of("p" + i, new PipeLimit(1_000_000, 10))), 0, 100);
            small.send(chain(PipeDefinition.of("q" + i, new PipeLimit(1_000_000, 10))), 0, 100);
        }
        PipeChain full = chain(PipeDefinition.of("full", new PipeLimit(100_000, 0)));
        for (int i = 0; i < 200; i++) {
            small.send(full, 0, 1500);
        }
        assertEquals(50, small.pool.available());
        small.pass(SECOND);
        small.assertNothingWaits();
    }

    @Test
    void whatWaitsForAnInterfaceThatIsGoneDies() {
        PipeChain pipe = chain(PipeDefinition.of("p", new PipeLimit(1000, 0)));
        for (int i = 0; i < 10; i++) {
            bench.send(pipe, 0, 1000);
        }
        int waiting = pipe.pipes().getFirst().view(bench.now).waiting();
        assertTrue(waiting > 0);
        bench.shaper.interfaces(List.of(), bench);
        assertEquals(waiting, bench.drops.get(DropReason.INTERFACE_DOWN));
        bench.assertNothingWaits();
    }

    @Test
    void nothingIsMadePerPacket() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        bench.remembers = false;
        PipeChain chain = chain(users(8000, 1000, true), PipeDefinition.of("next", new PipeLimit(4000, 0)));
        long[] measured = new long[3];
        // At first users are made, and the virtual machine itself makes things.
        for (int round = 0; round < measured.length; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                bench.send(chain, 0, 1000, 0, 0, i % 3000);
                bench.now += MILLI / 10;
                bench.shaper.release(bench, bench.now);
            }
            measured[round] = thread.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(measured[2] < 20_000, measured[2] + " octets for 20000 packets");
    }
}
