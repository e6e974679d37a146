package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    private final FlowHash hash = new FlowHash(new Random(1));

    @Test
    void bothDirectionsHaveOneHashByWhateverInterface() {
        Packet there = Packets.udp(Bench.LAN, Bench.CLIENT, 1000, Bench.SERVER, 53, 1);
        Packet back = Packets.udp(Bench.TUNNEL, Bench.SERVER, 53, Bench.CLIENT, 1000, 1);
        assertEquals(hash.of(there), hash.of(back));
        Packet there6 = Packets.udp(Bench.LAN, Bench.CLIENT6, 1000, Bench.SERVER6, 53, 1);
        Packet back6 = Packets.udp(Bench.WAN, Bench.SERVER6, 53, Bench.CLIENT6, 1000, 1);
        assertEquals(hash.of(there6), hash.of(back6));
        Packet ping = Packets.echo(Bench.LAN, Bench.CLIENT, Bench.SERVER, true, 5);
        Packet answer = Packets.echo(Bench.WAN, Bench.SERVER, Bench.CLIENT, false, 5);
        assertEquals(hash.of(ping), hash.of(answer));
    }

    @Test
    void whatDiffersHashesDifferentlyAndAnotherKeyToo() {
        int base = hash.of(IpProtocol.TCP, 0, 1, 0, 2, 3, 4);
        assertNotEquals(base, hash.of(IpProtocol.UDP, 0, 1, 0, 2, 3, 4));
        assertNotEquals(base, hash.of(IpProtocol.TCP, 0, 1, 0, 2, 4, 3), "ports belong to their ends");
        assertNotEquals(base, hash.of(IpProtocol.TCP, 1, 1, 0, 2, 3, 4));
        assertNotEquals(base, hash.of(IpProtocol.TCP, 0, 1, 1, 2, 3, 4));
        assertNotEquals(base, new FlowHash(new Random(2)).of(IpProtocol.TCP, 0, 1, 0, 2, 3, 4));
    }

    @Test
    void ownersGetEqualShares() {
        for (int owners = 2; owners <= 7; owners++) {
            int[] share = new int[owners];
            for (int flow = 0; flow < 7000; flow++) {
                int port = 1024 + flow;
                share[
                        Math.floorMod(
                                hash.of(IpProtocol.TCP, 0, Bench.CLIENT.low(), 0, Bench.SERVER.low(), port, 443),
                                owners)]++;
            }
            for (int flows : share) {
                assertTrue(Math.abs(flows - 7000 / owners) < 400, flows + " of 7000 for one of " + owners);
            }
        }
    }
}
