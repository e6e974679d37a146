package io.portcullis.cli.firewall;

import io.portcullis.core.config.Change;
import io.portcullis.core.config.Plan;
import io.portcullis.ipsec.esp.SaDatabase;

/** What a change does to tunnels that are up, for {@code activate -plan}. */
final class PlanOfTunnels {
    private PlanOfTunnels() {}

    static Plan.Step judge(Change change, SaDatabase database) {
        Plan.Step usual = Plan.usual(change);
        if (!change.key().type().equals("IPsecTunnel")) {
            return usual;
        }
        long pairs = database.list().stream()
                .filter(view -> view.pair().tunnel().equals(change.key().id()))
                .count();
        if (pairs == 0) {
            return usual;
        }
        String detail = usual.detail().isEmpty() ? pairs + " SA pairs" : usual.detail() + "; " + pairs + " SA pairs";
        Plan.Effect effect = usual.effect() == Plan.Effect.IN_PLACE ? Plan.Effect.REESTABLISH : usual.effect();
        return new Plan.Step(change.key(), effect, detail);
    }
}
