package io.portcullis.core.dhcp;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.IpHeader;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.port.PortStatus;
import java.lang.foreign.MemorySegment;

/** The link of an Ethernet interface that runs. Any thread; packets are made on the first worker that has a port. */
final class EthernetDhcpLink implements DhcpLink {
    private final EthernetInterface iface;
    private final WorkerMailbox workers;
    private final DhcpInbox inbox;
    private final int worker;
    private final Neighbours.ProbeListener answered = _ -> whenTaken().run();
    private volatile Runnable taken = () -> {};

    /** @param inbox where the interface is to leave what it hears */
    EthernetDhcpLink(EthernetInterface iface, WorkerMailbox workers, DhcpInbox inbox) {
        this.iface = iface;
        this.workers = workers;
        this.inbox = inbox;
        this.worker = iface.links().getFirst().worker();
        iface.dhcp(inbox);
    }

    @Override
    public MacAddress station() {
        return iface.port().mac();
    }

    @Override
    public boolean isUp() {
        return iface.port().status().state() == PortStatus.State.UP;
    }

    @Override
    public void listen(int transaction) {
        inbox.listen(transaction);
    }

    @Override
    public void send(byte[] message, IpAddress source, IpAddress destination, long station) {
        boolean _ = workers.execute(worker, (on, _) -> send(message, source, destination, station, on));
    }

    private void send(byte[] message, IpAddress source, IpAddress destination, long station, PacketWorker on) {
        Packet packet = on.pool().take();
        if (packet == null) {
            return;
        }
        int udp = packet.append(Udp.HEADER + message.length);
        MemorySegment b = packet.buffer();
        Udp.write(b, udp, DhcpInbox.CLIENT_PORT, DhcpInbox.SERVER_PORT, Udp.HEADER + message.length);
        MemorySegment.copy(MemorySegment.ofArray(message), 0, b, udp + Udp.HEADER, message.length);
        long pseudoHeader = IpHeader.push(packet, source, destination, IpProtocol.UDP, 0);
        Udp.computeChecksum(b, udp, pseudoHeader);
        iface.transmit(packet, station, on);
    }

    @Override
    public void probe(IpAddress address, Runnable whenTaken) {
        taken = whenTaken;
        boolean _ = workers.execute(worker, (on, now) -> iface.neighbours().probeFree(address, answered, on, now));
    }

    private Runnable whenTaken() {
        return taken;
    }

    @Override
    public void close() {
        iface.dhcp(null);
    }
}
