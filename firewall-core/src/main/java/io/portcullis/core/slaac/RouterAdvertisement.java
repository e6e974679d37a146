package io.portcullis.core.slaac;

import static io.portcullis.core.packet.Octets.u32;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmpv6;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a router says of its link (RFC 4861 section 4.2): what of it is used here.
 *
 * @param router who says it
 * @param routerSeconds for how long it is a default router, 0 for not
 * @param mtu as it says, unsigned
 * @param prefixes in its order
 */
record RouterAdvertisement(IpAddress router, int routerSeconds, Optional<Long> mtu, List<Prefix> prefixes) {
    private static final int FLAGS = 3;
    private static final int VALID = 4;
    private static final int PREFERRED = 8;
    private static final int ON_LINK = 0x80;
    private static final int AUTONOMOUS = 0x40;
    private static final int MTU = 4;
    private static final int MTU_OPTION = 8;

    /**
     * A prefix (RFC 4861 section 4.6.2).
     *
     * @param onLink whether its hosts are neighbours
     * @param autonomous whether hosts make addresses of it
     * @param validSeconds unsigned; all ones for ever
     */
    record Prefix(IpNetwork network, boolean onLink, boolean autonomous, long validSeconds, long preferredSeconds) {}

    /** Reads a message whose headers were checked; empty when it is none after all. */
    static Optional<RouterAdvertisement> read(byte[] message, IpAddress router) {
        MemorySegment b = MemorySegment.ofArray(message);
        int end = message.length;
        if (Icmpv6.check(b, 0, end) != DropReason.NONE || Icmpv6.type(b, 0) != Icmpv6.ROUTER_ADVERTISEMENT) {
            return Optional.empty();
        }
        Optional<Long> mtu = Optional.empty();
        List<Prefix> prefixes = new ArrayList<>();
        for (int at = Icmpv6.ADVERTISEMENT; at < end; at += Icmpv6.optionLength(b, at)) {
            int kind = u8(b, at);
            if (kind == Icmpv6.OPTION_MTU && Icmpv6.optionLength(b, at) == MTU_OPTION) {
                mtu = Optional.of(u32(b, at + MTU));
            } else if (kind == Icmpv6.OPTION_PREFIX && Icmpv6.prefixLength(b, at) >= 0) {
                IpAddress address = new IpAddress(Icmpv6.prefixHigh(b, at), Icmpv6.prefixLow(b, at));
                if (!address.isV4()) {
                    prefixes.add(new Prefix(
                            IpNetwork.around(address, Icmpv6.prefixLength(b, at)),
                            (u8(b, at + FLAGS) & ON_LINK) != 0,
                            (u8(b, at + FLAGS) & AUTONOMOUS) != 0,
                            u32(b, at + VALID),
                            u32(b, at + PREFERRED)));
                }
            }
        }
        return Optional.of(new RouterAdvertisement(router, Icmpv6.routerLifetime(b, 0), mtu, prefixes));
    }
}
