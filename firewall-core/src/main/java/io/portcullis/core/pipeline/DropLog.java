package io.portcullis.core.pipeline;

import io.portcullis.core.event.EventLimit;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which packets died: a few of each kind each second, the rest as a number. Only what is said costs anything.
 * Owned by one worker.
 */
final class DropLog {
    private static final int DEFECTS_PER_SECOND = 1;

    private final EventLimit ruleset;
    private final EventLimit malformed;
    private final EventLimit noRoute;
    private final EventLimit defect;

    DropLog(int perSecond, EventSink events) {
        ruleset = new EventLimit(PipelineEvents.RULESET_DROP, perSecond, events);
        malformed = new EventLimit(PipelineEvents.MALFORMED, perSecond, events);
        noRoute = new EventLimit(PipelineEvents.NO_ROUTE, perSecond, events);
        defect = new EventLimit(PipelineEvents.DEFECT, DEFECTS_PER_SECOND, events);
    }

    /** An access rule or policy refused a parsed packet. */
    void refused(Packet packet, String rule, long now) {
        if (ruleset.admits(now)) {
            ruleset.emit(
                    "drop",
                    rule,
                    ingress(packet),
                    source(packet),
                    destination(packet),
                    IpProtocol.name(packet.protocol()),
                    packet.sourcePort(),
                    packet.destinationPort());
        }
    }

    /** The header checks refused a packet. */
    void malformed(Packet packet, DropReason why, long now) {
        if (malformed.admits(now)) {
            malformed.emit(
                    "drop",
                    why.label(),
                    ingress(packet),
                    source(packet),
                    destination(packet),
                    IpProtocol.name(packet.protocol()));
        }
    }

    void noRoute(Packet packet, long now) {
        if (noRoute.admits(now)) {
            noRoute.emit(
                    "drop", ingress(packet), source(packet), destination(packet), IpProtocol.name(packet.protocol()));
        }
    }

    /** Something threw: what, and where. */
    void defect(@Nullable NetworkInterface in, RuntimeException thrown, long now) {
        if (defect.admits(now)) {
            StackTraceElement[] trace = thrown.getStackTrace();
            StringBuilder where = new StringBuilder();
            for (int i = 0; i < Math.min(4, trace.length); i++) {
                String file = trace[i].getFileName();
                where.append(i == 0 ? "" : " < ")
                        .append(String.format(
                                Locale.ROOT, "%s:%d", file == null ? "?" : file, trace[i].getLineNumber()));
            }
            defect.emit("drop", in == null ? "" : in.name(), String.valueOf(thrown), where);
        }
    }

    /** Says what was swallowed, when its second is over. */
    void tick(long now) {
        ruleset.tick(now);
        malformed.tick(now);
        noRoute.tick(now);
        defect.tick(now);
    }

    private static String ingress(Packet packet) {
        NetworkInterface in = packet.ingress();
        return in == null ? "" : in.name();
    }

    private static Object source(Packet packet) {
        return packet.ipVersion() == 0 ? "" : new IpAddress(packet.sourceHigh(), packet.sourceLow());
    }

    private static Object destination(Packet packet) {
        return packet.ipVersion() == 0 ? "" : new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }
}
