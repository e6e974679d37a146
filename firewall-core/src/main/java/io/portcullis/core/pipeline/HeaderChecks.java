package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv4Options;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * What no honest sender sends. Headers that contradict themselves die; about addresses that can not be a host's,
 * options and TCP flags that exclude each other the settings say what is to be done. Owned by one worker.
 */
final class HeaderChecks {
    private final Log log;
    private final TcpChecks tcp;
    private long now;

    /** Hears what is to be logged. */
    @FunctionalInterface
    interface Log {
        void malformed(Packet packet, DropReason why, long now);
    }

    HeaderChecks(Log log) {
        this.log = log;
        tcp = new TcpChecks(this);
    }

    /** Parses the packet whose IP header is at its start, judges what was found, and logs it. */
    DropReason check(Packet packet, PipelineSettings settings, long newNow) {
        now = newNow;
        IpSettings ip = settings.ip();
        DropReason why = Headers.parse(packet);
        if (why != NONE) {
            return dies(packet, why, ip);
        }
        why = packet.ipVersion() == 4 ? checkV4(packet, ip) : checkV6(packet, ip);
        if (why == NONE) {
            why = checkFragment(packet, settings.fragments());
        }
        if (why == NONE && packet.fragmentOffset() == 0) {
            why = checkTransport(packet, settings);
        }
        if (why == NONE && ip.transportChecksum() != Reaction.IGNORE && Headers.verifyTransport(packet) != NONE) {
            why = judge(packet, DropReason.BAD_CHECKSUM, ip.transportChecksum());
        }
        return why;
    }

    /** What a reaction makes of a packet: NONE when it goes on. */
    DropReason judge(Packet packet, DropReason why, Reaction reaction) {
        if (reaction.logs()) {
            log.malformed(packet, why, now);
        }
        return reaction.drops() ? why : NONE;
    }

    private DropReason dies(Packet packet, DropReason why, IpSettings ip) {
        return judge(packet, why, ip.logMalformed() ? Reaction.DROP_LOG : Reaction.DROP);
    }

    private DropReason checkFragment(Packet packet, FragSettings fragments) {
        boolean isShort =
                packet.moreFragments() && packet.payloadEnd() - packet.transportAt() < fragments.minimumLength();
        if (isShort) {
            return judge(packet, DropReason.BAD_FRAGMENT, fragments.shortFragments());
        }
        return isFragmentedIcmp(packet) ? judge(packet, DropReason.BAD_FRAGMENT, fragments.fragmentedIcmp()) : NONE;
    }

    /** Whether the packet was put together, and is ICMP that had no reason to be that long. */
    private static boolean isFragmentedIcmp(Packet packet) {
        if (packet.fragmentLength() == 0) {
            return false;
        }
        int type = packet.destinationPort() >>> 8;
        return switch (packet.protocol()) {
            case IpProtocol.ICMP -> type != Icmp.ECHO_REQUEST && type != Icmp.ECHO_REPLY;
            case IpProtocol.ICMPV6 -> type != Icmpv6.ECHO_REQUEST && type != Icmpv6.ECHO_REPLY;
            default -> false;
        };
    }

