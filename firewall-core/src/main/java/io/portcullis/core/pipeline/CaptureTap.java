package io.portcullis.core.pipeline;

import io.portcullis.core.capture.Capture;
import io.portcullis.core.capture.CaptureLane;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** Shows one worker's packets to the capture that runs; costs a branch while none does. */
final class CaptureTap {
    private final PublishedConfiguration published;
    private final int worker;
    private @Nullable CaptureLane lane;
    private long now;

    CaptureTap(PublishedConfiguration published, int worker) {
        this.published = published;
        this.worker = worker;
    }

    /** Begins a burst. */
    void begin(long newNow) {
        now = newNow;
        Capture capture = published.capture();
        lane = capture == null ? null : capture.lane(worker);
    }

    void end() {
        if (lane != null) {
            lane.publish();
        }
    }

    /** @param linkAt offset of the link header */
    void frame(Packet packet, int linkAt) {
        if (lane != null) {
            lane.frame(packet, linkAt, now);
        }
    }

    void passes(Packet packet, NetworkInterface iface, boolean outbound) {
        if (lane != null) {
            lane.passes(packet, iface, outbound, now);
        }
    }

    void died(Packet packet, DropReason why, Admission admission) {
        if (lane != null) {
            lane.died(packet, why, admission.refusedBy(why), now);
        }
    }
}
