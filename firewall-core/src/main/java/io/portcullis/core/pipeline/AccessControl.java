package io.portcullis.core.pipeline;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** Which sources may appear on which interface (cos-facts section 1.3). Immutable; no allocation. */
public interface AccessControl {
    /** No access rules: every packet is left to the reverse route check. */
    AccessControl NONE = (packet, in) -> null;

    /** What the first matching access rule says; null when none matches, and the reverse route decides. */
    @Nullable
    Verdict check(Packet packet, NetworkInterface in);

    /**
     * What an access rule says about a packet.
     *
     * @param rule name of the rule
     * @param accept whether the packet goes on, without reverse route check; else it is dropped
     * @param logs whether to log it
     */
    record Verdict(String rule, boolean accept, boolean logs) {
        /** What the failed reverse route check is called in logs. */
        public static final Verdict DEFAULT = new Verdict("Default_Access_Rule", false, true);
    }
}
