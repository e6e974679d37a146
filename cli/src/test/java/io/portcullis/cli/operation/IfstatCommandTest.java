package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.VlanTagging;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.time.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class IfstatCommandTest {
    private static final MacAddress MAC = new MacAddress(0x0200_0000_0001L);

    private final EthernetInterface lan = ethernet();
    private final FakeInterface tunnel = FakeInterface.tunnel("branch", 2);
    private final List<String> restarted = new ArrayList<>();
    private final IfstatCommand ifstat = new IfstatCommand(() -> List.of(lan, tunnel), name -> {
        if (!name.equals("lan")) {
            throw new CommandFailure(name + " has no device");
        }
        restarted.add(name);
    });

    private static EthernetInterface ethernet() {
        SimulatedWire wire = new SimulatedWire(
                "eth0",
                SimulatedWire.Properties.ethernet(),
                MAC,
                new MacAddress(0x0200_0000_0002L),
                new ManualClock(Instant.EPOCH),
                new SplittableRandom(1));
        LinkAddresses addresses = new LinkAddresses(
                MAC,
                List.of(new LinkAddresses.OnLink(IpAddress.literal("10.0.0.1"), IpNetwork.literal("10.0.0.0/24"))));
        return new EthernetInterface(
                "lan", 1, new EthernetLink(wire.left()), VlanTagging.of(7), 1400, addresses, _ -> {});
    }

    @Test
    void eachInterfaceIsALineOfCounters() {
        lan.counters().lane(0).received(60);
        lan.counters().lane(0).sent(1_500);
        lan.counters().lane(0).dropped(DropReason.PORT_FULL);
        String text = Typed.run(ifstat, "ifstat");
        assertEquals("lan eth0.left.7 1400 1 60 1 1500 1", Typed.line(text, "lan"));
        assertEquals("branch 1500 0 0 0 0 0", Typed.line(text, "branch"));
        assertTrue(Typed.run(ifstat, "ifstat -num=1").contains("(1 more: -num=all shows all)"));
    }

    @Test
    void oneInterfaceIsToldInFull() {
        lan.counters().lane(0).dropped(DropReason.PORT_FULL);
        String text = Typed.run(ifstat, "ifstat lan");
        assertEquals("Device eth0.left.7 (up)", Typed.line(text, "Device"));
        assertEquals("MAC address " + MAC, Typed.line(text, "MAC"));
        assertEquals("I/O method simulated wire", Typed.line(text, "I/O method"));
        assertEquals("Offload checksums, TCP segmentation, UDP segmentation", Typed.line(text, "Offload"));
        assertEquals("IPv4 address 10.0.0.1", Typed.line(text, "IPv4"));
        assertEquals("Dropped 1 port_full: " + DropReason.PORT_FULL.help(), Typed.line(text, "port_full"));
        assertTrue(Typed.run(ifstat, "ifstat -verbose").contains("\nbranch\n"));
    }

    @Test
    void oneInterfaceIsRestarted() {
        assertTrue(Typed.run(ifstat, "ifstat lan -restart").contains("lan was restarted"));
        assertEquals(List.of("lan"), restarted);
        assertEquals("branch has no device", Typed.failure(ifstat, "ifstat branch -restart"));
        assertTrue(Typed.failure(ifstat, "ifstat -restart").contains("one interface: lan, branch"));
    }

    @Test
    void anUnknownInterfaceIsNamed() {
        assertEquals("there is no interface 'eth9'; there are lan, branch", Typed.failure(ifstat, "ifstat eth9"));
        List<NetworkInterface> none = List.of();
        assertTrue(Typed.run(new IfstatCommand(() -> none, _ -> {}), "ifstat").startsWith("Interface"));
    }
}
