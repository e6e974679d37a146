package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.tunnel.TunnelDefinition.NatTraversal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;

/** Finding NATs on the way: hashes of addresses and ports, compared at the other end (RFC 7296 section 2.23). */
final class NatDetection {
    private static final int SHA1_OCTETS = 20;

    private NatDetection() {}

    /**
     * Where there is a NAT.
     *
     * @param here in front of us
     * @param there in front of the peer
     */
    record Found(boolean here, boolean there) {
        static final Found NONE = new Found(false, false);

        boolean any() {
            return here || there;
        }
    }

    /** What we say about a message on this path. With ON we pretend a NAT, so that the peer encapsulates, too. */
    static List<NotifyPayload> payloads(long spiI, long spiR, Endpoints path, NatTraversal mode, SecureRandom random) {
        if (mode == NatTraversal.OFF) {
            return List.of();
        }
        byte[] source = hash(spiI, spiR, path.local(), path.localPort());
        if (mode == NatTraversal.ON) {
            source = new byte[SHA1_OCTETS];
            random.nextBytes(source);
        }
        byte[] destination = hash(spiI, spiR, path.remote(), path.remotePort());
        return List.of(
                new NotifyPayload(NotifyType.NAT_DETECTION_SOURCE_IP.id(), Octets.of(source)),
                new NotifyPayload(NotifyType.NAT_DETECTION_DESTINATION_IP.id(), Octets.of(destination)));
    }

    /** What a message that came on this path says. The peer may send a source hash for each of its addresses. */
    static Found judge(Message message, Endpoints path, NatTraversal mode) {
        List<NotifyPayload> sources = of(message, NotifyType.NAT_DETECTION_SOURCE_IP);
        List<NotifyPayload> destinations = of(message, NotifyType.NAT_DETECTION_DESTINATION_IP);
        if (mode == NatTraversal.OFF || sources.isEmpty() || destinations.isEmpty()) {
            return Found.NONE;
        }
        long spiI = message.header().initiatorSpi();
        long spiR = message.header().responderSpi();
        Octets remote = Octets.of(hash(spiI, spiR, path.remote(), path.remotePort()));
        Octets local = Octets.of(hash(spiI, spiR, path.local(), path.localPort()));
        boolean there = sources.stream().noneMatch(notify -> notify.data().equals(remote));
        boolean here = destinations.stream().noneMatch(notify -> notify.data().equals(local));
        return new Found(here || mode == NatTraversal.ON, there);
    }

    private static List<NotifyPayload> of(Message message, NotifyType type) {
        return message.all(NotifyPayload.class).stream()
                .filter(notify -> notify.type() == type.id())
                .toList();
    }

    private static byte[] hash(long spiI, long spiR, IpAddress address, int port) {
        byte[] octets = address.octets();
        ByteBuffer data = ByteBuffer.allocate(18 + octets.length);
        data.putLong(spiI).putLong(spiR).put(octets).putShort((short) port);
        try {
            return MessageDigest.getInstance("SHA-1").digest(data.array());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java runtime lacks SHA-1", missing);
        }
    }
}
