package io.portcullis.rules;

import io.portcullis.rules.access.Access;
import io.portcullis.rules.pipe.PipeConfiguration;
import io.portcullis.rules.pipe.PipeRule;
import io.portcullis.rules.policy.IpPolicy;
import io.portcullis.rules.policy.NamedRuleSet;
import io.portcullis.rules.routing.RoutingRule;
import io.portcullis.rules.schedule.ScheduleProfile;
import io.portcullis.rules.service.PredefinedServices;
import io.portcullis.rules.service.ServiceGroup;
import io.portcullis.rules.service.ServiceIcmp;
import io.portcullis.rules.service.ServiceIcmpv6;
import io.portcullis.rules.service.ServiceIpProto;
import io.portcullis.rules.service.ServiceTcpUdp;
import java.util.List;

/** The configuration objects of this module, for the registry. */
public final class RulesObjects {
    private RulesObjects() {}

    /** Types that this module declares. */
    public static List<Class<? extends Record>> types() {
        return List.of(
                ServiceTcpUdp.class,
                ServiceIcmp.class,
                ServiceIcmpv6.class,
                ServiceIpProto.class,
                ServiceGroup.class,
                Access.class,
                ScheduleProfile.class,
                NamedRuleSet.class,
                IpPolicy.class,
                RoutingRule.class,
                PipeConfiguration.class,
                PipeRule.class);
    }

    /** Objects that exist in every configuration. */
    public static List<Record> predefined() {
        return PredefinedServices.table();
    }
}
