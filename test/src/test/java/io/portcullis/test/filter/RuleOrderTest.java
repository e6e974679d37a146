package io.portcullis.test.filter;

import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST6;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static io.portcullis.test.filter.FilterLab.WAN_HOST6;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that overlap: the first that matches decides, whichever it is. */
@DisplayName("FFW_RUL_EXT.1.8: the administrator's order")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleOrderTest {
    private FilterLab lab;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.8 {0}: a network and a service overlap")
    @CsvSource({LAN_HOST + ",192.0.2.0/24,all-nets," + WAN_HOST, LAN_HOST6 + ",2001:db8:1::/64,all-nets6," + WAN_HOST6})
    void theFirstDecides(String from, String network, String all, String to) {
        String allow = FilterLab.policy(
                "by_network", "SourceInterface=any SourceNetwork=" + network, all, "Action=Allow", "all_tcpudp");
        String deny =
                FilterLab.policy("by_service", "SourceInterface=lan SourceNetwork=" + all, all, "Action=Deny", "http");
        Datagram both = Datagram.syn(from, 1025, to, 80);
        Datagram one = Datagram.syn(from, 1025, to, 81);

        lab.configure(allow, deny);
        lab.sent("lan", both).assertPassed(both);
        lab.sent("lan", one).assertPassed(one);

        lab.configure(deny, allow);
        lab.sent("lan", both).assertDropped("policy_denied", "ruleset_drop_packet", "rule=by_service");
        lab.sent("lan", one).assertPassed(one);

        // The order is what counts, not when the rules were typed.
        lab.type("set IPPolicy by_network Index=1", "activate", "commit");
        lab.sent("lan", both).assertPassed(both);
    }
}
