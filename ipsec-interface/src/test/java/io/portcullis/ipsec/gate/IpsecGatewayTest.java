package io.portcullis.ipsec.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Udp;
import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.esp.SaDatabase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IpsecGatewayTest implements PacketWorker {
    private static final IpAddress US = IpAddress.literal("192.0.2.1");
    private static final IpAddress THEM = IpAddress.literal("192.0.2.2");

    private record Datagram(String from, String to, String message) {}

    private final PacketPool pool = new PacketPool(32);
    private final List<Datagram> ike = new ArrayList<>();
    private final List<Packet> originated = new ArrayList<>();
    private final List<DropReason> dropped = new ArrayList<>();
    private boolean inboxFull;
    private long now = 1;
    private final SaDatabase database = new SaDatabase(
            CryptoSelection.jdkOnly(new SystemClock(), new SecureRandom())::worker,
            command -> {
                command.run(this, 1);
                return true;
            },
            _ -> true,
            _ -> 1500,
            new SecureRandom());
    private final IpsecGateway gateway =
            new IpsecGateway(database, (local, localPort, remote, remotePort, ingress, payload) -> {
                ike.add(new Datagram(
                        remote + ":" + remotePort,
                        local + ":" + localPort,
                        HexFormat.of().formatHex(payload)));
                return !inboxFull;
            });

    @AfterEach
    void noPacketIsLost() {
        assertEquals(pool.size(), pool.available());
        pool.close();
    }

    private Packet udp(int from, int to, int... payload) {
        Packet packet = pool.take();
        MemorySegment b = packet.buffer();
        int at = packet.append(Ipv4.HEADER + Udp.HEADER + payload.length);
        Ipv4.write(b, at, 0, packet.length(), 1, false, 64, IpProtocol.UDP, THEM.v4Bits(), US.v4Bits());
        Udp.write(b, at + Ipv4.HEADER, from, to, Udp.HEADER + payload.length);
        for (int i = 0; i < payload.length; i++) {
            b.set(ValueLayout.JAVA_BYTE, at + Ipv4.HEADER + Udp.HEADER + i, (byte) payload[i]);
        }
        assertEquals(DropReason.NONE, Headers.parse(packet));
        return packet;
    }

    private DropReason take(Packet packet) {
        assertTrue(gateway.claims(packet));
        DropReason why = gateway.take(packet, this, now);
        if (why != DropReason.NONE) {
            pool.give(packet);
        }
        return why;
    }

    @Test
    void datagramsAreIkeOrEspOrKeepalives() {
        assertEquals(DropReason.NONE, take(udp(500, 500, 1, 2, 3)));
        assertEquals(new Datagram("192.0.2.2:500", "192.0.2.1:500", "010203"), ike.getLast());
        assertEquals(DropReason.NONE, take(udp(31000, 4500, 0, 0, 0, 0, 9)));
        assertEquals(new Datagram("192.0.2.2:31000", "192.0.2.1:4500", "0000000009"), ike.getLast());
        assertEquals(DropReason.NONE, take(udp(31000, 4500, 0xff)));
        assertEquals(DropReason.SHORT_HEADER, take(udp(31000, 4500, 0xff, 1)));
        assertEquals(DropReason.SHORT_HEADER, take(udp(31000, 4500)));
        assertEquals(DropReason.SHORT_HEADER, take(udp(31000, 4500, 0, 0, 1, 0)));
        assertEquals(DropReason.UNKNOWN_SPI, take(udp(31000, 4500, 0, 0, 1, 0, 0, 0, 0, 1, 7, 7)));
        assertEquals(2, ike.size());
        inboxFull = true;
        assertEquals(DropReason.IKE_QUEUE_FULL, take(udp(500, 500, 1, 2, 3)));
        Packet other = udp(500, 501, 1);
        assertFalse(gateway.claims(other));
        pool.give(other);
    }

    @Test
    void randomDatagramsAreTakenOrDieWithAReason() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 5000; round++) {
            int[] payload = random.ints(random.nextInt(64), 0, 3).toArray();
            Packet packet = udp(1 + random.nextInt(65_535), random.nextBoolean() ? 500 : 4500, payload);
            DropReason why = take(packet);
            boolean expected =
                    why == DropReason.NONE || why == DropReason.SHORT_HEADER || why == DropReason.UNKNOWN_SPI;
            assertTrue(expected, "seed " + seed + " " + why);
        }
    }

    @Test
    void mergedDatagramsAreTakenOneByOne() {
        Packet merged = udp(31000, 4500, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3);
        merged.gso(Packet.Gso.UDP, 5);
        assertEquals(DropReason.NONE, take(merged));
        assertEquals(
                List.of("0000000001", "0000000002", "0000000003"),
                ike.stream().map(Datagram::message).toList());
    }

    /** Fragmentation needed, quoting a packet of ours. */
    private Packet tooBig(IpAddress quotedSource, int protocol, int code, int quotedOctets) {
        Packet packet = pool.take();
        MemorySegment b = packet.buffer();
        int at = packet.append(Ipv4.HEADER + Icmp.HEADER + Ipv4.HEADER + quotedOctets);
        Ipv4.write(b, at, 0, packet.length(), 1, false, 64, IpProtocol.ICMP, 0x0a000001, US.v4Bits());
        Icmp.write(b, at + Ipv4.HEADER, Icmp.UNREACHABLE, code, 1400);
        int quote = at + Ipv4.HEADER + Icmp.HEADER;
        Ipv4.write(b, quote, 0, 1500, 1, true, 64, protocol, quotedSource.v4Bits(), THEM.v4Bits());
        if (quotedOctets >= 8) {
            Udp.write(b, quote + Ipv4.HEADER, 4500, 4500, 1480);
        }
        assertEquals(DropReason.NONE, Headers.parse(packet));
        return packet;
    }

    @Test
    void onlyErrorsAboutOurEncryptedPacketsAreClaimed() {
        int needed = Icmp.FRAGMENTATION_NEEDED;
        assertEquals(DropReason.NONE, take(tooBig(US, IpProtocol.ESP, needed, 8)));
        assertEquals(DropReason.NONE, take(tooBig(US, IpProtocol.UDP, needed, 8)));
        for (Packet other : List.of(
                tooBig(THEM, IpProtocol.ESP, needed, 8),
                tooBig(US, IpProtocol.TCP, needed, 8),
                tooBig(US, IpProtocol.ESP, Icmp.HOST_UNREACHABLE, 8),
                tooBig(US, IpProtocol.ESP, needed, 7))) {
            assertFalse(gateway.claims(other));
            pool.give(other);
        }
    }

    /** Each costs a look at every SA, and nobody who sends one need know a key. */
    @Test
    void aFloodOfErrorsIsNotHeard() {
        for (int i = 0; i < QuotedPackets.HEARD_A_SECOND; i++) {
            assertEquals(DropReason.NONE, take(tooBig(US, IpProtocol.ESP, Icmp.FRAGMENTATION_NEEDED, 8)));
        }
        assertEquals(DropReason.TOO_MANY_ERRORS, take(tooBig(US, IpProtocol.UDP, Icmp.FRAGMENTATION_NEEDED, 8)));
        now += 1_000_000_000L;
        assertEquals(DropReason.NONE, take(tooBig(US, IpProtocol.UDP, Icmp.FRAGMENTATION_NEEDED, 8)));
    }

    @Test
    void ikeLeavesAsAPacketOfTheFirewallsOwn() {
        WorkerTransport transport = new WorkerTransport(
                command -> {
                    command.run(this, 1);
                    return true;
                },
                new Random(1));
        byte[] payload = {0, 0, 0, 0, 5, 6};
        transport.send(US, 4500, THEM, 31000, payload);
        Packet packet = originated.getFirst();
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
        assertEquals(4500, packet.sourcePort());
        assertEquals(31000, packet.destinationPort());
        assertFalse(Ipv4.dontFragment(packet.buffer(), packet.networkAt()));
        byte[] sent = packet.buffer()
                .asSlice(packet.transportAt() + Udp.HEADER, payload.length)
                .toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(payload, sent);
        pool.give(packet);

        transport.send(IpAddress.literal("2001:db8::1"), 500, IpAddress.literal("2001:db8::2"), 500, new byte[] {1});
        Packet six = originated.get(1);
        assertEquals(DropReason.NONE, Headers.parse(six));
        assertEquals(DropReason.NONE, Headers.verifyTransport(six));
        pool.give(six);
        transport.send(US, 500, IpAddress.literal("2001:db8::2"), 500, payload);
        transport.send(US, 500, THEM, 500, new byte[WorkerTransport.LONGEST + 1]);
        assertEquals(2, originated.size(), "what can not be sent is lost");
    }

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public void originate(Packet packet, long now) {
        originated.add(packet);
    }

    @Override
    public void decapsulated(Packet packet, NetworkInterface tunnel, long now) {
        pool.give(packet);
    }

    @Override
    public void drop(Packet packet, DropReason reason) {
        dropped.add(reason);
        pool.give(packet);
    }

    @Override
    public void lost(NetworkInterface ingress, DropReason reason) {
        dropped.add(reason);
    }

    @Override
    public void flushLater(BurstCollector collector) {}
}
