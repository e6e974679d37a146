package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
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
import io.portcullis.core.port.PortStatus;
import io.portcullis.core.port.linux.DeviceException;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.core.port.linux.TunDevice;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Needs({Need.ROOT, Need.NAMESPACES})
final class LinuxPortTest {
    private static final int OCTETS = 40 << 20;

    private final Lab lab = Lab.open();
    private final Namespace a = lab.namespace("a");
    private final Namespace b = lab.namespace("b");
    private final Namespace firewall = lab.namespace("f");

    @AfterEach
    void closeLab() {
        lab.close();
    }

    /** a:a0 to f0 of the firewall, f1 to b:b0, the hosts in one network. */
    private void wire(boolean offloadIn, boolean offloadOut) {
        lab.wire(a, "a0", firewall, "f0", offloadIn);
        lab.wire(firewall, "f1", b, "b0", offloadOut);
        a.ip("addr add 10.77.0.1/24 dev a0\naddr add fd77::1/64 dev a0 nodad");
        b.ip("addr add 10.77.0.2/24 dev b0\naddr add fd77::2/64 dev b0 nodad");
    }

    private static Port take(Namespace where, String device, int mtu, IoMethod method) {
        return where.call(() -> LinuxPorts.open(device, mtu, method, 1).getFirst());
    }

    private Port open(String device, IoMethod method) {
        return take(firewall, device, 0, method);
    }

    private Port open(String device) {
        return open(device, IoMethod.AUTO);
    }

    private void close(Port... ports) {
        firewall.call(() -> {
            for (Port port : ports) {
                port.close();
            }
            return "closed";
        });
    }

