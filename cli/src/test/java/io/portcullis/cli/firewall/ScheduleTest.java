package io.portcullis.cli.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.console.Session;
import io.portcullis.core.time.Clock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running firewall follows the clock: policies begin to count, and count no more. */
final class ScheduleTest {
    private final AtomicReference<LocalDateTime> wall = new AtomicReference<>(LocalDateTime.parse("2026-11-23T07:59"));
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant wall() {
            return wall.get().atZone(ZoneId.systemDefault()).toInstant();
        }
    };

    private final Session.Output printed = new Session.Output() {
        @Override
        public void out(String text) {
            output.add(text);
        }

        @Override
        public void err(String text) {
            output.add(text);
        }
    };

    @Test
    @Timeout(60)
    void policiesFollowTheClock(@TempDir Path folder) throws Exception {
        try (Firewall firewall = Firewall.start(new NowhereMachine(clock), folder, clock, new SecureRandom())) {
            firewall.restore();
            try (Session session = firewall.sessions().open("admin")) {
                run(session, """
                        add Interface Ethernet lan EthernetDevice=ens4 IP=192.168.1.1 Network=192.168.1.0/24
                        add ScheduleProfile office Mon=8-17
                        add IPPolicy Name=web SourceInterface=lan SourceNetwork=lan_net DestinationInterface=any
                            DestinationNetwork=all-nets Service=http Action=Allow Schedule=office
                        activate
                        commit
                        """);
                assertTrue(run(session, "rules -verbose").contains("office (not now)"), output::toString);
                wall.set(LocalDateTime.parse("2026-11-23T08:00"));
                awaitSaid(session, "schedules=office");
                String rules = run(session, "rules -verbose");
                assertTrue(rules.contains("office") && !rules.contains("not now"), rules);
                wall.set(LocalDateTime.parse("2026-11-23T17:00"));
                awaitSaid(session, "17:00:00] RULE");
                assertTrue(run(session, "rules -verbose").contains("office (not now)"), output::toString);
            }
        }
    }

    private String run(Session session, String script) throws InterruptedException {
        output.clear();
        assertEquals(0, session.execute(script, printed), output::toString);
        return String.join("", output);
    }

    private void awaitSaid(Session session, String text) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!run(session, "memlog -freetext=schedule_changed").contains(text)) {
            assertTrue(System.nanoTime() - until < 0, output::toString);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
