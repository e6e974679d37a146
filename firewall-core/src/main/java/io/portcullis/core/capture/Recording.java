package io.portcullis.core.capture;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes packets from a capture, and writes those that are wanted as pcapng until there are enough. For one thread. */
public final class Recording implements AutoCloseable {
    private final Capture capture;
    private final CaptureFilter filter;
    private final OutputStream out;
    private final PcapngWriter writer;
    private final long mostPackets;
    private final long mostOctets;
    private final Packet parsed = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
    private long packets;

    /**
     * @param out gets the file; closed with this
     * @param application that is named in the file
     * @param snaplen of the capture
     * @param mostPackets after which no more are written
     * @param mostOctets the same, of the file
     */
    public Recording(
            Capture capture,
            CaptureFilter filter,
            OutputStream out,
            String application,
            int snaplen,
            long mostPackets,
            long mostOctets)
            throws IOException {
        this.capture = capture;
        this.filter = filter;
        this.out = out;
        this.mostPackets = mostPackets;
        this.mostOctets = mostOctets;
        writer = new PcapngWriter(out, application, snaplen);
    }

    /**
     * Writes what waits.
     *
     * @return whether more may come; with false nothing more is written
     * @throws IOException when the file can not be written
     */
    public boolean drain() throws IOException {
        CaptureLane lane = capture.next();
        while (lane != null && hasRoom()) {
            CapturedPacket packet = lane.peek();
            if (packet != null && isWanted(packet, lane.octets())) {
                writer.packet(packet, capture.wallTime(packet.time()), lane.octets());
                packets++;
            }
            lane.take();
            lane = capture.next();
        }
        return hasRoom();
    }

    private boolean hasRoom() {
        return packets < mostPackets && writer.written() < mostOctets;
    }

    /** Packets in the file. */
    public long packets() {
        return packets;
    }

    private boolean isWanted(CapturedPacket packet, byte[] octets) {
        if (filter.equals(CaptureFilter.ALL)) {
            return true;
        }
        parsed.reset();
        int at = parsed.start();
        MemorySegment b = parsed.buffer();
        MemorySegment.copy(octets, packet.at(), b, ValueLayout.JAVA_BYTE, at, packet.kept());
        int header = 0;
        if (packet.hasLink()) {
            if (Ethernet.check(b, at, at + packet.kept()) != DropReason.NONE
                    || (Ethernet.type(b, at) != EtherType.IPV4 && Ethernet.type(b, at) != EtherType.IPV6)) {
                return false;
            }
            header = Ethernet.headerLength(b, at);
        }
        parsed.bounds(at + header, at + Math.max(header, packet.length()));
        return Headers.parse(parsed) == DropReason.NONE && filter.takes(parsed);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
