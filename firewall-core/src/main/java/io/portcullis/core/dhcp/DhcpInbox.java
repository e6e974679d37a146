package io.portcullis.core.dhcp;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Where workers leave what servers say to the client of an interface: the only packets that pass the rules because
 * there is a client. What answers nothing that was asked goes no further than here.
 */
public final class DhcpInbox {
    /** UDP port of servers. */
    static final int SERVER_PORT = 67;
    /** UDP port of clients. */
    static final int CLIENT_PORT = 68;

    private static final int MOST_WAITING = 16;
    private static final int EVERYBODY = -1;

    private final MacAddress station;
    private final Runnable wake;
    private final Queue<Heard> heard = new MpscAtomicArrayQueue<>(MOST_WAITING);
    private volatile int transaction;

    /** A datagram, and the link address that it came from. */
    static final class Heard {
        private final byte[] octets;
        private final long station;

        private Heard(byte[] octets, long station) {
            this.octets = octets;
            this.station = station;
        }

        byte[] octets() {
            return octets;
        }

        long station() {
            return station;
        }
    }

    /**
     * @param station own link address, by which replies are known
     * @param wake has the client look; any thread
     */
    DhcpInbox(MacAddress station, Runnable wake) {
        this.station = station;
        this.wake = wake;
    }

    /** Takes replies to this transaction only. */
    void listen(int newTransaction) {
        transaction = newTransaction;
    }

    /**
     * Whether a parsed packet of the interface goes to its client, and so to no rule: from a server's port to a
     * client's, for everybody, for the address that the reply itself is about, or for the interface's own.
     *
     * @param ownLow lower half of the interface's IPv4 address, 0 when it has none
     */
    public boolean claims(Packet packet, long ownLow) {
        if (packet.protocol() != IpProtocol.UDP
                || packet.destinationPort() != CLIENT_PORT
                || packet.sourcePort() != SERVER_PORT
                || packet.ipVersion() != 4
                || packet.isFragment()
                || packet.gso() != Packet.Gso.NONE) {
            return false;
        }
        int destination = (int) packet.destinationLow();
        return destination == EVERYBODY
                || packet.destinationLow() == ownLow
                || (isReply(packet) && DhcpCodec.yours(packet.buffer(), payloadAt(packet)) == destination);
    }

    /** NONE when what {@link #claims} said yes to answers what the client asks now. */
    public DropReason judge(Packet packet) {
        return isReply(packet) ? Headers.verifyTransport(packet) : DropReason.DHCP_REFUSED;
    }

    /** Takes a copy of what {@link #claims} said yes to; with NONE it was taken. The packet stays the caller's. */
    public DropReason take(Packet packet) {
        DropReason why = judge(packet);
        if (why != DropReason.NONE) {
            return why;
        }
        byte[] octets = packet.buffer()
                .asSlice(payloadAt(packet), payloadLength(packet))
                .toArray(ValueLayout.JAVA_BYTE);
        if (!heard.offer(new Heard(octets, packet.linkSource()))) {
            return DropReason.DHCP_REFUSED;
        }
        wake.run();
        return DropReason.NONE;
    }

    /** What came next, for the client; null when there is nothing. */
    @Nullable
    Heard poll() {
        return heard.poll();
    }

    private boolean isReply(Packet packet) {
        int length = payloadLength(packet);
        return length <= DhcpCodec.LONGEST
                && DhcpCodec.isReply(packet.buffer(), payloadAt(packet), length, transaction, station);
    }

    private static int payloadAt(Packet packet) {
        return packet.transportAt() + Udp.HEADER;
    }

    private static int payloadLength(Packet packet) {
        return Udp.length(packet.buffer(), packet.transportAt()) - Udp.HEADER;
    }
}
