package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IcmpErrorTest {
    private static final IpAddress ROUTER = IpAddress.literal("203.0.113.254");
    private static final IpAddress ROUTER6 = IpAddress.literal("2001:db8:ff::fe");

    private final Bench bench = new Bench();

    private Packet sent(int kind, boolean v6) {
        IpAddress from = v6 ? Bench.CLIENT6 : Bench.CLIENT;
        IpAddress to = v6 ? Bench.SERVER6 : Bench.SERVER;
        return switch (kind) {
            case 0 -> Packets.udp(Bench.LAN, from, 4000, to, 53, 50);
            case 1 -> Packets.tcp(Bench.LAN, from, 4000, to, 80, Tcp.SYN, 1, 0, 1000, -1, 0);
            case 2 -> Packets.echo(Bench.LAN, from, to, true, 4000);
            default -> Packets.raw(Bench.LAN, from, to, IpProtocol.GRE, 40);
        };
    }

    @Test
    void anErrorComesBackWithWhatTheClientHadSent() {
        for (boolean v6 : new boolean[] {false, true}) {
            for (int kind = 0; kind < 4; kind++) {
                Bench fresh = new Bench();
                Packet before = sent(kind, v6);
                Packet packet = Packets.arrived(before, Bench.LAN);
                fresh.pass(packet, Bench.WAN, TestPolicy.NAT);
                IpAddress wan = Objects.requireNonNull(v6 ? Bench.WAN.v6() : Bench.WAN.v4());
                Packet error = Packets.unreachable(Bench.WAN, v6 ? ROUTER6 : ROUTER, wan, packet, 1280);
                String what = "kind " + kind + (v6 ? " IPv6" : " IPv4");
                assertFalse(fresh.flow(error).isOriginal(), what);
                assertEquals(DropReason.NONE, fresh.through(error, Bench.LAN, null), what);
                IpAddress client = v6 ? Bench.CLIENT6 : Bench.CLIENT;
                assertEquals(client, new IpAddress(error.destinationHigh(), error.destinationLow()), what);
                Packets.assertChecksumsRight(error);
                int quote = error.transportAt() + Icmp.HEADER;
                for (int i = 0; i < before.length(); i++) {
                    assertEquals(
                            Octets.u8(before.buffer(), before.start() + i),
                            Octets.u8(error.buffer(), quote + i),
                            what + ": octet " + i + " of the quoted packet");
                }
            }
        }
    }

    @Test
    void eightQuotedOctetsAreEnough() {
        Packet packet = sent(1, false);
        bench.pass(packet, Bench.WAN, TestPolicy.NAT);
        Packet error =
                Packets.unreachable(Bench.WAN, ROUTER, Objects.requireNonNull(Bench.WAN.v4()), packet, Ipv4.HEADER + 8);
        bench.pass(error, Bench.LAN, null);
        Packets.assertChecksumsRight(error);
        int quote = error.transportAt() + Icmp.HEADER;
        assertEquals(Bench.CLIENT.v4Bits(), Ipv4.source(error.buffer(), quote));
        assertEquals(0, Checksum.of(error.buffer(), quote, quote + Ipv4.HEADER), "checksum of the quoted header");
        assertEquals(4000, Tcp.sourcePort(error.buffer(), quote + Ipv4.HEADER));
    }

    @Test
    void theClientsErrorAboutAnAnswerDoesNotShowInnerAddresses() {
        Packet query = sent(0, false);
        bench.pass(query, Bench.WAN, TestPolicy.NAT);
        Packet answer = Packets.udp(
                Bench.WAN, Bench.SERVER, 53, Objects.requireNonNull(Bench.WAN.v4()), query.sourcePort(), 20);
        bench.pass(answer, Bench.LAN, null);
        Packet error = Packets.unreachable(Bench.LAN, Bench.CLIENT, Bench.SERVER, answer, 548);
        assertTrue(bench.flow(error).isOriginal());
        bench.pass(error, Bench.WAN, null);
        Packets.assertChecksumsRight(error);
        assertEquals(Bench.WAN.v4(), new IpAddress(error.sourceHigh(), error.sourceLow()));
        int quote = error.transportAt() + Icmp.HEADER;
        assertEquals(Objects.requireNonNull(Bench.WAN.v4()).v4Bits(), Ipv4.destination(error.buffer(), quote));
        assertEquals(query.sourcePort(), Tcp.destinationPort(error.buffer(), quote + Ipv4.HEADER));
    }

    @Test
    void anErrorChangesNeitherStateNorTimer() {
        Packet packet = sent(1, false);
        bench.pass(packet, Bench.WAN, TestPolicy.PLAIN);
        Connection connection = bench.flow(sent(1, false)).connection();
        bench.after(50);
        bench.pass(Packets.unreachable(Bench.WAN, ROUTER, Bench.CLIENT, packet, 100), Bench.LAN, null);
        assertEquals(TcpState.SYN_SENT, connection.tcpState());
        assertEquals(0, connection.reply().packets());
        bench.after(12);
        assertEquals(0, bench.table.size());
    }

    @Test
    void errorsAboutNothingKnownAndRedirectsFindNothing() {
        Packet packet = sent(0, false);
        Packet error = Packets.unreachable(Bench.WAN, ROUTER, Bench.CLIENT, packet, 100);
        assertNull(bench.table.find(error, bench.now));
        assertEquals(DropReason.NO_NEW_CONNECTION, bench.through(error, Bench.LAN, TestPolicy.PLAIN));
        bench.pass(packet, Bench.WAN, TestPolicy.PLAIN);
        assertNull(
                bench.table.find(Packets.unreachable(Bench.LAN, ROUTER, Bench.CLIENT, packet, 100), bench.now),
                "errors come back by the interface that the packet left by");
        byte[] quote = new byte[28];
        MemorySegment.copy(packet.buffer(), packet.start(), MemorySegment.ofArray(quote), 0, quote.length);
        Packet redirect = Packets.icmp(Bench.WAN, ROUTER, Bench.CLIENT, Icmp.REDIRECT, 1, 0, quote);
        assertNull(bench.table.find(redirect, bench.now));
    }

    @Test
    void aStrangersAnswerFindsNothing() {
        Packet packet = sent(2, false);
        bench.pass(packet, Bench.WAN, TestPolicy.PLAIN);
        Packet forged = Packets.echo(Bench.WAN, ROUTER, Bench.CLIENT, false, 4000);
        assertEquals(DropReason.NO_NEW_CONNECTION, bench.through(forged, Bench.LAN, TestPolicy.PLAIN));
        Packet other = Packets.echo(Bench.WAN, Bench.SERVER, Bench.CLIENT, false, 4001);
        assertEquals(DropReason.NO_NEW_CONNECTION, bench.through(other, Bench.LAN, TestPolicy.PLAIN));
        bench.pass(Packets.echo(Bench.WAN, Bench.SERVER, Bench.CLIENT, false, 4000), Bench.LAN, null);
    }

    @Test
    void mangledErrorsNeverThrow() {
        Packet packet = sent(0, false);
        bench.pass(packet, Bench.WAN, TestPolicy.NAT);
        for (long seed = 1; seed <= 3000; seed++) {
            Random random = new Random(seed);
            byte[] quote = new byte[random.nextInt(60)];
            random.nextBytes(quote);
            if (quote.length > 20 && random.nextBoolean()) {
                MemorySegment.copy(packet.buffer(), packet.start(), MemorySegment.ofArray(quote), 0, 12);
            }
            boolean v6 = random.nextBoolean();
            Packet error = Packets.icmp(
                    Bench.WAN, v6 ? ROUTER6 : ROUTER, v6 ? Bench.CLIENT6 : Bench.CLIENT, v6 ? 1 : 3, 1, 0, quote);
            try {
                bench.through(error, Bench.LAN, TestPolicy.PLAIN);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
