package io.portcullis.hostmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HostMonitorTest {
    private static final String HOST = "198.51.100.7";

    private final Network network = new Network();
    private HostMonitor monitor = monitor(Network.check(HOST, 1000, 5, 2, 800, false));

    private HostMonitor monitor(HostCheck check) {
        return new HostMonitor(check, network, 65_534, () -> network.woken++, network.clock.nanos());
    }

    private void pass(int milliseconds) {
        network.pass(Duration.ofMillis(milliseconds), () -> {
            long next = monitor.step(network.clock.nanos());
            assertTrue(next > network.clock.nanos(), "due again at once");
        });
    }

    @Test
    void asksAtOnceAndThenEachInterval() {
        network.answers(HOST, 20);
        pass(3500);
        assertEquals(java.util.List.of(HOST + " 65534", HOST + " 65535", HOST + " 0", HOST + " 1"), network.asked);
        assertEquals(4, network.woken);
    }

    @Test
    void isUnknownUntilItAnswers() {
        assertEquals(HostMonitor.State.UNKNOWN, monitor.state());
        network.answers(HOST, 20);
        pass(10);
        assertEquals(HostMonitor.State.UNKNOWN, monitor.state());
        pass(30);
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
        assertEquals(20_000_000L, monitor.latency());
        assertEquals(0, monitor.lost());
    }

    @Test
    void oneMoreThanMayBeLostMakesItUnreachable() {
        network.answers(HOST, 20);
        pass(5000);
        network.isSilent(HOST);
        // Asked at 6, 7 and 8 s, each given up 1.6 s later.
        pass(4590);
        assertEquals(2, monitor.lost());
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
        pass(20);
        assertEquals(3, monitor.lost());
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
    }

    @Test
    void isReachableAgainWhenEnoughOfTheSamplesAreAnswered() {
        pass(10_000);
        assertEquals(5, monitor.lost());
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
        network.answers(HOST, 20);
        pass(2500);
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state(), "3 of 5 are still lost");
        pass(1000);
        assertEquals(2, monitor.lost());
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
    }

    @Test
    void aGatewayIsGoneAfterLossesInARowAndBackAfterAnswersInARow() {
        HostCheck host = Network.check(HOST, 1000, 5, 4, 1000, true);
        monitor = monitor(new HostCheck(
                Protocol.ARP,
                host.host(),
                0,
                host.source(),
                null,
                HttpPage.NONE,
                host.interval(),
                5,
                4,
                0,
                host.mostLatency(),
                true));
        network.answers(HOST, 1);
        pass(5500);
        network.isSilent(HOST);
        pass(6000);
        assertEquals(HostMonitor.State.REACHABLE, monitor.state(), monitor.lost() + " lost");
        pass(2000);
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
        network.answers(HOST, 1);
        pass(5000);
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state(), "four answers are not five");
        pass(1000);
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
    }

    @Test
    void slownessCountsOnAverageOfWhatWasAnswered() {
        network.answers(HOST, 1000);
        pass(4990);
        assertEquals(HostMonitor.State.REACHABLE, monitor.state(), "only 4 of 5 samples: not yet an average");
        pass(20);
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
        network.isSilent(HOST);
        pass(2000);
        assertEquals(1_000_000_000L, monitor.latency(), "lost samples have no latency");
        network.answers(HOST, 100);
        pass(6000);
        assertEquals(100_000_000L, monitor.latency());
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
    }

    @Test
    void answersMayTakeLongerThanTheInterval() {
        monitor = monitor(Network.check(HOST, 100, 5, 2, 3000, false));
        network.answers(HOST, 2500);
        pass(4000);
        assertEquals(0, monitor.lost());
        assertEquals(2_500_000_000L, monitor.latency());
        assertEquals(HostMonitor.State.REACHABLE, monitor.state());
    }

    @Test
    void openQuestionsAreBounded() {
        monitor = monitor(Network.check(HOST, 100, 5, 2, 60_000, false));
        pass(100 * (HostMonitor.OUTSTANDING - 1));
        assertEquals(0, monitor.lost());
        pass(400);
        assertEquals(4, monitor.lost());
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
    }

    @Test
    void anAnswerToNoOpenQuestionIsNone() {
        Prober.Answers[] heard = new Prober.Answers[1];
        Prober deaf = (check, answers) -> {
            heard[0] = answers;
            return network.open(check, answers);
        };
        monitor = new HostMonitor(
                Network.check(HOST, 1000, 5, 0, 800, false), deaf, 7, () -> network.woken++, network.clock.nanos());
        heard[0].answered(7, 1);
        pass(10);
        heard[0].answered(8, 1);
        heard[0].answered(7 + HostMonitor.OUTSTANDING, 1);
        pass(1000);
        assertEquals(HostMonitor.State.UNKNOWN, monitor.state());
        pass(700);
        assertEquals(HostMonitor.State.UNREACHABLE, monitor.state());
        assertEquals(0, network.woken);
    }

    @Test
    void whatAPauseOfTheMachineMissedIsNotMadeUpFor() {
        network.answers(HOST, 20);
        pass(100);
        network.clock.advance(Duration.ofHours(8));
        pass(1000);
        assertEquals(2, network.asked.size());
    }
}
