package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.DeviceException;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.core.port.linux.TunDevice;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Needs({Need.ROOT, Need.NAMESPACES})
final class LinuxPortTest {
    private final PortLab lab = new PortLab();
    private final Namespace a = lab.a;
    private final Namespace b = lab.b;
    private final Namespace firewall = lab.firewall;

    @AfterEach
    void closeLab() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SUPER_PACKETS, true, true, false",
        // The device that is sent to can not do anything: the kernel cuts and sums.
        "SUPER_PACKETS, true, false, false",
        "SUPER_PACKETS, false, true, false",
        // We cut and sum.
        "SUPER_PACKETS, true, true, true",
        "SUPER_PACKETS, true, false, true",
        "RING, true, true, false",
        "RING, true, false, true",
        "RING, false, false, false",
        // Frame by frame; with offloads the peer leaves checksums to be finished and nobody says so.
        "XDP, true, true, true",
        "XDP, true, false, true",
        "XDP, false, false, true",
        "AUTO, false, false, true"
    })
    void tcpOfTheKernelCrossesTwoPorts(IoMethod method, boolean offloadIn, boolean offloadOut, boolean cut)
            throws Exception {
        lab.wire(offloadIn, offloadOut);
        Port left = lab.open("f0", method);
        Port right = lab.open("f1", method);
        String taken = left.capabilities().reason();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, cut)) {
            PortLab.transfer(a, b, "10.77.0.2");
            PortLab.transfer(a, b, "fd77::2");
            System.out.println(
                    taken + ", offload in " + offloadIn + ", out " + offloadOut + ", cut " + cut + ": " + bridge);
            if (offloadIn) {
                assertTrue(bridge.partialChecksums.sum() > 100, bridge.toString());
            }
            if (offloadIn && left.capabilities().segmentation()) {
                assertTrue(bridge.superPackets.sum() > 100, bridge.toString());
                assertTrue(bridge.longest > 30_000, bridge.toString());
            } else {
                // Only what b answers may come with a partial checksum.
                assertTrue(bridge.longest < 30_000 || offloadOut, bridge.toString());
            }
            assertEquals(method == IoMethod.XDP || method == IoMethod.AUTO, taken.startsWith("AF_XDP"), taken);
            assertEquals(0, bridge.malformed.sum());
            assertEquals(0, PortLab.counter(b, "TcpInErrs"));
            assertEquals(0, PortLab.counter(b, "TcpInCsumErrors"));
            assertEquals(0, PortLab.counter(a, "TcpInErrs"));
        } finally {
            lab.giveUp(left, right);
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesOfEverySizeCrossUnchanged(IoMethod method) {
        lab.wireLeft(true);
        Port left = PortLab.take(a, "a0", 0, method);
        Port right = lab.open("f0", method);
        Random random = new Random(60);
        PacketBurst burst = new PacketBurst();
        PacketBurst got = new PacketBurst();
        try (PacketPool pool = new PacketPool(4 * PacketBurst.CAPACITY)) {
            for (int size = 60; size <= 1514; ) {
                for (; size <= 1514 && !burst.isFull(); size++) {
                    burst.add(noise(pool, random, size, size % 3 == 0, left, right));
                }
                int sent = burst.size();
                assertEquals(sent, left.send(burst));
                assertTrue(
                        Await.within(Duration.ofSeconds(5), () -> right.receive(got, pool) >= 0 && got.size() == sent));
                for (int i = 0; i < sent; i++) {
                    assertEquals(hex(burst.get(i)), hex(got.get(i)));
                    assertFalse(got.get(i).partialChecksum());
                    pool.give(burst.get(i));
                    pool.give(got.get(i));
                }
                burst.clear();
                got.clear();
            }
        } finally {
            a.call(() -> {
                left.close();
                return "";
            });
            lab.giveUp(right);
        }
    }

    /** A frame of noise whose type nobody knows, or, tagged, one octet more than four longer. */
    private static Packet noise(PacketPool pool, Random random, int size, boolean tagged, Port from, Port to) {
        Packet packet = pool.take();
        byte[] octets = new byte[size + (tagged ? Ethernet.TAG : 0)];
        random.nextBytes(octets);
        int at = packet.append(octets.length);
        MemorySegment.copy(octets, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, octets.length);
        if (tagged) {
            Ethernet.write(packet.buffer(), at, to.mac().bits(), from.mac().bits(), 3, size % 4095, 0x88b5);
        } else {
            Ethernet.write(packet.buffer(), at, to.mac().bits(), from.mac().bits(), 0x88b5);
        }
        return packet;
    }

    private static String hex(Packet packet) {
        return HexFormat.of()
                .formatHex(
                        packet.buffer().asSlice(packet.start(), packet.length()).toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotFitIsCounted(IoMethod method) {
        lab.wireLeft(false);
        Port left = PortLab.take(a, "a0", 0, IoMethod.SUPER_PACKETS);
        Port right = lab.open("f0", method);
        PacketBurst burst = new PacketBurst();
        PacketBurst got = new PacketBurst();
        try (PacketPool pool = new PacketPool(4 * PacketBurst.CAPACITY)) {
            while (!burst.isFull()) {
                burst.add(noise(pool, new Random(1), 1514, false, left, right));
            }
            long sent = 0;
            while (right.statistics().full() == 0 && sent < 100_000) {
                sent += left.send(burst);
            }
            assertTrue(right.statistics().full() > 0, () -> right.statistics().toString());
            long received = 0;
            for (int count; (count = right.receive(got, pool)) > 0; received += count) {
                giveBack(got, pool);
            }
            assertEquals(sent, received + right.statistics().full(), right.statistics()::toString);
        } finally {
            a.call(() -> {
                left.close();
                return "";
            });
            lab.giveUp(right);
        }
    }

    private static void giveBack(PacketBurst burst, PacketPool pool) {
        for (int i = 0; i < burst.size(); i++) {
            pool.give(burst.get(i));
        }
        burst.clear();
    }

    @ParameterizedTest
    @EnumSource
    void framesThatAreNotTakenAreNamed(IoMethod method) {
        lab.wireLeft(false);
        Port left = PortLab.take(a, "a0", 0, method);
        Port right = lab.open("f0", method);
        PacketBurst burst = new PacketBurst();
        try (PacketPool pool = new PacketPool(PacketBurst.CAPACITY)) {
            for (int size : new int[] {100, 9000, 200, 9000, 300}) {
                burst.add(noise(pool, new Random(1), size, false, left, right));
            }
            assertEquals(3, left.send(burst));
            for (int i = 0; i < burst.size(); i++) {
                assertEquals(burst.get(i).length() == 9000, burst.isRefused(i), "packet " + i);
            }
        } finally {
            a.call(() -> {
                left.close();
                return "";
            });
            lab.giveUp(right);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUPER_PACKETS", "RING"})
    void vlanTagsThatTheKernelTakesOffArePutBack(IoMethod method) {
        lab.wireLeft(true);
        Port left = PortLab.take(a, "a0", 0, IoMethod.AUTO);
        Port right = lab.open("f0", method);
        try (PacketPool pool = new PacketPool(200)) {
            PacketBurst burst = new PacketBurst();
            for (int vlan = 0; vlan < 3; vlan++) {
                Packet packet = pool.take();
                int at = packet.append(Ethernet.HEADER + Ethernet.TAG + 60_000);
                packet.buffer().asSlice(at, packet.length()).fill((byte) vlan);
                MemorySegment b = packet.buffer();
                Ethernet.write(b, at, right.mac().bits(), left.mac().bits(), 5, vlan, EtherType.IPV4);
                int ip = at + 18;
                Ipv4.write(b, ip, 0, 60_000, 7, true, 64, IpProtocol.TCP, 0x0a00_0001, 0x0a00_0002);
                Tcp.write(b, ip + 20, 1, 2, 3, 4, Tcp.ACK, 5);
                Tcp.checksum(b, ip + 20, Checksum.fold(Ipv4.pseudoHeader(b, ip, IpProtocol.TCP, 59_980)));
                packet.partialChecksum(ip + 20, Tcp.CHECKSUM);
                packet.gso(Packet.Gso.TCP_V4, 1460);
                burst.add(packet);
            }
            assertEquals(3, left.send(burst));
            PacketBurst got = new PacketBurst();
            assertTrue(Await.within(Duration.ofSeconds(5), () -> right.receive(got, pool) >= 0 && got.size() == 3));
            for (int vlan = 0; vlan < 3; vlan++) {
                Packet packet = got.get(vlan);
                assertEquals(
                        -1,
                        burst.get(vlan)
                                .buffer()
                                .asSlice(burst.get(vlan).start(), 60_018)
                                .mismatch(packet.buffer().asSlice(packet.start(), packet.length())),
                        "vlan " + vlan);
                assertEquals(vlan, Ethernet.vlan(packet.buffer(), packet.start()));
                assertEquals(5, Ethernet.priority(packet.buffer(), packet.start()));
                assertTrue(packet.partialChecksum());
                assertEquals(packet.start() + 38, packet.checksumStart());
                assertEquals(Packet.Gso.TCP_V4, packet.gso());
                assertEquals(1460, packet.gsoSize());
            }
        } finally {
            a.call(() -> {
                left.close();
                return "";
            });
            lab.giveUp(right);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tcpOfTheKernelCrossesTwoTunDevices(boolean cut) throws Exception {
        Port left = lab.tunOfA().port();
        Port right = lab.tunOfB().port();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, cut)) {
            PortLab.transfer(a, b, "10.79.0.2");
            PortLab.transfer(a, b, "fd79::2");
            System.out.println("TUN, cut " + cut + ": " + bridge);
            assertTrue(bridge.superPackets.sum() > 100 && bridge.longest > 30_000, bridge.toString());
            assertEquals(0, PortLab.counter(b, "TcpInErrs"));
            assertEquals(0, PortLab.counter(b, "TcpInCsumErrors"));
        }
        assertTrue(a.run("ip", "route").output().contains("default dev core"));
        left.close();
        right.close();
        assertFalse(a.run("ip", "link").output().contains("core"));
        assertThrows(IllegalStateException.class, () -> a.call(() -> TunDevice.open("no such", 1500)));
    }

    @Test
    void whatTheQueueOfATunDeviceLosesIsCounted() throws Exception {
        Port port = lab.tunOfA().port();
        int sent = 10_000;
        a.call(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < sent; i++) {
                    socket.send(new DatagramPacket(new byte[100], 100, InetAddress.getByName("10.79.0.2"), 9));
                }
            }
            return "sent";
        });
        assertTrue(port.statistics().full() > 0, () -> port.statistics().toString());
        PacketBurst got = new PacketBurst();
        long received = 0;
        try (PacketPool pool = new PacketPool(2 * PacketBurst.CAPACITY)) {
            while (port.receive(got, pool) > 0) {
                for (int i = 0; i < got.size(); i++) {
                    Packet packet = got.get(i);
                    boolean ours =
                            Ipv4.protocol(packet.buffer(), packet.start()) == IpProtocol.UDP && packet.length() == 128;
                    received += ours ? 1 : 0;
                }
                giveBack(got, pool);
            }
            assertEquals(sent, received + port.statistics().full(), port.statistics()::toString);
            port.close();
        }
    }

    @Test
    void aNameInUseIsRefused() {
        TunDevice first = a.call(() -> TunDevice.open("core", 1500));
        assertTrue(refusal(a, () -> TunDevice.open("core", 1500)).startsWith("core: make a TUN device: EBUSY"));
        first.port().close();
    }

    private static String refusal(Namespace namespace, Callable<?> work) {
        Throwable cause = assertThrows(IllegalStateException.class, () -> namespace.call(work))
                .getCause();
        assertEquals(DeviceException.class, cause.getClass(), () -> cause.toString());
        return cause.getMessage();
    }

    @Test
    void whatCanNotBeTakenIsRefusedAndLeftAlone() {
        lab.wire(true, true);
        firewall.ip("addr add 10.77.0.9/24 dev f0\naddr add fd77::9/64 dev f1 nodad");
        String before = firewall.run("ip", "addr").output();
        assertEquals(
                "f0: the system itself has the address 10.77.0.9 here; free the device first (ip addr flush dev f0)",
                refusal(firewall, () -> LinuxPorts.open("f0", 0, IoMethod.AUTO, 1)));
        assertTrue(refusal(firewall, () -> LinuxPorts.open("f1", 0, IoMethod.AUTO, 1))
                .contains("fd77::9"));
        firewall.ip("link add name br0 type bridge\nlink add name e0 type veth peer name e1\nlink set e0 master br0");
        assertTrue(refusal(firewall, () -> LinuxPorts.open("e0", 0, IoMethod.AUTO, 1))
                .startsWith("e0: belongs to a bridge"));
        firewall.ip("link del e0\nlink del br0");
        assertEquals(
                "lo: is not an Ethernet device", refusal(firewall, () -> LinuxPorts.open("lo", 0, IoMethod.AUTO, 1)));
        assertEquals(
                "f9: look up: ENODEV (no such device)",
                refusal(firewall, () -> LinuxPorts.open("f9", 0, IoMethod.AUTO, 1)));
        assertTrue(refusal(firewall, () -> LinuxPorts.open("../lo", 0, IoMethod.AUTO, 1))
                .contains("can not be a device's name"));
        firewall.ip("addr flush dev f0");
        assertTrue(refusal(firewall, () -> LinuxPorts.open("f0", 20, IoMethod.AUTO, 1))
                .contains("set the MTU to 20: EINVAL"));
        firewall.ip("addr add 10.77.0.9/24 dev f0");
        assertEquals(
                PortLab.withoutLifetimes(before),
                PortLab.withoutLifetimes(firewall.run("ip", "addr").output()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDeviceIsGivenBackAsItWasFound(boolean up) {
        lab.wire(true, true);
        // Longer than what can be kept of it beside the other things, and the longest there is.
        firewall.ip("link set f0 mtu 1480 alias " + "ä".repeat(127) + "a " + (up ? "up" : "down"));
        firewall.sysctl("net.ipv4.conf.f0.rp_filter=2", "net.ipv4.conf.f0.arp_ignore=3");
        String before = state();
        Port port = PortLab.take(firewall, "f0", 9000, IoMethod.AUTO);
        assertEquals(9000, port.mtu());
        assertTrue(firewall.run("ip", "link", "show", "f0").output().contains("mtu 9000"));
        assertTrue(firewall.run("ip", "link", "show", "f0").output().contains(",UP"));
        assertTrue(firewall.run("ip", "link", "show", "f0")
                .output()
                .contains(port.mac().toString()));
        assertFalse(before.equals(state()));
        lab.giveUp(port);
        assertEquals(before, state());
    }

    private String state() {
        String flags = firewall.run("ip", "-o", "link", "show", "f0").output().replaceAll("(?s)(state|qlen).*", "");
        return flags + firewall.run("sysctl", "-a", "-r", "conf.f0.").output();
    }

    @Test
    void theKernelIsDeafOnTheDevice() {
        lab.wire(true, true);
        // An address on another device: by itself the kernel hears it everywhere and answers ARP for it.
        firewall.ip("link add name e0 type veth peer name e1\nlink set e0 up\nlink set e1 up"
                + "\naddr add 10.99.0.1/24 dev e0\naddr add fd99::1/64 dev e0 nodad");
        firewall.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        Port first = lab.open("f0");
        String mac = first.mac().toString();
        lab.giveUp(first);
        a.ip(
                "neigh replace 10.77.0.9 lladdr " + mac + " dev a0 nud permanent"
                        + "\nneigh replace fd77::9 lladdr " + mac + " dev a0 nud permanent"
                        + "\nroute add 10.99.0.0/24 via 10.77.0.9\nroute add fd99::/64 via fd77::9\nroute add 10.99.0.2/32 dev a0");
        firewall.ip("addr add 10.99.0.2/24 dev e0");
        assertTrue(heard("10.99.0.1", "IcmpInEchos") > 0);
        assertTrue(heard("fd99::1", "Icmp6InEchos") > 0);
        assertTrue(isResolved("10.99.0.2"));

        Port port = lab.open("f0");
        a.ip("neigh flush dev a0");
        assertEquals(0, heard("10.99.0.1", "IcmpInEchos"));
        assertEquals(0, heard("fd99::1", "Icmp6InEchos"));
        assertFalse(isResolved("10.99.0.2"));
        lab.giveUp(port);
    }

    /** How many of the echo requests from a to an address the firewall's kernel hears. */
    private long heard(String address, String counter) {
        long before = PortLab.counter(firewall, counter);
        a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", address);
        return PortLab.counter(firewall, counter) - before;
    }

    /** Whether ARP finds somebody for an address on a's own network. */
    private boolean isResolved(String address) {
        a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", address);
        return a.run("ip", "neigh", "show", address).output().contains("lladdr");
    }
}
