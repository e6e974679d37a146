package io.portcullis.ipsec.ike.proposal;

import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.ArrayList;
import java.util.List;

/** Traffic selectors of one side as a list: narrowing and containment (RFC 7296 section 2.9). */
public final class Selectors {
    /** More selectors than that in one SA are not answered: what would follow is left out, which narrows further. */
    private static final int MOST = 64;

    private Selectors() {}

    /** What both lists allow; empty when they have nothing in common. */
    public static List<TrafficSelector> narrow(List<TrafficSelector> offered, List<TrafficSelector> ours) {
        List<TrafficSelector> common = new ArrayList<>();
        for (TrafficSelector theirs : offered) {
            for (TrafficSelector own : ours) {
                theirs.intersect(own).ifPresent(both -> add(common, both));
            }
        }
        return List.copyOf(common);
    }

    /** Whether each of these lies within one of those. */
    public static boolean within(List<TrafficSelector> inner, List<TrafficSelector> outer) {
        return inner.stream().allMatch(each -> outer.stream().anyMatch(wider -> wider.contains(each)));
    }

    private static void add(List<TrafficSelector> common, TrafficSelector next) {
        if (common.size() < MOST && common.stream().noneMatch(there -> there.contains(next))) {
            common.removeIf(next::contains);
            common.add(next);
        }
    }
}
