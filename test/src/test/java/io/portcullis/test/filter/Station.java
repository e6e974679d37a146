package io.portcullis.test.filter;

import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;

/** The far end of a wire: every host there. It answers ARP and neighbour discovery for any address. One thread's. */
final class Station {
    private static final int NEIGHBOUR_HOPS = 255;

    private final Port port;
    private final long firewall;
    private final PacketPool pool = new PacketPool(2 * PacketBurst.CAPACITY);
    private final PacketBurst burst = new PacketBurst();

    /** @param firewall station address of the firewall's end */
    Station(Port port, long firewall) {
        this.port = port;
        this.firewall = firewall;
    }

    /** Sends these, however long the firewall lets it wait. */
    void send(List<Datagram> datagrams) {
        for (Datagram datagram : datagrams) {
            send(datagram.octets(), typeOf(datagram));
        }
    }

    private static int typeOf(Datagram datagram) {
        return datagram.isV4() ? EtherType.IPV4 : EtherType.IPV6;
    }

    private void send(byte[] payload, int type) {
        while (!offer(payload, type)) {
            // The firewall is behind by a whole ring.
            Thread.onSpinWait();
        }
    }

    /** Sends one unless the wire is full, as it is while nobody reads it. */
    void offer(Datagram datagram) {
        boolean _ = offer(datagram.octets(), typeOf(datagram));
    }

    private boolean offer(byte[] payload, int type) {
        Packet packet = pool.take();
        if (packet == null) {
            throw new AssertionError("the station keeps its packets");
        }
        int at = packet.append(Ethernet.HEADER + payload.length);
        Ethernet.write(packet.buffer(), at, firewall, port.mac().bits(), type);
        MemorySegment.copy(payload, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at + Ethernet.HEADER, payload.length);
        PacketBurst one = new PacketBurst();
        one.add(packet);
        int taken = port.send(one);
        pool.give(packet);
        return taken == 1;
    }

    /** Takes what has come, answers questions about neighbours, hands over the rest. */
    void poll(Consumer<Datagram> arrived) {
        burst.clear();
        port.receive(burst, pool);
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            int at = packet.start();
            byte[] payload = packet.buffer()
                    .asSlice(at + (long) Ethernet.HEADER, packet.length() - Ethernet.HEADER)
                    .toArray(ValueLayout.JAVA_BYTE);
            int type = Ethernet.type(packet.buffer(), at);
            pool.give(packet);
            if (type == EtherType.ARP) {
                answerArp(MemorySegment.ofArray(payload));
            } else if (type == EtherType.IPV6 && isDiscovery(payload)) {
                answerDiscovery(MemorySegment.ofArray(payload));
            } else {
                arrived.accept(Datagram.of(payload));
            }
        }
    }

    private void answerArp(MemorySegment b) {
        boolean announces = Arp.senderIp(b, 0) == Arp.targetIp(b, 0);
        if (Arp.operation(b, 0) == Arp.REQUEST && !announces) {
            byte[] answer = new byte[Arp.LENGTH];
            Arp.write(
                    MemorySegment.ofArray(answer),
                    0,
                    Arp.REPLY,
                    port.mac().bits(),
                    Arp.targetIp(b, 0),
                    Arp.senderMac(b, 0),
                    Arp.senderIp(b, 0));
            send(answer, EtherType.ARP);
        }
    }

    private static boolean isDiscovery(byte[] payload) {
        return payload[6] == IpProtocol.ICMPV6 && Icmpv6.isDiscovery(payload[Ipv6.HEADER] & 0xff);
    }

    private void answerDiscovery(MemorySegment b) {
        int asked = Ipv6.HEADER;
        boolean unspecified = (Ipv6.sourceHigh(b, 0) | Ipv6.sourceLow(b, 0)) == 0;
        if (Icmpv6.type(b, asked) != Icmpv6.NEIGHBOUR_SOLICITATION || unspecified) {
            return;
        }
        long targetHigh = Icmpv6.targetHigh(b, asked);
        long targetLow = Icmpv6.targetLow(b, asked);
        int length = Icmpv6.NEIGHBOUR + Icmpv6.LINK_OPTION;
        byte[] all = new byte[Ipv6.HEADER + length];
        MemorySegment answer = MemorySegment.ofArray(all);
        Ipv6.write(
                answer,
                0,
                0,
                0,
                length,
                IpProtocol.ICMPV6,
                NEIGHBOUR_HOPS,
                targetHigh,
                targetLow,
                Ipv6.sourceHigh(b, 0),
                Ipv6.sourceLow(b, 0));
        int flags = Icmpv6.SOLICITED | Icmpv6.OVERRIDE;
        Icmpv6.writeNeighbour(answer, asked, Icmpv6.NEIGHBOUR_ADVERTISEMENT, flags, targetHigh, targetLow);
        Icmpv6.writeLinkOption(
                answer,
                asked + Icmpv6.NEIGHBOUR,
                Icmpv6.OPTION_TARGET_LINK,
                port.mac().bits());
        Icmpv6.computeChecksum(answer, asked, all.length, Ipv6.pseudoHeader(answer, 0, IpProtocol.ICMPV6, length));
        send(all, EtherType.IPV6);
    }
}
