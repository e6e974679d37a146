package io.portcullis.core.pipeline;

/**
 * What the pipeline leaves to the operator.
 *
 * @param minimumTtl packets with a smaller TTL or hop limit are dropped on arrival; 1 lets all through that can be
 *     forwarded or delivered
 * @param ipsecBeforeRules IKE and ESP for an own address need an access verdict, but no policy
 * @param allowIpOptions whether IPv4 packets with options pass; source routes never do
 * @param tellUnreachable whether senders are told that there is no route or no service
 * @param logMalformed whether packets that fail the header checks are logged
 * @param icmpErrorsPerSecond ICMP errors and resets of our own, at most
 * @param dropEventsPerSecond log events of dropped packets of each type, at most
 */
public record PipelineSettings(
        int minimumTtl,
        boolean ipsecBeforeRules,
        boolean allowIpOptions,
        boolean tellUnreachable,
        boolean logMalformed,
        int icmpErrorsPerSecond,
        int dropEventsPerSecond) {
    public static final PipelineSettings DEFAULT = new PipelineSettings(1, true, false, true, true, 500, 50);

    /** The same with IKE and ESP for own addresses before or behind the policies. */
    public PipelineSettings withIpsecBeforeRules(boolean before) {
        return new PipelineSettings(
                minimumTtl,
                before,
                allowIpOptions,
                tellUnreachable,
                logMalformed,
                icmpErrorsPerSecond,
                dropEventsPerSecond);
    }
}
