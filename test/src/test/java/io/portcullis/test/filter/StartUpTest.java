package io.portcullis.test.filter;

import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that sends as fast as it can while the firewall starts and its rules change. */
@DisplayName("FFW_RUL_EXT.1.1: no packet passes before the rules are in force")
class StartUpTest {
    private static final Datagram ALLOWED = Datagram.udp(LAN_HOST, 7, WAN_HOST, 7);
    private static final Datagram DENIED = Datagram.udp(LAN_OTHER, 7, WAN_HOST, 7);
    private static final String ALLOW_HOST = FilterLab.policy(
            "host", "SourceInterface=lan SourceNetwork=" + LAN_HOST, "all-nets", "Action=Allow", "all_udp");
    private static final String DENY_OTHER = FilterLab.policy(
            "other",
            "SourceInterface=any SourceNetwork=" + LAN_OTHER,
            "all-nets",
            "Action=Deny LogEnabled=No",
            "all_services");

    @Test
    @DisplayName("FFW_RUL_EXT.1.1 start and activate: what no configuration allows never passes")
    void neverPasses(@TempDir Path folder) {
        try (FilterLab lab = new FilterLab(folder)) {
            assertEquals(List.of(0L, 0L), lab.flooded("lan", () -> lab.type("stats"), ALLOWED, DENIED));
            List<Long> passed = lab.flooded(
                    "lan",
                    () -> {
                        for (int round = 0; round < 10; round++) {
                            lab.load(DENY_OTHER, FilterLab.ALLOW_ALL);
                            lab.load(ALLOW_HOST);
                        }
                    },
                    ALLOWED,
                    DENIED);
            assertTrue(passed.get(0) > 0, "the flood was none");
            assertEquals(0, passed.get(1));
        }
        try (FilterLab again = new FilterLab(folder)) {
            assertEquals(List.of(0L, 0L), again.flooded("lan", () -> again.type("stats"), ALLOWED, DENIED));
            List<Long> passed = again.flooded("lan", again::restore, ALLOWED, DENIED);
            assertEquals(0, passed.get(1));
            again.settle();
            again.sent("lan", ALLOWED).assertPassed(ALLOWED);
        }
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.1 activate: what was allowed does not pass any more, sessions that are open neither")
    void endsAtOnce(@TempDir Path folder) {
        try (FilterLab lab = new FilterLab(folder)) {
            lab.configure(FilterLab.ALLOW_ALL);
            lab.sent("lan", DENIED).assertPassed(DENIED);
            lab.load(ALLOW_HOST);
            lab.sent("lan", DENIED).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
        }
    }
}
