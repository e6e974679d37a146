package io.portcullis.rules.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.rules.Site;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Policies that translate whole networks one to one, as configured. */
class NetworkTranslationTest {
    private static final String[] TRANSPOSED = {"DestinationTranslation", "SAT", "DestAddressAction", "Transposed"};

    private final Site site = new Site();

    private static String[] with(String[] first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    /** What the check of a policy from one network to another says. */
    private List<String> checked(String from, String to, String service, String... more) {
        site.policy("p", "any " + from, "any " + to, service, "Allow", more);
        ConfigObject<IpPolicy> policy =
                site.configuration.objects(IpPolicy.class).getFirst();
        ((Checked) policy.value()).check(site.configuration, site.findings.of(site.configuration.key(policy)));
        return site.found();
    }

    private IpPolicy policy() {
        return site.configuration.objects(IpPolicy.class).getFirst().value();
    }

    private static void assertOne(String part, List<String> found) {
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.getFirst().startsWith("Error: IPPolicy p, "), found.getFirst());
        assertTrue(found.getFirst().contains(part), found.getFirst());
    }

    private static Transposition network(String first, String onto) {
        return new Transposition(IpAddress.literal(first), IpAddress.literal(onto));
    }

    @Test
    void bothEndsMayBeNetworks() {
        site.add("ServiceTCPUDP", "Name", "range", "DestinationPorts", "8000-8010", "Type", "TCPUDP");
        assertEquals(
                List.of(),
                checked(
                        "192.168.1.0/24",
                        "203.0.113.16-203.0.113.19",
                        "range",
                        with(
                                TRANSPOSED,
                                "SATTranslateToIP",
                                "10.5.5.8/30",
                                "SATTranslateToPort",
                                "9000",
                                "DestPortAction",
                                "Transposed",
                                "SourceTranslation",
                                "SAT",
                                "SATSourceIP",
                                "10.9.9.0/24")));
        assertEquals(network("192.168.1.0", "10.9.9.0"), policy().newSources(site.configuration));
        Transposition servers = network("203.0.113.16", "10.5.5.8");
        assertEquals(new Redirection(servers.onto(), servers, 9000, 8000), policy().redirection(site.configuration));
    }

    @Test
    void sizesMustBeTheSame() {
        assertOne(
                "SATTranslateToIP: 10.5.5.8/30 is not as large as DestinationNetwork 203.0.113.0/24",
                checked("all-nets", "203.0.113.0/24", "http", with(TRANSPOSED, "SATTranslateToIP", "10.5.5.8/30")));
    }

    @Test
    void sizesOfSourcesToo() {
        assertOne(
                "SATSourceIP: 10.0.0.0/15 is not as large as SourceNetwork 10.8.0.0/16",
                checked("10.8.0.0/16", "all-nets", "http", "SourceTranslation", "SAT", "SATSourceIP", "10.0.0.0/15"));
    }

    @Test
    void familiesMustBeTheSame() {
        assertOne(
                "is of another family than SourceNetwork 192.168.1.0/24",
                checked(
                        "192.168.1.0/24",
                        "all-nets",
                        "http",
                        "SourceTranslation",
                        "SAT",
                        "SATSourceIP",
                        "2001:db8::/120"));
    }

    @Test
    void networksThatOverlapAreRefused() {
        assertOne(
                "10.0.0.128-10.0.1.127 overlaps DestinationNetwork 10.0.0.0/24",
                checked(
                        "all-nets",
                        "10.0.0.0/24",
                        "http",
                        with(TRANSPOSED, "SATTranslateToIP", "10.0.0.128-10.0.1.127")));
    }

    @Test
    void aGroupHasNoOrder() {
        assertOne(
                "DestinationNetwork 10.0.0.1,10.0.0.9 is not one network or range",
                checked("all-nets", "10.0.0.1,10.0.0.9", "http", with(TRANSPOSED, "SATTranslateToIP", "10.5.0.0/31")));
    }

    @Test
    void portsNeedOneRange() {
        assertOne(
                "one range of TCP or UDP",
                checked(
                        "all-nets",
                        "10.0.0.1",
                        "http-all",
                        "DestinationTranslation",
                        "SAT",
                        "SATTranslateToIP",
                        "10.5.0.1",
                        "SATTranslateToPort",
                        "8080",
                        "DestPortAction",
                        "Transposed"));
    }

    @Test
    void portsDoNotEndAboveTheLast() {
        site.add("ServiceTCPUDP", "Name", "range", "DestinationPorts", "8000-8010");
        assertOne(
                "SATTranslateToPort: the ports 8000-8010 would end above 65535",
                checked(
                        "all-nets",
                        "10.0.0.1",
                        "range",
                        "DestinationTranslation",
                        "SAT",
                        "SATTranslateToIP",
                        "10.5.0.1",
                        "SATTranslateToPort",
                        "65530",
                        "DestPortAction",
                        "Transposed"));
    }

    @Test
    void aNetworkWithoutSatIsRefused() {
        assertOne(
                "is used with SourceTranslation=SAT only, and that is Auto",
                checked("10.0.0.0/24", "all-nets", "http", "SATSourceIP", "10.5.0.0/24"));
    }

    @Test
    void satWithoutANetworkIsRefused() {
        assertOne(
                "needs the network that sources leave with",
                checked("10.0.0.0/24", "all-nets", "http", "SourceTranslation", "SAT"));
    }

    @Test
    void twoSourcesWithOneAddressAreRefusedWithBothNames() {
        site.policy(
                        "first",
                        "lan 10.0.0.0/24",
                        "wan all-nets",
                        "http",
                        "Allow",
                        "SourceTranslation",
                        "SAT",
                        "SATSourceIP",
                        "203.0.113.0/24")
                .policy(
                        "same",
                        "dmz 10.0.0.64/26",
                        "wan all-nets",
                        "ssh",
                        "Allow",
                        "SourceTranslation",
                        "SAT",
                        "SATSourceIP",
                        "203.0.113.64/26")
                .policy(
                        "other",
                        "lan 10.0.1.64/26",
                        "wan all-nets",
                        "http",
                        "Allow",
                        "SourceTranslation",
                        "SAT",
                        "SATSourceIP",
                        "203.0.113.128/26");
        CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
        assertEquals(
                List.of("Error: IPPolicy other, SATSourceIP: overlaps what IPPolicy first gives to other sources"),
                site.found());
    }

    @Test
    void partsOfANetworkMayBeNamedAgain() {
        site.policy(
                        "all",
                        "wan all-nets",
                        "wan 203.0.113.0/24",
                        "http,https",
                        "Allow",
                        with(TRANSPOSED, "SATTranslateToIP", "10.0.0.0/24"))
                .policy(
                        "some",
                        "wan all-nets",
                        "wan 203.0.113.64/26",
                        "http,ssh",
                        "Allow",
                        with(TRANSPOSED, "SATTranslateToIP", "10.0.0.64/26"))
                .policy(
                        "elsewhere",
                        "wan all-nets",
                        "wan 203.0.113.128/26",
                        "http",
                        "Allow",
                        with(TRANSPOSED, "SATTranslateToIP", "10.0.7.0/26"));
        CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
        assertEquals(
                List.of("Error: IPPolicy elsewhere, SATTranslateToIP: nothing goes there: IPPolicy all, which stands"
                        + " above it, sends all that it matches to network at 10.0.0.0"),
                site.found().stream()
                        .filter(text -> !text.contains("never asked"))
                        .toList());
    }
}
