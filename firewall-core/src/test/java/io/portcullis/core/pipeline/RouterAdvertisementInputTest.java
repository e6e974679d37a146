package io.portcullis.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.slaac.Advertisement;
import io.portcullis.core.slaac.SlaacDefinition;
import io.portcullis.core.slaac.SlaacHosts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What routers say on wan, heard where the operator wants it and nowhere else. */
class RouterAdvertisementInputTest {
    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final SlaacHosts hosts = new SlaacHosts(
            (WorkerCommand command) -> firewall.worker.execute(command), new Random(3), firewall.events::add);

    private void listen() {
        hosts.apply(
                List.of(new SlaacDefinition("wan", "eth1", 1500, AddressSet.EMPTY)), _ -> Optional.of(firewall.wan));
    }

    private static byte[] said(String router, int hopLimit) {
        byte[] message =
                new Advertisement(1800).prefix("2001:db8:77::", 64, 3600, 1800).octets();
        byte[] packet = Datagrams.ip(router, "ff02::1", IpProtocol.ICMPV6, message.length, p -> {
            int at = p.transportAt();
            MemorySegment.copy(message, 0, p.buffer(), ValueLayout.JAVA_BYTE, at, message.length);
            Icmpv6.computeChecksum(p.buffer(), at, at + message.length, Headers.pseudoHeader(p, message.length));
        });
        return Datagrams.ttl(packet, hopLimit);
    }

    private void pass(Duration time) {
        for (long i = 0; i < time.toMillis(); i += 250) {
            firewall.pass(Duration.ofMillis(250));
            boolean _ = hosts.step(firewall.clock.nanos());
            firewall.step();
        }
    }

    @Test
    void offNothingIsLearned() {
        firewall.fromWan(said("fe80::99", 255));
        pass(Duration.ofSeconds(3));
        assertTrue(hosts.learned().isEmpty());
        firewall.assertNoLeak(0);
    }

    @Test
    void onAnAddressIsMade() {
        listen();
        pass(Duration.ofSeconds(2));
        List<Packet> asked = firewall.wanPort.taken().stream()
                .map(frame -> Datagrams.parsed(frame.octets()))
                .filter(packet -> packet.protocol() == IpProtocol.ICMPV6
                        && packet.destinationPort() >>> 8 == Icmpv6.ROUTER_SOLICITATION)
                .toList();
        assertEquals(1, asked.size(), "solicitations");
        assertEquals(DropReason.NONE, Headers.verifyTransport(asked.getFirst()));
        firewall.fromWan(said("fe80::99", 255));
        pass(Duration.ofSeconds(3));
        assertEquals("2001:db8:77::/64", hosts.learned().get("wan").network().toString());
        assertTrue(firewall.eventNames().contains("address_learned"), firewall.eventNames()::toString);
        firewall.assertNoLeak(0);
    }

    @Test
    void whatARouterOfThisLinkCanNotHaveSaidDies() {
        listen();
        firewall.fromWan(said("fe80::99", 254));
        firewall.fromWan(said("2001:db8:2::99", 255));
        assertEquals(2, firewall.pipeline.drops(DropReason.BAD_NEIGHBOUR_MESSAGE));
        pass(Duration.ofSeconds(3));
        assertTrue(hosts.learned().isEmpty());
    }

    @Test
    void onTheOtherInterfaceNobodyListens() {
        listen();
        firewall.fromLan(said("fe80::99", 255));
        pass(Duration.ofSeconds(3));
        assertTrue(hosts.learned().isEmpty());
    }

    @Test
    void anAddressThatAnswersIsNotUsed() {
        listen();
        firewall.fromWan(said("fe80::99", 255));
        boolean _ = hosts.step(firewall.clock.nanos());
        firewall.step();
        String own = "2001:db8:77::ff:fe00:2";
        firewall.fromWan(
                NeighbourMessages.advertisement(own, "ff02::1", TestFirewall.ROUTER_MAC, Icmpv6.OVERRIDE),
                TestFirewall.ROUTER_MAC);
        pass(Duration.ofSeconds(3));
        assertTrue(hosts.learned().isEmpty(), hosts.learned()::toString);
        assertTrue(firewall.eventNames().contains("address_occupied"), firewall.eventNames()::toString);
    }
}
