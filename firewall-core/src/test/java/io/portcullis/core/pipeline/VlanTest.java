package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.routing.Route;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An interface behind a tag, on the same port as the untagged one. */
class VlanTest {
    private static final String GUEST = "192.168.5.2";
    private static final MacAddress GUEST_MAC = new MacAddress(0x0200_0000_0055L);
    private static final int TAG = 5;

    private final TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void framesWithItsTagAreItsAndLeaveWithIt() {
        IpAddress own = IpAddress.literal("192.168.5.1");
        LinkAddresses addresses = new LinkAddresses(
                TestFirewall.LAN_MAC, List.of(new LinkAddresses.OnLink(own, IpNetwork.around(own, 24))));
        EthernetInterface guests =
                new EthernetInterface("guests", 9, firewall.lanLink, TAG, 1500, addresses, firewall.events::add);
        firewall.worker.execute((_, _) -> firewall.worker.attach(firewall.lanLink, guests));
        List<Route> routes = new ArrayList<>(firewall.routes(firewall.wan));
        routes.add(TestFirewall.route("192.168.5.0/24", guests, null));
        firewall.published.publish(firewall.configuration(2, routes, PipelineSettings.DEFAULT));
        firewall.step();
        firewall.clear();

        byte[] question = TestFirewall.arp(Arp.REQUEST, GUEST_MAC, GUEST, new MacAddress(0), "192.168.5.1");
        firewall.fromLan(tagged(question, MacAddress.BROADCAST, EtherType.ARP));
        byte[] answer = firewall.lanPort.taken().getFirst().octets();
        assertEquals(TAG, Ethernet.vlan(MemorySegment.ofArray(answer), 0));
        assertEquals(EtherType.ARP, Ethernet.type(MemorySegment.ofArray(answer), 0));

        byte[] datagram = Datagrams.udp(GUEST, 1, FAR, 2, 10);
        firewall.fromLan(tagged(datagram, TestFirewall.LAN_MAC, EtherType.IPV4));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        firewall.fromWan(Datagrams.udp(FAR, 2, GUEST, 1, 10));
        byte[] back = TestFirewall.datagrams(firewall.lanPort).getFirst().octets();
        assertEquals(TAG, Ethernet.vlan(MemorySegment.ofArray(back), 0));
        assertEquals(GUEST_MAC.bits(), Ethernet.destination(MemorySegment.ofArray(back), 0));

        firewall.fromLan(datagram);
        firewall.assertDropped(DropReason.ACCESS_DENIED);
    }

    private static MemoryPort.Frame tagged(byte[] payload, MacAddress to, int type) {
        byte[] frame = new byte[Ethernet.HEADER + Ethernet.TAG + payload.length];
        Ethernet.write(MemorySegment.ofArray(frame), 0, to.bits(), GUEST_MAC.bits(), 0, TAG, type);
        System.arraycopy(payload, 0, frame, Ethernet.HEADER + Ethernet.TAG, payload.length);
        return MemoryPort.Frame.of(frame);
    }
}
