package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;

/** Flags and options of TCP headers (RFC 9293 section 3.1). Owned by one worker. */
final class TcpChecks {
    private static final int PURPOSE = Tcp.FIN | Tcp.SYN | Tcp.RST | Tcp.ACK;

    private final HeaderChecks checks;

    TcpChecks(HeaderChecks checks) {
        this.checks = checks;
    }

    DropReason check(Packet packet, TcpSettings settings) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int flags = Tcp.flags(b, at);
        DropReason why = purpose(packet, flags, settings);
        if (why == NONE && (flags & Tcp.URG) != 0) {
            why = checks.judge(packet, DropReason.BAD_FLAGS, urgent(flags, settings));
        }
        if (why == NONE && (flags & Tcp.SYN) != 0 && (flags & Tcp.PSH) != 0) {
            why = checks.judge(packet, DropReason.BAD_FLAGS, settings.synPsh());
        }
        if (why == NONE && Tcp.reservedBits(b, at) != 0) {
            why = checks.judge(packet, DropReason.RESERVED_BITS, settings.reservedBits());
        }
        if (why == NONE && !Tcp.optionsFit(b, at)) {
            why = checks.judge(packet, DropReason.BAD_OPTIONS, settings.malformedOptions());
        }
        return why;
    }

    /** Opening, resetting and closing exclude each other; all but the opener and some resets acknowledge. */
    private DropReason purpose(Packet packet, int flags, TcpSettings settings) {
        Reaction reaction = switch (flags & PURPOSE) {
            case Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.RST, Tcp.RST | Tcp.ACK, Tcp.FIN | Tcp.ACK -> Reaction.IGNORE;
            case 0, Tcp.FIN -> settings.noPurpose();
            case Tcp.FIN | Tcp.RST, Tcp.FIN | Tcp.RST | Tcp.ACK -> settings.finRst();
            case Tcp.SYN | Tcp.RST, Tcp.SYN | Tcp.RST | Tcp.ACK -> settings.synRst();
            default -> settings.synFin();
        };
        return checks.judge(packet, DropReason.BAD_FLAGS, reaction);
    }

    private static Reaction urgent(int flags, TcpSettings settings) {
        if ((flags & Tcp.SYN) != 0) {
            return settings.synUrg();
        }
        return (flags & Tcp.FIN) != 0 ? settings.finUrg() : settings.urg();
    }
}
