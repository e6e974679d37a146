package io.portcullis.rules.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.rules.Site;
import io.portcullis.rules.classifier.RandomRules.Probe;
import io.portcullis.rules.service.ServiceTerm;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassifierTest {
    private static final int PROBES = 100;

    private final Site site = new Site();

    /** 10,000 pairs of rule set and packet; a million with -Dportcullis.nightly=true. */
    @Test
    void agreesWithATopDownScan() {
        long sets = Boolean.getBoolean("portcullis.nightly") ? 10_000 : 100;
        long matched = 0;
        for (long seed = 1; seed <= sets; seed++) {
            RandomRules random = new RandomRules(seed);
            List<Match> rules = random.rules(seed % 50 == 0 ? 2_000 : 1 + (int) (seed * 7 % 300));
            // Trees for short lists too, and classes in two words and three: what only large sets have otherwise.
            Classifier classifier =
                    seed % 2 == 0 ? new Classifier(rules) : new Classifier(rules, 0, 1 + (int) (seed % 3));
            for (int i = 0; i < PROBES; i++) {
                Probe probe = random.probe(rules);
                int expected = scan(rules, probe);
                if (probe.first(classifier) != expected) {
                    fail("seed " + seed + ": " + smallest(rules, probe));
                }
                matched += expected < 0 ? 0 : 1;
            }
        }
        assertTrue(matched > sets * PROBES / 4, "only " + matched + " packets met a rule");
    }

    /** Each octet of garbage that an activation makes may stop the workers; a look-up must make none. */
    @Test
    void compilingMakesLittleGarbageAndLookingUpNone() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Match> rules = hosts(2_000);
        Probe probe = probe("10.1.0.1", "10.0.7.207", 80);
        long[] compiling = new long[5];
        long[] lookingUp = new long[5];
        for (int round = 0; round < compiling.length; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            Classifier classifier = new Classifier(rules);
            long compiled = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                probe.first(classifier);
            }
            lookingUp[round] = thread.getCurrentThreadAllocatedBytes() - compiled;
            compiling[round] = compiled - before;
        }
        assertEquals(0, Arrays.stream(lookingUp).min().orElseThrow());
        long least = Arrays.stream(compiling).min().orElseThrow();
        assertTrue(least < 2_000L * rules.size(), least + " octets for " + rules.size() + " rules");
    }

    @Test
    void anEmptyListMatchesNothing() {
        assertEquals(-1, probe("10.0.0.1", "10.0.0.2", 80).first(new Classifier(List.of())));
    }

    @Test
    void aRuleForEverythingInFrontHidesAllOthersAndBehindGetsTheRest() {
        List<Match> rules = hosts(2_000);
        List<Match> inFront = new ArrayList<>(rules);
        inFront.addFirst(everything());
        List<Match> behind = new ArrayList<>(rules);
        behind.add(everything());
        Probe last = probe("10.1.0.1", "10.0.7.207", 80);
        assertEquals(0, last.first(new Classifier(inFront)));
        assertEquals(1_999, last.first(new Classifier(behind)));
        assertEquals(2_000, probe("10.1.0.1", "10.0.7.208", 80).first(new Classifier(behind)));
    }

    /** Every rule overlaps every other in each field, and no order of cuts takes them apart. */
    @Test
    void overlappingRangesStayBounded() {
        Random random = new Random(5);
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rules.add(new Match(InterfaceSet.EVERY, InterfaceSet.EVERY, wide(random), wide(random), new ServiceTerm[] {
                ports(random.nextInt(30_000), 35_000 + random.nextInt(30_000))
            }));
        }
        staysBounded(rules);
    }

    /** Each boundary of one field meets each of the other: as many regions as the square of the rules. */
    @Test
    void crossesStayBounded() {
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < 2_000; i += 2) {
            AddressMatcher stripe = range(1_000L * i, 1_000L * i + 500_000);
            rules.add(rule(stripe, everywhere()));
            rules.add(rule(everywhere(), stripe));
        }
        staysBounded(rules);
    }

    /** Narrow at one end, wide at the other, in every field: each cut repeats half of the rules. */
    @Test
    void staircasesStayBounded() {
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            rules.add(new Match(
                    InterfaceSet.EVERY,
                    InterfaceSet.EVERY,
                    range(0, 100L * i),
                    range(100L * i, 250_000),
                    new ServiceTerm[] {ports(i, 65_535 - i)}));
        }
        staysBounded(rules);
    }

    /** Each rule's set is hundreds of runs of classes, no two the same. */
    @Test
    void groupsThatShareTheirMembersStayBounded() {
        Random random = new Random(6);
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rules.add(rule(someOf(random), someOf(random)));
        }
        staysBounded(rules);
    }

    private static AddressMatcher someOf(Random random) {
        List<IpRange> members = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (random.nextBoolean()) {
                members.add(IpRange.of(IpAddress.v4(0x0a00_0000 + 2 * i)));
            }
        }
        return new AddressMatcher(AddressSet.of(members));
    }

    /** In one word, two and three: the limits of four trees hold for memory and work, and what is found is right. */
    private void staysBounded(List<Match> rules) {
        for (int words = 1; words <= 3; words++) {
            Classifier classifier = new Classifier(rules, 0, words);
            assertTrue(
                    classifier.longs() <= 4 * CutTree.mostLongs(0) + CutTree.mostLongs(rules.size()),
                    classifier.longs() + " longs for " + rules.size() + " rules");
            assertTrue(
                    classifier.looks() <= 4 * CutTree.mostLooks(0) + CutTree.mostLooks(rules.size()),
                    classifier.looks() + " looks at " + rules.size() + " rules");
            Random random = new Random(7);
            for (int i = 0; i < 300; i++) {
                Probe probe = new Probe(
                        site.iface("lan"),
                        site.iface("wan"),
                        address(rules.get(random.nextInt(rules.size())).source(), random),
                        address(rules.get(random.nextInt(rules.size())).destination(), random),
                        IpProtocol.TCP,
                        1024,
                        random.nextInt(65_536));
                assertEquals(scan(rules, probe), probe.first(classifier), probe.toString());
            }
        }
    }

    private static IpAddress address(AddressMatcher matcher, Random random) {
        List<IpRange> ranges = matcher.set().ranges();
        IpRange range = ranges.get(random.nextInt(ranges.size()));
        return random.nextBoolean() ? range.first() : range.last().next();
    }

    private static ServiceTerm ports(int first, int last) {
        return new ServiceTerm(IpProtocol.TCP, IpProtocol.TCP, 0, 0xffff, first, last);
    }

    private static AddressMatcher range(long first, long last) {
        return new AddressMatcher(AddressSet.of(List.of(
                new IpRange(IpAddress.v4((int) (0x0a00_0000 + first)), IpAddress.v4((int) (0x0a00_0000 + last))))));
    }

    @Test
    void aGroupOfManyHostsIsOneClass() {
        List<AddressMatcher> hosts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<IpRange> members = new ArrayList<>();
            for (int j = 0; j < 500; j++) {
                members.add(IpRange.of(IpAddress.v4(0x0a00_0000 + 40 * j + 2 * i)));
            }
            hosts.add(new AddressMatcher(AddressSet.of(members)));
        }
        Match[] rules = hosts.stream().map(group -> rule(group, everywhere())).toArray(Match[]::new);
        Dimension sources = new Dimension(Field.SOURCE, rules);
        assertEquals(21, sources.classes(), "one for each group, one for all other addresses");
        assertEquals(
                sources.index().ofAddress(0, 0xffff_0a00_0002L), sources.index().ofAddress(0, 0xffff_0a00_002aL));
    }

    private static int scan(List<Match> rules, Probe probe) {
        for (int i = 0; i < rules.size(); i++) {
            if (probe.meets(rules.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Leaves rules out while the classifier still errs. */
    private static String smallest(List<Match> rules, Probe probe) {
        List<Match> left = new ArrayList<>(rules);
        for (int i = left.size() - 1; i >= 0; i--) {
            Match out = left.remove(i);
            if (probe.first(new Classifier(left)) == scan(left, probe)) {
                left.add(i, out);
            }
        }
        StringBuilder text = new StringBuilder(probe + "\nfound " + probe.first(new Classifier(left)) + ", should find "
                + scan(left, probe) + " in\n");
        left.forEach(rule -> text.append(rule).append('\n'));
        return text.toString();
    }

    private static List<Match> hosts(int count) {
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(rule(everywhere(), new AddressMatcher(AddressSet.of(IpAddress.v4(0x0a00_0000 + i)))));
        }
        return rules;
    }

    private static Match everything() {
        return rule(everywhere(), everywhere());
    }

    private static Match rule(AddressMatcher source, AddressMatcher destination) {
        return new Match(
                InterfaceSet.EVERY, InterfaceSet.EVERY, source, destination, new ServiceTerm[] {ServiceTerm.ALL});
    }

    private static AddressMatcher everywhere() {
        return new AddressMatcher(AddressSet.ALL_V4);
    }

    private static AddressMatcher wide(Random random) {
        return new AddressMatcher(AddressSet.of(List.of(
                new IpRange(IpAddress.v4(random.nextInt() >>> 2), IpAddress.v4(random.nextInt() | 0xc000_0000)))));
    }

    private Probe probe(String from, String to, int port) {
        return new Probe(
                site.iface("lan"),
                site.iface("wan"),
                IpAddress.literal(from),
                IpAddress.literal(to),
                IpProtocol.TCP,
                1024,
                port);
    }
}
