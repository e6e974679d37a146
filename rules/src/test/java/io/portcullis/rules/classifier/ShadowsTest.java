package io.portcullis.rules.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.rules.service.ServiceTerm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowsTest {
    private static AddressMatcher addresses(long first, long last) {
        return new AddressMatcher(AddressSet.of(List.of(new IpRange(v4(first), v4(last)))));
    }

    private static IpAddress v4(long bits) {
        return new IpAddress(0, 0xffff_0000_0000L | bits);
    }

    private static Match rule(long firstSource, long lastSource, long firstDestination, long lastDestination) {
        return new Match(
                InterfaceSet.EVERY,
                InterfaceSet.EVERY,
                addresses(firstSource, lastSource),
                addresses(firstDestination, lastDestination),
                new ServiceTerm[] {ServiceTerm.ALL});
    }

    private static List<Shadows.Shadow> among(List<Match> rules) {
        return Shadows.among(rules, new Classifier(rules));
    }

    @Test
    void theFirstRuleThatHidesIsNamed() {
        assertEquals(
                List.of(new Shadows.Shadow(2, 1), new Shadows.Shadow(3, 1)),
                among(List.of(rule(0, 5, 0, 5), rule(0, 9, 0, 9), rule(0, 9, 0, 9), rule(3, 6, 2, 9))));
    }

    /** Each matches the first packet of all that follow and hides none of them: all pairs would be fifty million. */
    @Test
    void veryManyRulesThatOverlapEndTheSearch() {
        int count = 10_000;
        List<Match> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(rule(0, i, 0, count - i));
        }
        rules.add(rule(0, 0, 0, 0));
        List<Shadows.Shadow> found = among(rules.subList(count - 20, count + 1));
        assertEquals(List.of(new Shadows.Shadow(20, 0)), found);
        assertTrue(among(rules).isEmpty(), "not looked for so long");
    }
}
