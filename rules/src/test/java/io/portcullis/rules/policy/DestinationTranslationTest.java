package io.portcullis.rules.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.rules.Site;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Policies that send connections elsewhere than they are addressed to (SAT), as configured. */
class DestinationTranslationTest {
    private static final String ALL = "any all-nets";
    private static final String PUBLIC = "core 203.0.113.1";

    private final Site site = new Site();

    private DestinationTranslationTest sat(String name, String from, String to, String service, String server) {
        site.policy(name, from, to, service, "Allow", "DestinationTranslation", "SAT", "SATTranslateToIP", server);
        return this;
    }

    /** What the check of the only policy says. */
    private List<String> checked(String... more) {
        site.policy("published", ALL, PUBLIC, "http", "Allow", more);
        ConfigObject<IpPolicy> policy =
                site.configuration.objects(IpPolicy.class).getFirst();
        ((Checked) policy.value()).check(site.configuration, site.findings.of(site.configuration.key(policy)));
        return site.found();
    }

    private List<String> compiled() {
        CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
        return site.found();
    }

    private static void assertOne(String part, List<String> found) {
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.getFirst().contains(part), found.getFirst());
    }

    @Test
    void aPolicySaysWhereItsConnectionsGo() {
        assertEquals(
                List.of(),
                checked(
                        "DestinationTranslation",
                        "SAT",
                        "SATTranslateToIP",
                        "192.168.1.9",
                        "SATTranslateToPort",
                        "8080"));
        IpPolicy policy = site.configuration.objects(IpPolicy.class).getFirst().value();
        Redirection redirection = Objects.requireNonNull(policy.redirection(site.configuration));
        assertEquals(new Redirection(IpAddress.literal("192.168.1.9"), 8080), redirection);
        assertEquals("192.168.1.9 port 8080", redirection.toString());
        assertNull(new Site()
                .policy("plain", ALL, PUBLIC, "http", "Allow")
                .configuration
                .objects(IpPolicy.class)
                .getFirst()
                .value()
                .redirection(site.configuration));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertOne("SAT needs the address", checked("DestinationTranslation", "SAT"));
    }

    @Test
    void anAddressWithoutSatIsRefused() {
        assertOne("set it to SAT", checked("SATTranslateToIP", "192.168.1.9"));
    }

    @Test
    void aNetworkIsNotOneAddress() {
        assertOne(
                "192.168.1.0/24 is not the address of one host",
                checked("DestinationTranslation", "SAT", "SATTranslateToIP", "192.168.1.0/24"));
    }

    @Test
    void nothingCanGoToAGroup() {
        assertOne(
                "224.0.0.1 is not the address of one host",
                checked("DestinationTranslation", "SAT", "SATTranslateToIP", "224.0.0.1"));
    }

    @Test
    void ipv4DoesNotGoToIpv6() {
        assertOne("of another family", checked("DestinationTranslation", "SAT", "SATTranslateToIP", "2001:db8:5::9"));
    }

    @Test
    void whatIsDeniedGoesNowhere() {
        site.policy("no", ALL, PUBLIC, "http", "Deny", "DestinationTranslation", "SAT", "SATTranslateToIP", "10.0.0.1");
        ConfigObject<IpPolicy> policy =
                site.configuration.objects(IpPolicy.class).getFirst();
        ((Checked) policy.value()).check(site.configuration, site.findings.of(site.configuration.key(policy)));
        assertOne("only what is allowed", site.found());
    }

    @Test
    void aTranslationThatLeavesNothingToAnotherIsRefusedWithBothNames() {
        List<String> found = sat("web", ALL, PUBLIC, "http,https", "192.168.1.9")
                .sat("other", "wan all-nets", PUBLIC, "http", "192.168.1.10")
                .compiled();
        assertOne(
                "SATTranslateToIP",
                found.stream().filter(text -> !text.contains("never asked")).toList());
        assertTrue(found.getFirst().contains("IPPolicy other"), found.toString());
        assertTrue(found.getFirst().contains("IPPolicy web"), found.toString());
        assertTrue(site.findings.hasErrors(), "refused");
    }

    @Test
    void anExceptionMayStandAboveWhatItIsOneOf() {
        assertEquals(
                List.of(),
                sat("web", ALL, PUBLIC, "http", "192.168.1.9")
                        .sat("rest", ALL, PUBLIC, "all_services", "192.168.1.10")
                        .compiled());
    }

    @Test
    void translationsThatCrossAreWarnedAbout() {
        List<String> found = sat("web", ALL, "core 203.0.113.0/30", "http,https", "192.168.1.9")
                .sat("apart", ALL, "core 203.0.113.9", "http", "192.168.1.11")
                .sat("shell", "any 198.51.100.0/24", PUBLIC, "http,ssh", "192.168.1.10")
                .compiled();
        assertOne("web, which stands above it, sends some of it to 192.168.1.9", found);
        assertTrue(!site.findings.hasErrors(), "not refused");
    }

    @Test
    void theSamePlaceIsNoContradiction() {
        assertEquals(
                List.of(),
                sat("web", ALL, PUBLIC, "http,https", "192.168.1.9")
                        .sat("shell", ALL, PUBLIC, "http,ssh", "192.168.1.9")
                        .compiled());
    }

    @Test
    void theOneThatCrossesIsFoundAmongMany() {
        for (int i = 0; i < 300; i++) {
            sat("one" + i, ALL, "core 203.0." + i / 250 + "." + i % 250, "http,https", "10.0.0." + (1 + i % 200));
        }
        sat("again", ALL, "core 203.0.1.7", "http,ssh", "10.9.9.9");
        List<String> found = compiled();
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.getFirst().contains("IPPolicy one257"), found.toString());
    }
}
