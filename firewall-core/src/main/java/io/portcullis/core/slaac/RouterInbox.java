package io.portcullis.core.slaac;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/** Where workers leave what routers say on the link of an interface that listens to them. */
public final class RouterInbox {
    private static final int MOST_WAITING = 16;
    private static final int LONGEST = 1500;

    private final Runnable wake;
    private final Queue<Heard> heard = new MpscAtomicArrayQueue<>(MOST_WAITING);

    /** An ICMPv6 message and who sent it. */
    static final class Heard {
        private final byte[] message;
        private final IpAddress router;

        private Heard(byte[] message, IpAddress router) {
            this.message = message;
            this.router = router;
        }

        byte[] message() {
            return message;
        }

        IpAddress router() {
            return router;
        }
    }

    /** @param wake has somebody look; any thread */
    RouterInbox(Runnable wake) {
        this.wake = wake;
    }

    /**
     * Takes a copy of a router advertisement that came with hop limit 255 and a right checksum. The packet stays the
     * caller's.
     *
     * @return NONE when it was taken; else why not: no router sends it, or too many wait
     */
    public DropReason take(Packet packet) {
        int length = packet.payloadEnd() - packet.transportAt();
        if (!IpAddress.isLinkLocal(packet.sourceHigh(), packet.sourceLow()) || length > LONGEST) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        byte[] message = packet.buffer().asSlice(packet.transportAt(), length).toArray(ValueLayout.JAVA_BYTE);
        if (!heard.offer(new Heard(message, new IpAddress(packet.sourceHigh(), packet.sourceLow())))) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        wake.run();
        return DropReason.NONE;
    }

    @Nullable
    Heard poll() {
        return heard.poll();
    }
}
