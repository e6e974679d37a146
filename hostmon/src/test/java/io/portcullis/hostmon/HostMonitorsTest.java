package io.portcullis.hostmon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostMonitorsTest {
    private static final String ONE = "192.168.1.1";
    private static final String OTHER = "192.168.3.1";

    private final Network network = new Network();
    private final List<Event> events = new ArrayList<>();
    private final List<String> concluded = new ArrayList<>();
    private final HostMonitors monitors = new HostMonitors(
            network,
            () -> 0,
            events::add,
            (session, works, cause) -> concluded.add(session.name() + " " + works + " " + cause));

    private static HostCheck check(String host, boolean required) {
        return Network.check(host, 1000, 5, 4, 3000, required);
    }

    private static SessionDefinition session(String name, int mostUnreachable, int grace, HostCheck... hosts) {
        return new SessionDefinition(
                name, name, null, null, List.of(hosts), mostUnreachable, Duration.ofSeconds(grace));
    }

    private void apply(SessionDefinition... sessions) {
        monitors.apply(List.of(sessions), network.clock.nanos());
    }

    private void pass(int seconds) {
        network.pass(Duration.ofSeconds(seconds), () -> monitors.step(network.clock.nanos()));
    }

    @Test
    void worksAsLongAsEnoughHostsAreReachable() {
        network.answers(ONE, 20);
        network.answers(OTHER, 10);
        apply(session("route", 1, 0, check(ONE, false), check(OTHER, false)));
        pass(10);
        network.isSilent(ONE);
        pass(20);
        assertEquals(List.of(), concluded);
        network.isSilent(OTHER);
        pass(20);
        assertEquals(List.of("route false HOSTS"), concluded);
        assertEquals(1, monitors.unavailable().size());
        network.answers(ONE, 20);
        pass(20);
        assertEquals(List.of("route false HOSTS", "route true HOSTS"), concluded);
        assertEquals(List.of(), monitors.unavailable());
    }

    @Test
    void nothingWorksWithoutARequiredHost() {
        network.answers(OTHER, 10);
        apply(session("route", 1, 0, check(ONE, true), check(OTHER, false)));
        pass(20);
        assertEquals(List.of("route false HOSTS"), concluded);
    }

    @Test
    void nothingIsConcludedBeforeTheGraceIsOver() {
        apply(session("route", 0, 30, check(ONE, false)));
        pass(29);
        assertEquals(List.of(), concluded);
        pass(2);
        assertEquals(List.of("route false HOSTS"), concluded);
    }

    @Test
    void aHostIsToldOfWhenItIsReachableAndWhenItIsNot() {
        network.answers(ONE, 20);
        apply(session("main/1", 0, 0, check(ONE, false)));
        pass(10);
        network.isSilent(ONE);
        pass(20);
        assertEquals(
                List.of(
                        "HOSTMON: prio=6 id=04290901 rev=1 event=monitored_host_reachable action=none ip=192.168.1.1"
                                + " proto=ICMP monitor=main/1",
                        "HOSTMON: prio=3 id=04290902 rev=1 event=monitored_host_unreachable action=none"
                                + " ip=192.168.1.1 proto=ICMP monitor=main/1 lost=5 latency=0"),
                events.stream().map(Event::toString).toList());
    }

    @Test
    void aSessionThatIsTheSameGoesOn() {
        SessionDefinition kept = session("kept", 0, 0, check(ONE, false));
        network.answers(OTHER, 10);
        apply(kept, session("gone", 0, 0, check(OTHER, false)));
        pass(20);
        assertEquals(List.of("kept false HOSTS"), concluded);
        apply(session("kept", 0, 0, check(ONE, false)), session("new", 0, 0, check(OTHER, true)));
        assertEquals(2, network.open, "probes");
        pass(1);
        assertEquals(List.of("kept false HOSTS"), concluded);
        assertEquals(
                List.of("kept HOSTS 5", "new null 0"),
                monitors.view().stream()
                        .map(view -> view.name() + " " + view.failure() + " "
                                + view.hosts().getFirst().lost())
                        .toList());
        apply();
        assertEquals(0, network.open);
        pass(1);
        assertEquals(Long.MAX_VALUE, monitors.nextDeadline());
    }
}