    /** Sends noise by TCP from one namespace to the other and compares what arrived. */
    private static void transfer(Namespace from, Namespace to, String address) throws Exception {
        byte[] sent = new byte[OCTETS];
        new Random(40).nextBytes(sent);
        ServerSocket server = to.call(() -> new ServerSocket(0, 1, InetAddress.getByName(address)));
        Future<byte[]> received = to.submit(() -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            try (Socket socket = server.accept();
                    InputStream in = socket.getInputStream()) {
                for (int octets; (octets = in.read(buffer)) > 0; ) {
                    digest.update(buffer, 0, octets);
                }
            }
            return digest.digest();
        });
        from.call(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, server.getLocalPort()), 5000);
                OutputStream out = socket.getOutputStream();
                out.write(sent);
            }
            return "sent";
        });
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(sent), received.get());
        server.close();
    }

    private static long counter(Namespace namespace, String name) {
        String text = namespace.run("nstat", "-asz", name).output();
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", 3)[1]))
                .findFirst()
                .orElseThrow();
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
        wire(offloadIn, offloadOut);
        Port left = open("f0", method);
        Port right = open("f1", method);
        String taken = left.capabilities().reason();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, cut)) {
            transfer(a, b, "10.77.0.2");
            transfer(a, b, "fd77::2");
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
            assertEquals(0, counter(b, "TcpInErrs"));
            assertEquals(0, counter(b, "TcpInCsumErrors"));
            assertEquals(0, counter(a, "TcpInErrs"));
        } finally {
            close(left, right);
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesOfEverySizeCrossUnchanged(IoMethod method) {
        lab.wire(a, "a0", firewall, "f0", true);
        Port left = take(a, "a0", 0, method);
        Port right = open("f0", method);
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
            close(right);
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

    private boolean isReached() {
        return Await.within(
                Duration.ofSeconds(10),
                () -> a.attempt("ping", "-c", "1", "-W", "1", "10.77.0.2").succeeded());
    }

    private static void awaitState(Port port, PortStatus.State state) {
        assertTrue(
                Await.within(Duration.ofSeconds(10), () -> port.status().state() == state),
                () -> port.status().toString());
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatVanishesIsTakenAgainWhenItIsBack(IoMethod method) throws Exception {
        wire(false, false);
        Port left = open("f0", method);
        Port right = open("f1", method);
        String taken = left.capabilities().reason();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, true)) {
            assertTrue(isReached());
            firewall.ip("link del f0");
            awaitState(left, PortStatus.State.GONE);
            bridge.refused.reset();
            b.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.77.0.1");
            assertTrue(bridge.refused.sum() > 0, bridge.toString());
            // The name of somebody else's device that can not be taken; then one that can.
            firewall.ip("link add z0 type veth peer name x0\naddr add 10.0.0.1/24 dev z0\nlink set z0 name f0");
            assertTrue(Await.within(
                    Duration.ofSeconds(10), () -> left.status().trouble().contains("10.0.0.1")));
            firewall.ip("addr flush dev f0");
            awaitState(left, PortStatus.State.NO_CARRIER);
            firewall.ip("link del f0");
            awaitState(left, PortStatus.State.GONE);
            lab.wire(a, "a0", firewall, "f0", false);
            a.ip("addr add 10.77.0.1/24 dev a0");
            awaitState(left, PortStatus.State.UP);
            assertEquals(3, left.status().openings());
            assertTrue(isReached(), bridge.toString());
            // Auto and XDP look anew, and may see the device before its offloads were switched off.
            String again = left.capabilities().reason();
            if (method == IoMethod.XDP) {
                assertTrue(again.startsWith("AF_XDP"), again);
            } else if (method != IoMethod.AUTO) {
                assertEquals(taken, again);
            }
            assertTrue(firewall.run("ip", "link", "show", "f0")
                    .output()
                    .contains(left.mac().toString()));
        } finally {
            close(left, right);
        }
        assertFalse(firewall.run("ip", "link", "show", "f0").output().contains("xdp"));
    }

    @ParameterizedTest
    @EnumSource
    void stateAndMtuOfTheDeviceAreFollowed(IoMethod method) throws Exception {
        wire(false, false);
        Port left = open("f0", method);
        Port right = open("f1", method);
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, true)) {
            assertTrue(isReached());
            firewall.ip("link set f0 mtu 1400");
            assertTrue(Await.within(Duration.ofSeconds(10), () -> left.mtu() == 1400));
            assertTrue(isReached(), bridge.toString());
            a.ip("link set a0 down");
            awaitState(left, PortStatus.State.NO_CARRIER);
            a.ip("link set a0 up");
            awaitState(left, PortStatus.State.UP);
            assertTrue(isReached(), bridge.toString());
            firewall.ip("link set f0 down");
            awaitState(left, PortStatus.State.DOWN);
            long before = bridge.rounds.sum();
            assertFalse(a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.77.0.2")
                            .status()
                    == 0);
            // The worker sleeps: what the kernel says of the device that went down does not keep it awake.
            assertTrue(bridge.rounds.sum() - before < 1000, () -> bridge.rounds + " rounds");
            firewall.ip("link set f0 up");
            awaitState(left, PortStatus.State.UP);
            assertTrue(isReached(), bridge.toString());
            assertEquals(1, left.status().openings());
        } finally {
            close(left, right);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotFitIsCounted(IoMethod method) {
        lab.wire(a, "a0", firewall, "f0", false);
        Port left = take(a, "a0", 0, IoMethod.SUPER_PACKETS);
        Port right = open("f0", method);
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
            close(right);
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
        lab.wire(a, "a0", firewall, "f0", false);
        Port left = take(a, "a0", 0, method);
        Port right = open("f0", method);
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
            close(right);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUPER_PACKETS", "RING"})
    void vlanTagsThatTheKernelTakesOffArePutBack(IoMethod method) {
        lab.wire(a, "a0", firewall, "f0", true);
        Port left = take(a, "a0", 0, IoMethod.AUTO);
        Port right = open("f0", method);
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
            close(right);
        }
    }

    private TunDevice tunOfA() {
        return a.call(() -> {
            TunDevice device = TunDevice.open("core", 1500);
            device.addAddress(IpAddress.literal("10.79.0.1"), 32);
            device.addAddress(IpAddress.literal("fd79::1"), 128);
            device.addRoute(IpNetwork.ALL_V4, IpAddress.literal("10.79.0.1"), 0);
            device.addRoute(IpNetwork.literal("fd79::/64"), null, 0);
            return device;
        });
    }

    private TunDevice tunOfB() {
        return b.call(() -> {
            TunDevice device = TunDevice.open("core", 1400);
            device.addAddress(IpAddress.literal("10.79.0.2"), 24);
            device.addAddress(IpAddress.literal("fd79::2"), 64);
            return device;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tcpOfTheKernelCrossesTwoTunDevices(boolean cut) throws Exception {
        Port left = tunOfA().port();
        Port right = tunOfB().port();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, cut)) {
            transfer(a, b, "10.79.0.2");
            transfer(a, b, "fd79::2");
            System.out.println("TUN, cut " + cut + ": " + bridge);
            assertTrue(bridge.superPackets.sum() > 100 && bridge.longest > 30_000, bridge.toString());
            assertEquals(0, counter(b, "TcpInErrs"));
            assertEquals(0, counter(b, "TcpInCsumErrors"));
        }
        assertTrue(a.run("ip", "route").output().contains("default dev core"));
        left.close();
        right.close();
        assertFalse(a.run("ip", "link").output().contains("core"));
        assertThrows(IllegalStateException.class, () -> a.call(() -> TunDevice.open("no such", 1500)));
    }

    @Test
    void aTunDeviceThatVanishesIsMadeAgain() throws Exception {
        Port left = tunOfA().port();
        Port right = tunOfB().port();
        try (TwoPortBridge _ = new TwoPortBridge(left, right, false)) {
            transfer(a, b, "10.79.0.2");
            String before = addressesAndRoutes();
            for (int openings = 2; openings <= 4; openings++) {
                a.ip("link del core");
                int wanted = openings;
                assertTrue(
                        Await.within(
                                Duration.ofSeconds(10),
                                () -> left.status().equals(new PortStatus(PortStatus.State.UP, wanted, ""))),
                        () -> left.status().toString());
                assertEquals(before, addressesAndRoutes());
                transfer(a, b, "10.79.0.2");
                transfer(b, a, "fd79::1");
            }
        }
        left.close();
        right.close();
        assertFalse(a.run("ip", "link").output().contains("core"));
    }

    private String addressesAndRoutes() {
        return withoutLifetimes(a.run("ip", "-br", "addr", "show", "core").output())
                + a.run("ip", "route").output()
                + a.run("ip", "-6", "route", "show", "dev", "core").output();
    }

    @Test
    void stateAndMtuOfATunDeviceAreFollowed() throws Exception {
        Port left = tunOfA().port();
        Port right = tunOfB().port();
        try (TwoPortBridge bridge = new TwoPortBridge(left, right, false)) {
            String before = addressesAndRoutes();
            a.ip("link set core down");
            awaitState(left, PortStatus.State.DOWN);
            long rounds = bridge.rounds.sum();
            b.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.79.0.1");
            assertTrue(bridge.refused.sum() > 0, bridge.toString());
            assertTrue(bridge.rounds.sum() - rounds < 1000, () -> bridge.rounds + " rounds");
            a.ip("link set core up");
            awaitState(left, PortStatus.State.UP);
            assertEquals(before, addressesAndRoutes());
            Future<?> transfers = a.submit(() -> {
                transfer(a, b, "10.79.0.2");
                transfer(b, a, "fd79::1");
                return "all arrived";
            });
            for (int changes = 0; !transfers.isDone() || changes < 2; changes++) {
                int mtu = changes % 2 == 0 ? 1300 : 1500;
                a.ip("link set core mtu " + mtu);
                assertTrue(Await.within(Duration.ofSeconds(10), () -> left.mtu() == mtu));
            }
            assertEquals("all arrived", transfers.get());
        }
        left.close();
        right.close();
    }

    @Test
    void whatTheQueueOfATunDeviceLosesIsCounted() throws Exception {
        Port port = tunOfA().port();
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
        wire(true, true);
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
                withoutLifetimes(before),
                withoutLifetimes(firewall.run("ip", "addr").output()));
    }

    /** Link-local addresses are made anew when IPv6 is switched on again, and wait for a moment. */
    private static String withoutLifetimes(String text) {
        return text.lines()
                .filter(line -> !line.contains("fe80") && !line.contains("valid_lft"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDeviceIsGivenBackAsItWasFound(boolean up) {
        wire(true, true);
        // Longer than what can be kept of it beside the other things, and the longest there is.
        firewall.ip("link set f0 mtu 1480 alias " + "ä".repeat(127) + "a " + (up ? "up" : "down"));
        firewall.sysctl("net.ipv4.conf.f0.rp_filter=2", "net.ipv4.conf.f0.arp_ignore=3");
        String before = state();
        Port port = take(firewall, "f0", 9000, IoMethod.AUTO);
        assertEquals(9000, port.mtu());
        assertTrue(firewall.run("ip", "link", "show", "f0").output().contains("mtu 9000"));
        assertTrue(firewall.run("ip", "link", "show", "f0").output().contains(",UP"));
        assertTrue(firewall.run("ip", "link", "show", "f0")
                .output()
                .contains(port.mac().toString()));
        assertFalse(before.equals(state()));
        close(port);
        assertEquals(before, state());
    }

    private String state() {
        String flags = firewall.run("ip", "-o", "link", "show", "f0").output().replaceAll("(?s)(state|qlen).*", "");
        return flags + firewall.run("sysctl", "-a", "-r", "conf.f0.").output();
    }

    @Test
    void theKernelIsDeafOnTheDevice() {
        wire(true, true);
        // An address on another device: by itself the kernel hears it everywhere and answers ARP for it.
        firewall.ip("link add name e0 type veth peer name e1\nlink set e0 up\nlink set e1 up"
                + "\naddr add 10.99.0.1/24 dev e0\naddr add fd99::1/64 dev e0 nodad");
        firewall.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        Port first = open("f0");
        String mac = first.mac().toString();
        close(first);
        a.ip(
                "neigh replace 10.77.0.9 lladdr " + mac + " dev a0 nud permanent"
                        + "\nneigh replace fd77::9 lladdr " + mac + " dev a0 nud permanent"
                        + "\nroute add 10.99.0.0/24 via 10.77.0.9\nroute add fd99::/64 via fd77::9\nroute add 10.99.0.2/32 dev a0");
        firewall.ip("addr add 10.99.0.2/24 dev e0");
        assertTrue(heard("10.99.0.1", "IcmpInEchos") > 0);
        assertTrue(heard("fd99::1", "Icmp6InEchos") > 0);
        assertTrue(isResolved("10.99.0.2"));

        Port port = open("f0");
        a.ip("neigh flush dev a0");
        assertEquals(0, heard("10.99.0.1", "IcmpInEchos"));
        assertEquals(0, heard("fd99::1", "Icmp6InEchos"));
        assertFalse(isResolved("10.99.0.2"));
        close(port);
    }

    /** How many of the echo requests from a to an address the firewall's kernel hears. */
    private long heard(String address, String counter) {
        long before = counter(firewall, counter);
        a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", address);
        return counter(firewall, counter) - before;
    }

    /** Whether ARP finds somebody for an address on a's own network. */
    private boolean isResolved(String address) {
        a.attempt("ping", "-c", "2", "-i", "0.2", "-W", "1", address);
        return a.run("ip", "neigh", "show", address).output().contains("lladdr");
    }
}
