package io.portcullis.core.pipeline;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import java.util.Map;

/**
 * What the pipeline leaves to the operator.
 *
 * @param ip what is done about suspicious IP headers
 * @param tcp what is done about suspicious TCP headers
 * @param fragments what is done about fragments
 * @param ipsecBeforeRules IKE and ESP for an own address need an access verdict, but no policy
 * @param tellUnreachable whether senders are told that there is no route or no service
 * @param icmpErrorsPerSecond ICMP errors and resets of our own, at most
 * @param dropEventsPerSecond log events of dropped packets of each type, at most
 */
public record PipelineSettings(
        IpSettings ip,
        TcpSettings tcp,
        FragSettings fragments,
        boolean ipsecBeforeRules,
        boolean tellUnreachable,
        int icmpErrorsPerSecond,
        int dropEventsPerSecond) {
    /** What holds where nothing is configured. */
    public static final PipelineSettings DEFAULT = of(PipelineSettings::byDefault, true);

    /** The settings object of a type. */
    private interface Objects {
        <T extends Record> T of(Class<T> type);
    }

    /**
     * Those of a configuration.
     *
     * @param ipsecBeforeRules which the core does not know of
     */
    public static PipelineSettings of(Configuration configuration, boolean ipsecBeforeRules) {
        return of(configuration::settings, ipsecBeforeRules);
    }

    private static PipelineSettings of(Objects objects, boolean ipsecBeforeRules) {
        IcmpSettings icmp = objects.of(IcmpSettings.class);
        return new PipelineSettings(
                objects.of(IpSettings.class),
                objects.of(TcpSettings.class),
                objects.of(FragSettings.class),
                ipsecBeforeRules,
                icmp.tellUnreachable(),
                icmp.sendPerSecond(),
                objects.of(DropLogSettings.class).perSecond());
    }

    private static <T extends Record> T byDefault(Class<T> type) {
        return Schema.of(type).parse(Map.of());
    }
}
