package io.portcullis.rules.policy;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** A rule set as it is configured: a place for policies that one in another set leads to. */
@ObjectType(
        value = "IPRuleSet",
        title = "IP rule set",
        help =
                "Holds IP policies that are asked when a policy with Action=Goto leads here. Those at the top are the rule"
                        + " set main, which is asked first.")
public record NamedRuleSet(
        @Property(help = "Name of the rule set.", required = true)
        String name,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** What the policies at the top are called together. */
    public static final String MAIN = "main";

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (name.equals(MAIN)) {
            findings.error("Name", "the policies at the top are the rule set main: add them there");
        }
    }
}
