package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.VlanTagging;
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
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Interfaces behind tags, on the same port as the untagged one. */
class VlanTest {
    private static final String GUEST = "192.168.5.2";
    private static final MacAddress GUEST_MAC = new MacAddress(0x0200_0000_0055L);
    private static final VlanTagging SINGLE = VlanTagging.of(5);
    private static final VlanTagging DOUBLE = new VlanTagging(
            List.of(new VlanTagging.Tag(EtherType.SERVICE_VLAN, 5), new VlanTagging.Tag(EtherType.VLAN, 7)), 3, true);

    private final TestFirewall firewall = TestFirewall.withNeighbours();

    private EthernetInterface guests(VlanTagging tagging) {
        IpAddress own = IpAddress.literal("192.168.5.1");
        LinkAddresses addresses = new LinkAddresses(
                TestFirewall.LAN_MAC, List.of(new LinkAddresses.OnLink(own, IpNetwork.around(own, 24))));
        EthernetInterface guests =
                new EthernetInterface("guests", 9, firewall.lanLink, tagging, 1500, addresses, firewall.events::add);
        firewall.worker.execute((_, _) -> firewall.worker.attach(firewall.lanLink, guests));
        List<Route> routes = new ArrayList<>(firewall.routes(firewall.wan));
        routes.add(TestFirewall.route("192.168.5.0/24", guests, null));
        firewall.published.publish(firewall.configuration(2, routes, PipelineSettings.DEFAULT));
        firewall.step();
        firewall.clear();
        return guests;
    }

    private void conversation(VlanTagging tagging) {
        guests(tagging);
        byte[] question = TestFirewall.arp(Arp.REQUEST, GUEST_MAC, GUEST, new MacAddress(0), "192.168.5.1");
        firewall.fromLan(tagged(tagging, question, MacAddress.BROADCAST, EtherType.ARP));
        byte[] answer = firewall.lanPort.taken().getFirst().octets();
        assertTags(tagging, answer);
        assertEquals(EtherType.ARP, Ethernet.type(MemorySegment.ofArray(answer), 0));

        byte[] datagram = Datagrams.udp(GUEST, 1, FAR, 2, 10);
        firewall.fromLan(tagged(tagging, datagram, TestFirewall.LAN_MAC, EtherType.IPV4));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        byte[] reply = Datagrams.udp(FAR, 2, GUEST, 1, 10);
        firewall.fromWan(reply);
        byte[] back = TestFirewall.datagrams(firewall.lanPort).getFirst().octets();
        assertTags(tagging, back);
        assertEquals(GUEST_MAC.bits(), Ethernet.destination(MemorySegment.ofArray(back), 0));
        firewall.assertNoLeak(0);
    }

    private static void assertTags(VlanTagging tagging, byte[] frame) {
        MemorySegment b = MemorySegment.ofArray(frame);
        int count = tagging.tags().size();
        assertEquals(Ethernet.HEADER + Ethernet.TAG * count, Ethernet.headerLength(b, 0));
        for (int i = 0; i < count; i++) {
            assertEquals(tagging.tags().get(i).type(), Ethernet.tagType(b, 0, i));
            assertEquals(tagging.tags().get(i).vlan(), Ethernet.vlan(b, 0, i));
        }
    }

    @Test
    void framesWithItsTagAreItsAndLeaveWithIt() {
        conversation(SINGLE);
        firewall.fromLan(Datagrams.udp(GUEST, 1, FAR, 2, 10));
        firewall.assertDropped(DropReason.ACCESS_DENIED);
    }

    @Test
    void aVlanWithinAnotherHasTwoTags() {
        conversation(DOUBLE);
    }

    @Test
    void tagsThatNoInterfaceHasAreCounted() {
        guests(DOUBLE);
        byte[] datagram = Datagrams.udp(GUEST, 1, FAR, 2, 10);
        VlanTagging.Tag outer = DOUBLE.tags().getFirst();
        VlanTagging.Tag inner = DOUBLE.tags().getLast();
        List<List<VlanTagging.Tag>> unknown = List.of(
                List.of(outer),
                List.of(inner, outer),
                List.of(outer, new VlanTagging.Tag(EtherType.SERVICE_VLAN, 7)),
                List.of(outer, new VlanTagging.Tag(EtherType.VLAN, 8)),
                List.of(new VlanTagging.Tag(EtherType.VLAN, 4095)));
        unknown.forEach(tags -> firewall.fromLan(
                tagged(new VlanTagging(tags, 0, false), datagram, TestFirewall.LAN_MAC, EtherType.IPV4)));
        byte[] third = new byte[4 + datagram.length];
        third[1] = 1;
        System.arraycopy(new byte[] {8, 0}, 0, third, 2, 2);
        System.arraycopy(datagram, 0, third, 4, datagram.length);
        firewall.fromLan(tagged(DOUBLE, third, TestFirewall.LAN_MAC, EtherType.VLAN));
        assertEquals(unknown.size() + 1, firewall.pipeline.drops(DropReason.UNKNOWN_VLAN));
        firewall.assertNothingSent();
        firewall.assertNoLeak(0);
    }

    @Test
    void aTagWithoutAnIdentifierOnlyCarriesAPriority() {
        byte[] datagram = Datagrams.udp(TestFirewall.HOST, 1, FAR, 2, 10);
        VlanTagging none = new VlanTagging(List.of(new VlanTagging.Tag(EtherType.VLAN, 0)), 5, false);
        firewall.fromLan(tagged(none, datagram, TestFirewall.LAN_MAC, EtherType.IPV4));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
    }

    @Test
    void thePriorityIsFixedOrTheDsField() {
        VlanTagging fixed = new VlanTagging(SINGLE.tags(), 6, false);
        VlanTagging copied = new VlanTagging(SINGLE.tags(), 6, true);
        assertEquals(6, priorityOf(fixed, "45b8", EtherType.IPV4));
        assertEquals(5, priorityOf(copied, "45b8", EtherType.IPV4));
        assertEquals(5, priorityOf(copied, "6b80", EtherType.IPV6));
        assertEquals(6, priorityOf(copied, "0001", EtherType.ARP));
    }

    private static int priorityOf(VlanTagging tagging, String payload, int etherType) {
        byte[] octets = HexFormat.of().parseHex(payload);
        return Ethernet.priority(MemorySegment.ofArray(frame(tagging, octets, MacAddress.BROADCAST, etherType)), 0);
    }

    @Test
    void tagsTakeRoomFromTheDevice() {
        assertEquals(1500, guests(SINGLE).mtu(), "one tag in front is free");
        assertEquals(1492, guests(DOUBLE).mtu(), "a service tag is not, nor a second one");
    }

    private static MemoryPort.Frame tagged(VlanTagging tagging, byte[] payload, MacAddress to, int type) {
        return MemoryPort.Frame.of(frame(tagging, payload, to, type));
    }

    private static byte[] frame(VlanTagging tagging, byte[] payload, MacAddress to, int type) {
        int header = Ethernet.HEADER + Ethernet.TAG * tagging.tags().size();
        byte[] frame = new byte[header + payload.length];
        System.arraycopy(payload, 0, frame, header, payload.length);
        tagging.write(MemorySegment.ofArray(frame), 0, to.bits(), GUEST_MAC.bits(), type, header);
        return frame;
    }
}
