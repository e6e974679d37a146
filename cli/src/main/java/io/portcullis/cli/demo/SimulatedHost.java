package io.portcullis.cli.demo;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.port.Port;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host just real enough to show a firewall at work: ARP, echo, and one TCP transfer in each role. IPv4, one gateway.
 * Everything happens in {@link #poll}; not thread-safe.
 */
final class SimulatedHost {
    private static final long ARP_RETRY_NANOS = 200_000_000L;
    private static final int TTL = 64;

    private final Port port;
    private final IpAddress address;
    private final IpAddress gateway;
    private final PacketPool pool = new PacketPool(PacketBurst.CAPACITY + 8);
    private final PacketBurst burst = new PacketBurst();
    private final PacketBurst out = new PacketBurst();
    private final List<EchoReply> replies = new ArrayList<>();
    private final List<SimulatedTransfer> transfers = new ArrayList<>();
    private long gatewayMac;
    private long askedAt;
    private boolean asked;
    private int identification;

    /**
     * An answer to {@link #ping}.
     *
     * @param ttl hops left in the answer
     */
    record EchoReply(int sequence, IpAddress from, int ttl) {}

    SimulatedHost(Port port, IpAddress address, IpAddress gateway) {
        this.port = port;
        this.address = address;
        this.gateway = gateway;
    }

    IpAddress address() {
        return address;
    }

    List<EchoReply> replies() {
        return replies;
    }

    void add(SimulatedTransfer transfer) {
        transfers.add(transfer);
    }

    /**
     * Receives what has come, answers it, and lets the transfers send.
     *
     * @param now monotonic nanoseconds
     */
    void poll(long now) {
        burst.clear();
        port.receive(burst, pool);
        for (int i = 0; i < burst.size(); i++) {
            receive(burst.get(i), now);
            pool.give(burst.get(i));
        }
        for (SimulatedTransfer transfer : transfers) {
            transfer.poll(this, now);
        }
        flush();
    }

    private void receive(Packet packet, long now) {
        MemorySegment b = packet.buffer();
        if (Ethernet.check(b, packet.start(), packet.end()) != DropReason.NONE) {
            return;
        }
        int type = Ethernet.type(b, packet.start());
        long from = Ethernet.source(b, packet.start());
        packet.pull(Ethernet.headerLength(b, packet.start()));
        if (type == EtherType.ARP) {
            receiveArp(b, packet.start(), packet.end());
        } else if (type == EtherType.IPV4
                && Headers.parse(packet) == DropReason.NONE
                && packet.destinationLow() == address.low()) {
            receiveIp(packet, from, now);
        }
    }

    private void receiveArp(MemorySegment b, int at, int end) {
        if (Arp.check(b, at, end) != DropReason.NONE) {
            return;
        }
        if (Arp.senderIp(b, at) == gateway.v4Bits()) {
            gatewayMac = Arp.senderMac(b, at);
        }
        if (Arp.operation(b, at) == Arp.REQUEST && Arp.targetIp(b, at) == address.v4Bits()) {
            sendArp(Arp.REPLY, Arp.senderMac(b, at), Arp.senderIp(b, at));
        }
    }

    private void receiveIp(Packet packet, long from, long now) {
        gatewayMac = from;
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if (Headers.verifyTransport(packet) != DropReason.NONE) {
            return;
        }
        if (packet.protocol() == IpProtocol.TCP) {
            for (SimulatedTransfer transfer : transfers) {
                transfer.receive(packet, this, now);
            }
        } else if (packet.protocol() == IpProtocol.ICMP && Icmp.type(b, at) == Icmp.ECHO_REPLY) {
            IpAddress sender = new IpAddress(packet.sourceHigh(), packet.sourceLow());
            replies.add(new EchoReply(Icmp.sequence(b, at), sender, Ipv4.ttl(b, packet.networkAt())));
        } else if (packet.protocol() == IpProtocol.ICMP && Icmp.type(b, at) == Icmp.ECHO_REQUEST) {
            answerEcho(packet, now);
        }
    }

    private void answerEcho(Packet request, long now) {
        int length = request.payloadEnd() - request.transportAt();
        Packet reply = packet((int) request.sourceLow(), IpProtocol.ICMP, length, now);
        if (reply != null) {
            int at = reply.end() - length;
            MemorySegment.copy(request.buffer(), request.transportAt(), reply.buffer(), at, length);
            Icmp.type(reply.buffer(), at, Icmp.ECHO_REPLY);
            Icmp.computeChecksum(reply.buffer(), at, reply.end());
            send(reply);
        }
    }

    /** Sends an echo request; answers are in {@link #replies}. Before the gateway is known nothing leaves. */
    void ping(IpAddress destination, int sequence, int payload, long now) {
        int length = Icmp.HEADER + payload;
        Packet request = packet(destination.v4Bits(), IpProtocol.ICMP, length, now);
        if (request != null) {
            int at = request.end() - length;
            Icmp.write(request.buffer(), at, Icmp.ECHO_REQUEST, 0, 0x504f_0000 | sequence);
            request.buffer().asSlice(at + Icmp.HEADER, payload).fill((byte) 0x5a);
            Icmp.computeChecksum(request.buffer(), at, request.end());
            send(request);
        }
        flush();
    }

    /** Sends a TCP segment. With SYN it announces this MSS. */
    void segment(
            IpAddress to,
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgement,
            int flags,
            int mss,
            MemorySegment data,
            long now) {
        int options = (flags & Tcp.SYN) != 0 ? 4 : 0;
        int length = Tcp.HEADER + options + (int) data.byteSize();
        Packet packet = packet(to.v4Bits(), IpProtocol.TCP, length, now);
        if (packet == null) {
            return;
        }
        MemorySegment b = packet.buffer();
        int at = packet.end() - length;
        Tcp.write(b, at, sourcePort, destinationPort, sequence, acknowledgement, flags, 65_535);
        Tcp.headerLength(b, at, Tcp.HEADER + options);
        if (options > 0) {
            b.set(ValueLayout.JAVA_BYTE, at + Tcp.HEADER, (byte) Tcp.OPTION_MSS);
            b.set(ValueLayout.JAVA_BYTE, at + Tcp.HEADER + 1L, (byte) 4);
            b.set(ValueLayout.JAVA_BYTE, at + Tcp.HEADER + 2L, (byte) (mss >>> 8));
            b.set(ValueLayout.JAVA_BYTE, at + Tcp.HEADER + 3L, (byte) mss);
        }
        MemorySegment.copy(data, 0, b, at + Tcp.HEADER + (long) options, data.byteSize());
        Tcp.computeChecksum(b, at, packet.end(), Ipv4.pseudoHeader(b, packet.networkAt(), IpProtocol.TCP, length));
        send(packet);
    }

    /** A frame to the gateway with its IP header written, or null while the gateway's address is being asked for. */
    private @Nullable Packet packet(int destination, int protocol, int payload, long now) {
        if (gatewayMac == 0) {
            if (!asked || now - askedAt > ARP_RETRY_NANOS) {
                asked = true;
                askedAt = now;
                sendArp(Arp.REQUEST, 0, gateway.v4Bits());
            }
            return null;
        }
        Packet packet = pool.take();
        if (packet == null) {
            return null;
        }
        int ethernet = packet.append(Ethernet.HEADER);
        Ethernet.write(packet.buffer(), ethernet, gatewayMac, port.mac().bits(), EtherType.IPV4);
        int ip = packet.append(Ipv4.HEADER + payload);
        Ipv4.write(
                packet.buffer(),
                ip,
                0,
                Ipv4.HEADER + payload,
                identification++ & 0xffff,
                true,
                TTL,
                protocol,
                address.v4Bits(),
                destination);
        packet.network(4, ip, ip + Ipv4.HEADER, packet.end(), protocol);
        return packet;
    }

    private void sendArp(int operation, long targetMac, int targetIp) {
        Packet packet = pool.take();
        if (packet == null) {
            return;
        }
        int ethernet = packet.append(Ethernet.HEADER);
        long to = operation == Arp.REQUEST ? Ethernet.BROADCAST : targetMac;
        Ethernet.write(packet.buffer(), ethernet, to, port.mac().bits(), EtherType.ARP);
        int arp = packet.append(Arp.LENGTH);
        Arp.write(packet.buffer(), arp, operation, port.mac().bits(), address.v4Bits(), targetMac, targetIp);
        send(packet);
    }

    private void send(Packet packet) {
        out.add(packet);
        if (out.isFull()) {
            flush();
        }
    }

    private void flush() {
        port.send(out);
        for (int i = 0; i < out.size(); i++) {
            pool.give(out.get(i));
        }
        out.clear();
    }
}
