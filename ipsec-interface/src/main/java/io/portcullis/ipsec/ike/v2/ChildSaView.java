package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.List;
import java.util.Optional;

/**
 * A pair of IPsec SAs at one instant, for listings.
 *
 * @param phase {@code UP}, {@code REKEYING}, {@code REPLACED}, {@code DELETING} or {@code LINGERING}
 * @param ageSeconds since it was installed
 * @param rekeySeconds until it is rekeyed, negative when that is not planned
 * @param expireSeconds until it expires
 */
public record ChildSaView(
        String tunnel,
        int inboundSpi,
        int outboundSpi,
        EspSuite suite,
        Optional<DhGroup> group,
        boolean extendedSequence,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        SaPair.Path path,
        String phase,
        long ageSeconds,
        long rekeySeconds,
        long expireSeconds,
        Optional<SaUsage> usage) {
    private static final long SECOND = 1_000_000_000L;

    static ChildSaView of(ChildSa child, Optional<SaUsage> usage, long now) {
        return new ChildSaView(
                child.pair.tunnel(),
                child.inboundSpi(),
                child.outboundSpi(),
                child.pair.suite(),
                child.group,
                child.pair.extendedSequence(),
                child.pair.local(),
                child.pair.remote(),
                child.pair.path(),
                child.phase.name(),
                (now - child.since) / SECOND,
                child.rekeyAt == Long.MAX_VALUE ? -1 : (child.rekeyAt - now) / SECOND,
                child.expireAt == Long.MAX_VALUE ? 0 : (child.expireAt - now) / SECOND,
                usage);
    }
}
