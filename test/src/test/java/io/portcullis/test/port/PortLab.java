package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.core.port.linux.TunDevice;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;

/** Hosts {@code a} and {@code b} in one network, and between them a namespace whose devices are taken by ports. */
final class PortLab implements AutoCloseable {
    private static final int OCTETS = 40 << 20;

    private final Lab lab = Lab.open();
    final Namespace a = lab.namespace("a");
    final Namespace b = lab.namespace("b");
    final Namespace firewall = lab.namespace("f");

    /** a:a0 to f0 of the firewall, f1 to b:b0, the hosts in one network. */
    void wire(boolean offloadIn, boolean offloadOut) {
        wireLeft(offloadIn);
        lab.wire(firewall, "f1", b, "b0", offloadOut);
        a.ip("addr add 10.77.0.1/24 dev a0\naddr add fd77::1/64 dev a0 nodad");
        b.ip("addr add 10.77.0.2/24 dev b0\naddr add fd77::2/64 dev b0 nodad");
    }

    /** a:a0 to f0 alone, without addresses. */
    void wireLeft(boolean offload) {
        lab.wire(a, "a0", firewall, "f0", offload);
    }

    static Port take(Namespace where, String device, int mtu, IoMethod method) {
        return where.call(() -> LinuxPorts.open(device, mtu, method, 1).getFirst());
    }

    /** A port for each of so many workers. */
    List<Port> open(String device, IoMethod method, int workers) {
        return firewall.call(() -> LinuxPorts.open(device, 0, method, workers));
    }

    Port open(String device, IoMethod method) {
        return take(firewall, device, 0, method);
    }

    Port open(String device) {
        return open(device, IoMethod.AUTO);
    }

    /** Closes ports where they were opened. */
    void giveUp(Port... ports) {
        firewall.call(() -> {
            for (Port port : ports) {
                port.close();
            }
            return "closed";
        });
    }

    /** Sends noise by TCP from one namespace to the other and compares what arrived. */
    static void transfer(Namespace from, Namespace to, String address) throws Exception {
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

    static long counter(Namespace namespace, String name) {
        String text = namespace.run("nstat", "-asz", name).output();
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", 3)[1]))
                .findFirst()
                .orElseThrow();
    }

    TunDevice tunOfA() {
        return a.call(() -> {
            TunDevice device = TunDevice.open("core", 1500);
            device.addAddress(IpAddress.literal("10.79.0.1"), 32);
            device.addAddress(IpAddress.literal("fd79::1"), 128);
            device.addRoute(IpNetwork.ALL_V4, IpAddress.literal("10.79.0.1"), 0);
            device.addRoute(IpNetwork.literal("fd79::/64"), null, 0);
            return device;
        });
    }

    TunDevice tunOfB() {
        return b.call(() -> {
            TunDevice device = TunDevice.open("core", 1400);
            device.addAddress(IpAddress.literal("10.79.0.2"), 24);
            device.addAddress(IpAddress.literal("fd79::2"), 64);
            return device;
        });
    }

    /** Link-local addresses are made anew when IPv6 is switched on again, and wait for a moment. */
    static String withoutLifetimes(String text) {
        return text.lines()
                .filter(line -> !line.contains("fe80") && !line.contains("valid_lft"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    @Override
    public void close() {
        lab.close();
    }
}