    private DropReason checkV4(Packet packet, IpSettings ip) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        DropReason why = NONE;
        if (Ipv4.headerLength(b, at) > Ipv4.HEADER) {
            why = checkOptions(packet, ip);
        }
        if (why == NONE && Ipv4.reservedFlag(b, at)) {
            why = judge(packet, DropReason.RESERVED_BITS, ip.reservedFlag());
        }
        if (why == NONE && Ipv4.ttl(b, at) < ip.minimumTtl()) {
            why = judge(packet, DropReason.TTL_EXPIRED, ip.lowTtl());
        }
        return why == NONE ? checkAddressesV4(packet, Ipv4.source(b, at), Ipv4.destination(b, at), ip) : why;
    }

    /** 0/8, 127/8, groups and the reserved space above them (RFC 6890); a broadcast is a destination only. */
    private DropReason checkAddressesV4(Packet packet, int source, int destination, IpSettings ip) {
        DropReason why = NONE;
        if (source >>> 24 == 0) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.unspecified());
        } else if (source >>> 24 == 127) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.loopback());
        } else if (source >>> 28 >= 0xe) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.groupSource());
        }
        if (why != NONE) {
            return why;
        }
        if (destination >>> 24 == 0) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.unspecified());
        } else if (destination >>> 24 == 127) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.loopback());
        } else if (destination >>> 28 == 0xf && destination != -1) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.reservedDestination());
        }
        return why == NONE && source == destination ? judge(packet, DropReason.LAND, ip.land()) : why;
    }

    private DropReason checkOptions(Packet packet, IpSettings ip) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        if (Ipv4Options.check(b, at) != NONE) {
            return dies(packet, DropReason.BAD_OPTIONS, ip);
        }
        int end = at + Ipv4.headerLength(b, at);
        for (int where = Ipv4Options.first(b, at, end); where < end; where = Ipv4Options.next(b, where, end)) {
            Reaction reaction = switch (Ipv4Options.kind(b, where)) {
                case Ipv4Options.NOP -> Reaction.IGNORE;
                case Ipv4Options.LOOSE_SOURCE_ROUTE, Ipv4Options.STRICT_SOURCE_ROUTE -> ip.sourceRoute();
                case Ipv4Options.TIMESTAMP -> ip.timestamp();
                case Ipv4Options.ROUTER_ALERT -> ip.routerAlert();
                default -> ip.otherOptions();
            };
            DropReason why = judge(packet, DropReason.BAD_OPTIONS, reaction);
            if (why != NONE) {
                return why;
            }
        }
        return NONE;
    }

    private DropReason checkV6(Packet packet, IpSettings ip) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        DropReason why = NONE;
        if (packet.transportAt() - at > Ipv6.HEADER && !Ipv6Extensions.areOrdered(b, at, packet.transportAt())) {
            why = judge(packet, DropReason.EXTENSION_ORDER, ip.extensionOrder());
        }
        if (why == NONE && Ipv6.hopLimit(b, at) < ip.minimumTtl()) {
            why = judge(packet, DropReason.TTL_EXPIRED, ip.lowTtl());
        }
        return why == NONE ? checkAddressesV6(packet, ip) : why;
    }

    private DropReason checkAddressesV6(Packet packet, IpSettings ip) {
        long sourceHigh = packet.sourceHigh();
        long sourceLow = packet.sourceLow();
        DropReason why = NONE;
        if (sourceHigh >>> 56 == 0xff) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.groupSource());
        } else if (sourceHigh == 0 && sourceLow == 1) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.loopback());
        } else if ((sourceHigh | sourceLow) == 0 && !isDiscovery(packet)) {
            // Who looks for a duplicate of his address has none yet (RFC 4862 section 5.4.2).
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.unspecified());
        } else if (isReserved(sourceHigh, sourceLow)) {
            why = judge(packet, DropReason.ILLEGAL_SOURCE, ip.groupSource());
        }
        if (why != NONE) {
            return why;
        }
        long destinationHigh = packet.destinationHigh();
        long destinationLow = packet.destinationLow();
        if ((destinationHigh | destinationLow) == 0) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.unspecified());
        } else if (destinationHigh == 0 && destinationLow == 1) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.loopback());
        } else if (isReserved(destinationHigh, destinationLow)) {
            why = judge(packet, DropReason.ILLEGAL_DESTINATION, ip.reservedDestination());
        }
        boolean same = sourceHigh == destinationHigh && sourceLow == destinationLow;
        return why == NONE && same ? judge(packet, DropReason.LAND, ip.land()) : why;
    }

    /**
     * Whether an IPv6 address lies outside of what IANA's registry of the address space has given a meaning: global
     * (2000::/3), unique local, link-local, groups, those of IPv4 hosts behind a translator (RFC 6052, RFC 8215),
     * segment identifiers (RFC 9602). The unspecified address and the loopback have settings of their own.
     */
    private static boolean isReserved(long high, long low) {
        int first = (int) (high >>> 48);
        boolean hasMeaning = first >>> 13 == 0x2000 >>> 13
                || first >>> 9 == 0xfc00 >>> 9
                || first >>> 6 == 0xfe80 >>> 6
                || first >>> 8 == 0xff
                || high >>> 32 == 0x0064_ff9bL
                || first == 0x5f00
                || (high == 0 && low >>> 1 == 0);
        return !hasMeaning;
    }

    private DropReason checkTransport(Packet packet, PipelineSettings settings) {
        return switch (packet.protocol()) {
            case IpProtocol.TCP ->
                packet.sourcePort() == 0 || packet.destinationPort() == 0
                        ? dies(packet, DropReason.BAD_PORT, settings.ip())
                        : tcp.check(packet, settings.tcp());
            // A source port of 0 means that no answer is expected (RFC 768).
            case IpProtocol.UDP ->
                packet.destinationPort() == 0 ? dies(packet, DropReason.BAD_PORT, settings.ip()) : NONE;
            default -> NONE;
        };
    }

    /** Whether a parsed packet is of neighbour discovery: never routed, whoever it is addressed to. */
    static boolean isDiscovery(Packet packet) {
        return packet.protocol() == IpProtocol.ICMPV6
                && packet.fragmentOffset() == 0
                && Icmpv6.isDiscovery(packet.destinationPort() >>> 8);
    }

    /**
     * Whether a parsed packet is for a group of one link (RFC 5771 section 4, RFC 4291 section 2.7): nobody here joins.
     */
    static boolean isLinkScope(Packet packet) {
        return packet.ipVersion() == 4
                ? (int) packet.destinationLow() >>> 8 == 0xe00000
                : (packet.destinationHigh() & 0xff0f_0000_0000_0000L) == 0xff02L << 48
                        || (packet.destinationHigh() & 0xff0f_0000_0000_0000L) == 0xff01L << 48;
    }
}
