package io.portcullis.cli.warmup;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.port.Port;
import java.lang.foreign.MemorySegment;

/**
 * A host in each network behind a gateway: sends datagrams and TCP segments to its like behind the other, answers ARP,
 * and returns the datagrams that come. It counts payload octets, since segments may be cut and joined on their way.
 */
final class Station implements AutoCloseable {
    private static final int TTL = 64;
    private static final int MSS = 1300;
    private static final int WINDOW = 65_535;
    private static final int ECHO_PORT = 7;

    private final int number;
    private final Port port;
    private final MacAddress gateway;
    private final PacketPool pool = new PacketPool(4 * PacketBurst.CAPACITY);
    private final PacketBurst in = new PacketBurst();
    private final PacketBurst out = new PacketBurst();
    private long sent;
    private long received;
    private int identification;

    /** @param number of the gateway that it is behind */
    Station(int number, Port port, MacAddress gateway) {
        this.number = number;
        this.port = port;
        this.gateway = gateway;
    }

    /** Payload octets of all that it sent. */
    long sent() {
        return sent;
    }

    /** Payload octets of all that it received. */
    long received() {
        return received;
    }

    /** Sends a datagram, which the other station returns. */
    void datagram(int network, int sourcePort, int payload) {
        int length = Udp.HEADER + payload;
        Packet packet = packet(network, IpProtocol.UDP, length);
        MemorySegment b = packet.buffer();
        int at = packet.end() - length;
        Udp.write(b, at, sourcePort, ECHO_PORT, length);
        Udp.computeChecksum(b, at, Ipv4.pseudoHeader(b, packet.networkAt(), IpProtocol.UDP, length));
        send(packet, payload);
    }

    /** Sends a segment, a super-packet where it is longer than one may be. */
    void segment(int network, int bothPorts, int flags, int sequence, int acknowledgement, int payload) {
        Packet packet = packet(network, IpProtocol.TCP, Tcp.HEADER + payload);
        MemorySegment b = packet.buffer();
        int at = packet.end() - Tcp.HEADER - payload;
        Tcp.write(b, at, bothPorts, bothPorts, sequence, acknowledgement, flags, WINDOW);
        long pseudoHeader = Ipv4.pseudoHeader(b, packet.networkAt(), IpProtocol.TCP, packet.end() - at);
        if (payload > MSS) {
            Tcp.checksum(b, at, Checksum.fold(pseudoHeader));
            packet.partialChecksum(at, Tcp.CHECKSUM);
            packet.gso(Packet.Gso.TCP_V4, MSS);
        } else {
            Tcp.computeChecksum(b, at, packet.end(), pseudoHeader);
        }
        send(packet, payload);
    }

    /** A frame to the gateway, its IP header written; what follows it is the caller's. */
    private Packet packet(int network, int protocol, int length) {
        Packet packet = take();
        packet.append(Ethernet.HEADER + Ipv4.HEADER + length);
        address(packet, gateway.bits(), EtherType.IPV4);
        int ip = packet.start() + Ethernet.HEADER;
        Ipv4.write(
                packet.buffer(),
                ip,
                0,
                Ipv4.HEADER + length,
                identification++ & 0xffff,
                true,
                TTL,
                protocol,
                Gateway.host(number, network).v4Bits(),
                Gateway.host(3 - number, network).v4Bits());
        packet.network(4, ip, ip + Ipv4.HEADER, packet.end(), protocol);
        return packet;
    }

    private Packet take() {
        Packet packet = pool.take();
        if (packet == null) {
            throw new IllegalStateException("a station has used all its packets");
        }
        return packet;
    }

    private void address(Packet frame, long to, int etherType) {
        Ethernet.write(frame.buffer(), frame.start(), to, port.mac().bits(), etherType);
    }

    private void send(Packet packet, int payload) {
        sent += payload;
        out.add(packet);
        if (out.isFull()) {
            flush();
        }
    }

    void flush() {
        port.send(out);
        for (int i = 0; i < out.size(); i++) {
            pool.give(out.get(i));
        }
        out.clear();
    }

    /** Takes all that has come, and answers. */
    void poll() {
        while (port.receive(in, pool) > 0) {
            for (int i = 0; i < in.size(); i++) {
                receive(in.get(i));
            }
            in.clear();
            flush();
        }
    }

    private void receive(Packet frame) {
        MemorySegment b = frame.buffer();
        int type = Ethernet.type(b, frame.start());
        frame.etherType(type);
        frame.pull(Ethernet.HEADER);
        if (type == EtherType.ARP && Arp.operation(b, frame.start()) == Arp.REQUEST) {
            answer(frame);
            return;
        }
        if (type != EtherType.IPV4 || Headers.parse(frame) != DropReason.NONE) {
            pool.give(frame);
            return;
        }
        int at = frame.transportAt();
        int end = frame.payloadEnd();
        if (frame.protocol() == IpProtocol.TCP) {
            received += end - at - Tcp.headerLength(b, at);
        } else if (frame.protocol() == IpProtocol.UDP) {
            received += end - at - Udp.HEADER;
            if (frame.destinationPort() == ECHO_PORT) {
                giveBack(frame, end - at - Udp.HEADER);
                return;
            }
        }
        pool.give(frame);
    }

    /** Both ends change places, which leaves every checksum as it is. */
    private void giveBack(Packet datagram, int payload) {
        MemorySegment b = datagram.buffer();
        int ip = datagram.networkAt();
        int at = datagram.transportAt();
        int source = Ipv4.source(b, ip);
        Ipv4.source(b, ip, Ipv4.destination(b, ip));
        Ipv4.destination(b, ip, source);
        Udp.destinationPort(b, at, Udp.sourcePort(b, at));
        Udp.sourcePort(b, at, ECHO_PORT);
        datagram.push(Ethernet.HEADER);
        address(datagram, gateway.bits(), EtherType.IPV4);
        send(datagram, payload);
    }

    private void answer(Packet request) {
        MemorySegment b = request.buffer();
        int at = request.start();
        int asked = Arp.targetIp(b, at);
        int asker = Arp.senderIp(b, at);
        Arp.write(b, at, Arp.REPLY, port.mac().bits(), asked, gateway.bits(), asker);
        request.push(Ethernet.HEADER);
        address(request, gateway.bits(), EtherType.ARP);
        send(request, 0);
    }

    @Override
    public void close() {
        pool.close();
    }
}
