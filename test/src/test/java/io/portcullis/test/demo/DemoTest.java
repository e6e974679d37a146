package io.portcullis.test.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ./portcullis demo}, without any of root's rights. */
class DemoTest {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Test
    void twoFirewallsNegotiateAndCarryTrafficAndItEndsByItself() {
        List<String> command = new ArrayList<>();
        if (Need.ROOT.missing().isEmpty()) {
            // Still the owner of the files, but with every capability gone for good.
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(Firewall.launcher().toString(), "demo"));
        Command.Result result = Command.attempt(command, LIMIT);
        assertEquals(0, result.status(), result.output());
        for (String word : List.of("IKE_SA_INIT", "IKE_AUTH", "IPsec Tunnel", "ping", "TCP")) {
            assertTrue(result.output().contains(word), () -> word + " is missing in\n" + result.output());
        }
    }
}
