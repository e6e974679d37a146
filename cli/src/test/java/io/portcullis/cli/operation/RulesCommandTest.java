package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.rules.policy.RuleView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class RulesCommandTest {
    private static final List<RuleView> MAIN = List.of(
            rule(1, "out", "Allow", 1_234, OptionalLong.of(75)),
            rule(2, "Default_Rule", "Drop", 0, OptionalLong.empty()));
    private static final List<RuleView> GUESTS = List.of(rule(1, "web", "Allow", 5, OptionalLong.of(3)));

    private final RulesCommand rules = new RulesCommand(
            () -> List.of("main", "guests"),
            name -> Optional.ofNullable(Map.of("main", MAIN, "guests", GUESTS).get(name)));

    private static RuleView rule(int index, String name, String action, long hits, OptionalLong since) {
        return new RuleView(
                index,
                name,
                action,
                "lan,dmz",
                "lan_net",
                "wan",
                "all-nets",
                "http,https",
                "NAT",
                "10.0.0.1 port 80",
                index == 2 ? 0 : 25,
                index == 2 ? "-" : "office (not now)",
                index == 2,
                hits,
                since);
    }

    @Test
    void hitsAndTheLastOfThemAreShown() {
        String text = Typed.run(rules, "rules");
        assertEquals("1 out Allow lan,dmz lan_net wan all-nets http,https 1234 1m 15s ago", Typed.line(text, " out "));
        assertEquals(
                "2 Default_Rule Drop lan,dmz lan_net wan all-nets http,https 0 never",
                Typed.line(text, "Default_Rule"));
    }

    @Test
    void verboseTellsTranslationAndLogging() {
        String text = Typed.run(rules, "rules -verbose -ruleset=main");
        assertTrue(
                Typed.line(text, " out ").contains("http,https NAT 10.0.0.1 port 80 25 office (not now) No 1234"),
                text);
        assertTrue(Typed.line(text, "Default_Rule").contains("port 80 - - Yes 0 never"), text);
    }

    @Test
    void rowsAreLimitedAndAnUnknownSetIsNamed() {
        String text = Typed.run(rules, "rules -num=1");
        assertTrue(text.endsWith("(1 more: -num=all shows all)\n") && !text.contains("Default_Rule"), text);
        assertEquals(
                "there is no rule set 'guest'; there is main, guests", Typed.failure(rules, "rules -ruleset=guest"));
        assertTrue(Typed.failure(rules, "rules -num=none").contains("'none' is not a number"));
    }

    @Test
    void aRuleSetIsShownByItsName() {
        String text = Typed.run(rules, "rules -ruleset=guests");
        assertTrue(text.startsWith("Rule set guests:") && text.contains("web") && !text.contains("Default_Rule"), text);
    }
}
