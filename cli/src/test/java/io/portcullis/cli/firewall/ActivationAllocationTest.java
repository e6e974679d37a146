package io.portcullis.cli.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.portcullis.cli.console.Session;
import io.portcullis.core.time.SystemClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an activation makes is collected while packets wait: it is little for what does not change. */
final class ActivationAllocationTest {
    private static final int POLICIES = 2000;
    /** Octets for each policy, most of them for the rule look-up. */
    private static final long MOST_EACH = 6_000;

    private final List<String> output = new ArrayList<>();
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

    private static String policies() {
        StringBuilder script = new StringBuilder("""
                add Interface Ethernet in EthernetDevice=ens4 IP=10.1.0.1 Network=10.1.0.0/24
                add Interface Ethernet out EthernetDevice=ens5 IP=10.2.0.1 Network=10.2.0.0/24
                """);
        for (int i = 0; i < POLICIES; i++) {
            script.append(("add IPPolicy Name=deny%d SourceInterface=in SourceNetwork=172.%d.%d.0/24"
                            + " DestinationInterface=out DestinationNetwork=out_net Service=http Action=Deny\n")
                    .formatted(i, 16 + i / 256, i % 256));
        }
        return script + "activate\ncommit\n";
    }

    @Test
    @Timeout(60)
    void oneChangedPolicyOfManyMakesLittle(@TempDir Path folder) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SystemClock clock = new SystemClock();
        try (Firewall firewall = Firewall.start(new NowhereMachine(clock), folder, clock, new SecureRandom())) {
            firewall.restore();
            try (Session session = firewall.sessions().open("admin")) {
                assertEquals(0, session.execute(policies(), printed), output::toString);
                long made = 0;
                for (String logs : List.of("No", "Yes", "No")) {
                    assertEquals(0, session.execute("set IPPolicy deny1 LogEnabled=" + logs, printed));
                    long before = threads.getCurrentThreadAllocatedBytes();
                    assertEquals(0, session.execute("activate", printed), output::toString);
                    made = threads.getCurrentThreadAllocatedBytes() - before;
                    assertEquals(0, session.execute("commit", printed), output::toString);
                }
                System.out.println("an activation of " + POLICIES + " policies makes " + made + " octets");
                assertTrue(made < POLICIES * MOST_EACH, made + " octets");
            }
        }
    }
}
