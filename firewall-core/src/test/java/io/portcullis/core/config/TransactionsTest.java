package io.portcullis.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Samples.Port;
import io.portcullis.core.config.Samples.SharedKey;
import io.portcullis.core.config.Samples.Tunnel;
import io.portcullis.core.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final Port LAN = Samples.make(Port.class, "Name", "lan", "IP", "10.0.0.1");
    private static final SharedKey KEY = new SharedKey("k", Optional.of(new Secret("hush")), List.of());
    private static final Tunnel TUNNEL = Samples.make(
            Tunnel.class, "Name", "t", "LocalNetwork", "10.0.0.0/24", "RemoteNetwork", "10.1.0.0/24", "PSK", "k");

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final CrashingFiles files = new CrashingFiles();
    private final Running running = new Running();
    private final List<String> events = new ArrayList<>();
    private Runnable timer = () -> {};
    private Duration armed = Duration.ZERO;
    private Transactions transactions;

    /** What the composition root would run. */
    private static final class Running implements Activator {
        private Configuration now = Configuration.empty(Samples.TYPES);
        private Optional<String> refuse = Optional.empty();

        @Override
        public Prepared prepare(Configuration active, Configuration next, Findings findings) {
            assertSame(now.equals(active), true);
            return new Prepared() {
                @Override
                public Plan plan() {
                    return Plan.of(Change.between(active, next), Plan::usual);
                }

                @Override
                public void apply() {
                    refuse.ifPresent(why -> {
                        throw new ConfigError(why);
                    });
                    now = next;
                }
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        transactions = boot();
    }

    private Transactions boot() throws IOException {
        running.now = Configuration.empty(Samples.TYPES);
        Transactions made = make();
        assertEquals(List.of(), made.start());
        return made;
    }

    private Transactions make() {
        return new Transactions(
                new ConfigurationStore(files, Samples.TYPES, clock, 3),
                Configuration.of(Samples.TYPES, LAN),
                running,
                clock,
                (delay, task) -> {
                    armed = delay;
                    timer = task;
                    return () -> timer = () -> {};
                },
                event -> events.add(event.toString()));
    }

    private void add(Record object) {
        transactions.edit("admin", candidate -> candidate.add(0, object));
    }

    @Test
    void aChangeIsActivatedAndCommittedAndThereAfterARestart() throws IOException {
        add(KEY);
        add(TUNNEL);
        assertEquals(1, running.now.stored().size());
        Transactions.Outcome outcome = transactions.activate("admin");
        assertTrue(outcome.activated());
        assertEquals(30, outcome.commitWithin());
        assertEquals(2, outcome.plan().counts().get(Plan.Effect.ADD));
        assertEquals(Duration.ofSeconds(30), armed);
        assertEquals(1, transactions.commit("admin"));
        timer.run();
        assertEquals(3, running.now.stored().size());
        assertEquals(TUNNEL, boot().active().find(Tunnel.class, "t").orElseThrow());
    }

    @Test
    void withoutACommitTheCommittedConfigurationReturnsAndTheChangesStayInTheCandidate() {
        add(KEY);
        transactions.activate("admin");
        clock.advance(Duration.ofSeconds(12));
        assertEquals(Optional.of(18L), transactions.secondsLeft());
        assertThrows(ConfigError.class, () -> add(TUNNEL));
        timer.run();
        assertTrue(running.now.all(SharedKey.class).isEmpty());
        assertEquals(List.of(KEY), transactions.candidate().all(SharedKey.class));
        assertEquals(1, transactions.changes().size());
        assertTrue(events.getLast().contains("configuration_returned"));
        assertThrows(ConfigError.class, () -> transactions.commit("admin"));
    }

    @Test
    void anUncommittedVersionIsNotUsedAfterARestart() throws IOException {
        add(KEY);
        transactions.activate("admin");
        transactions.commit("admin");
        add(TUNNEL);
        transactions.activate("admin");
        assertTrue(boot().active().find(Tunnel.class, "t").isEmpty());
        assertTrue(events.getLast().contains("version 2 was activated but never committed"));
    }

    @Test
    void aNewBeginningKeepsTheStoredVersionsAndTheirNumbers() throws IOException {
        add(KEY);
        transactions.activate("admin");
        transactions.commit("admin");
        running.now = Configuration.empty(Samples.TYPES);
        Transactions anew = make();
        assertEquals(List.of(), anew.startAnew());
        assertTrue(anew.active().all(SharedKey.class).isEmpty());
        assertEquals(List.of(KEY), boot().active().all(SharedKey.class));
        running.now = anew.active();
        anew.edit("script", c -> c.add(0, new Samples.Table("main")));
        anew.activate("script");
        assertEquals(2, anew.commit("script"));
        assertEquals(1, boot().active().all(Samples.Table.class).size());
    }

    @Test
    void allErrorsAreReportedAndNothingIsActivated() {
        add(TUNNEL);
        add(Samples.make(
                Tunnel.class,
                "Name",
                "u",
                "LocalNetwork",
                "lan_ipp",
                "RemoteNetwork",
                "all-nets",
                "PSK",
                "no",
                "IncomingInterfaceFilter",
                "wan"));
        Transactions.Outcome outcome = transactions.activate("admin");
        assertFalse(outcome.activated());
        assertEquals(
                List.of(
                        "Error: IPsecTunnel t, PSK: there is no PSK \"k\"",
                        "Error: IPsecTunnel u, LocalNetwork: there is no Address \"lan_ipp\"; did you mean lan_ip?",
                        "Error: IPsecTunnel u, PSK: there is no PSK \"no\"",
                        "Error: IPsecTunnel u, IncomingInterfaceFilter: there is no Interface \"wan\"; did you mean lan?"),
                outcome.findings().stream().map(Finding::toString).toList());
        assertEquals(1, running.now.stored().size());
    }

    @Test
    void deletingWhatIsReferredToIsRefusedNamingBoth() {
        add(KEY);
        add(TUNNEL);
        transactions.activate("admin");
        transactions.commit("admin");
        transactions.edit("admin", c -> c.delete(c.object(SharedKey.class, "k").orElseThrow()));
        assertEquals(
                "Error: IPsecTunnel t, PSK: PSK \"k\" was deleted or renamed, but is still referred to here",
                transactions.activate("admin").findings().getFirst().toString());
    }

    @Test
    void warningsDoNotPreventTheActivation() {
        add(KEY);
        add(Samples.TYPES.of(Tunnel.class).change(TUNNEL, java.util.Map.of("Kilobytes", "10")));
        Transactions.Outcome outcome = transactions.activate("admin");
        assertTrue(outcome.activated());
        assertEquals(Finding.Severity.WARNING, outcome.findings().getFirst().severity());
    }

    @Test
    void aNameThatAnInterfaceBringsAlongIsTaken() {
        transactions.edit(
                "admin", c -> c.add(0, Samples.make(Samples.Address.class, "Name", "lan_ip", "Address", "10.0.0.9")));
        assertTrue(transactions.plan().findings().getFirst().toString().contains("\"lan_ip\" belongs to"));
    }

    @Test
    void oneAdministratorWritesAtATime() {
        add(KEY);
        ConfigError error =
                assertThrows(ConfigError.class, () -> transactions.edit("eve", candidate -> candidate.add(0, TUNNEL)));
        assertTrue(error.getMessage().startsWith("admin has changes"));
        assertThrows(ConfigError.class, () -> transactions.reject("eve", false));
        transactions.reject("eve", true);
        transactions.edit("eve", candidate -> candidate.add(0, KEY));
        assertEquals(Optional.of("eve"), transactions.owner());
    }

    @Test
    void aFailedActivationLeavesEverythingAsItWas() {
        add(KEY);
        running.refuse = Optional.of("device lan is gone");
        assertThrows(ConfigError.class, () -> transactions.activate("admin"));
        assertTrue(transactions.active().all(SharedKey.class).isEmpty());
        assertEquals(Optional.empty(), transactions.secondsLeft());
        running.refuse = Optional.empty();
        assertTrue(transactions.activate("admin").activated());
    }

    @Test
    void aFailedEditKeepsNothing() {
        Configuration before = transactions.candidate();
        assertThrows(
                ConfigError.class,
                () -> transactions.edit("admin", c -> c.add(0, KEY).add(0, KEY)));
        assertSame(before, transactions.candidate());
        assertEquals(Optional.empty(), transactions.owner());
    }

    @Test
    void rejectTakesAnActivatedConfigurationOutOfForce() {
        add(KEY);
        transactions.activate("admin");
        transactions.reject("admin", false);
        assertTrue(running.now.all(SharedKey.class).isEmpty());
        assertEquals(List.of(), transactions.changes());
        assertEquals(Optional.empty(), transactions.secondsLeft());
    }
}
