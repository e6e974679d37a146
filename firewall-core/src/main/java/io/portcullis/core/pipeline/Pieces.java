package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Fragmenter;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6Fragmenter;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import org.jspecify.annotations.Nullable;

/**
 * Sends a packet that is longer than its way out allows in pieces: a super-packet as its segments, an IP packet as
 * fragments. IPv6 routers do not fragment, but what they put together to look at it they take apart again.
 */
final class Pieces {
    private Pieces() {}

    /** Whether the packet may leave in pieces of this MTU. */
    static boolean mayCut(Packet packet, int mtu) {
        return packet.ipVersion() == 4
                ? !Ipv4.dontFragment(packet.buffer(), packet.networkAt())
                : packet.fragmentLength() > 0 && packet.fragmentLength() <= mtu;
    }

    /** Makes the packet as long as the first of its fragments. */
    static void keepFirst(Packet packet, int mtu) {
        int header = packet.transportAt() - packet.networkAt();
        int octets = mtu - header & ~7;
        packet.network(
                packet.ipVersion(),
                packet.networkAt(),
                packet.transportAt(),
                packet.transportAt() + octets,
                packet.protocol());
        packet.bounds(packet.networkAt(), packet.payloadEnd());
    }

    /** As {@link NetworkInterface#send}; pieces that can not be sent are dropped here, the rest is sent. */
    static DropReason send(
            Packet packet, NetworkInterface out, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        int mtu = out.mtu();
        if (!mayCut(packet, mtu)) {
            return DropReason.TOO_BIG;
        }
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        return packet.gso() == Packet.Gso.NONE
                ? fragments(packet, mtu, out, gateway, worker, now)
                : segments(packet, mtu, out, gateway, worker, now);
    }

    private static DropReason segments(
            Packet packet, int mtu, NetworkInterface out, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        int count = Segmenter.count(packet);
        if (count == 0) {
            return DropReason.BAD_LENGTH;
        }
        for (int i = 0; i < count; i++) {
            Packet segment = worker.pool().take();
            if (segment == null) {
                return DropReason.NO_BUFFER;
            }
            Segmenter.cut(packet, i, segment);
            boolean fits = segment.length() <= mtu;
            DropReason why =
                    fits ? out.send(segment, gateway, worker, now) : fragments(segment, mtu, out, gateway, worker, now);
            if (why != NONE) {
                worker.drop(segment, why);
            }
        }
        worker.pool().give(packet);
        return NONE;
    }

    private static DropReason fragments(
            Packet packet, int mtu, NetworkInterface out, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        boolean v4 = packet.ipVersion() == 4;
        DropReason why = v4 ? Fragmenter.prepare(packet, mtu) : Ipv6Fragmenter.prepare(packet, mtu);
        if (why != NONE) {
            return why;
        }
        int octets = v4 ? Fragmenter.octets(packet) : Ipv6Fragmenter.octets(packet);
        for (int done = 0; done < octets; ) {
            Packet fragment = worker.pool().take();
            if (fragment == null) {
                return DropReason.NO_BUFFER;
            }
            done = v4
                    ? Fragmenter.cut(packet, mtu, done, fragment)
                    : Ipv6Fragmenter.cut(packet, mtu, done, packet.fragmentIdentification(), fragment);
            why = out.send(fragment, gateway, worker, now);
            if (why != NONE) {
                worker.drop(fragment, why);
            }
        }
        worker.pool().give(packet);
        return NONE;
    }
}
