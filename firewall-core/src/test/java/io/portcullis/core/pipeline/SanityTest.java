package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of suspicious header, and what each reaction makes of it. */
class SanityTest {
    private static final Schema<IpSettings> IP = Schema.of(IpSettings.class);
    private static final Schema<TcpSettings> TCP = Schema.of(TcpSettings.class);
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int UNKNOWN_PROTOCOL = 99;

    /** What a setting is about, and the reason for which that dies. */
    static final class Suspect {
        final String property;
        final DropReason why;
        final byte[] datagram;

        Suspect(String property, DropReason why, byte[] datagram) {
            this.property = property;
            this.why = why;
            this.datagram = datagram;
        }
    }

    private static List<Suspect> suspects() {
        return List.of(
                new Suspect("TTLOnLow", DropReason.TTL_EXPIRED, Datagrams.ttl(udp(HOST, FAR), 2)),
                new Suspect("TransportChecksum", DropReason.BAD_CHECKSUM, withBadChecksum()),
                new Suspect("Block0Net", DropReason.ILLEGAL_SOURCE, udp("0.0.0.7", FAR)),
                new Suspect("Block0Net", DropReason.ILLEGAL_DESTINATION, udp(HOST, "0.1.2.3")),
                new Suspect("Block0Net", DropReason.ILLEGAL_SOURCE, udp("::", NEAR6)),
                new Suspect("Block127Net", DropReason.ILLEGAL_SOURCE, udp("127.0.0.1", FAR)),
                new Suspect("Block127Net", DropReason.ILLEGAL_DESTINATION, udp(HOST, "127.1.2.3")),
                new Suspect("Block127Net", DropReason.ILLEGAL_SOURCE, udp("::1", NEAR6)),
                new Suspect("BlockMulticastSrc", DropReason.ILLEGAL_SOURCE, udp("224.0.1.1", FAR)),
                new Suspect("BlockMulticastSrc", DropReason.ILLEGAL_SOURCE, udp("255.255.255.255", FAR)),
                new Suspect("BlockMulticastSrc", DropReason.ILLEGAL_SOURCE, udp("ff0e::7", NEAR6)),
                new Suspect("BlockReservedDest", DropReason.ILLEGAL_DESTINATION, udp(HOST, "250.1.1.1")),
                new Suspect("LandAttack", DropReason.LAND, udp(HOST, HOST)),
                new Suspect("LandAttack", DropReason.LAND, udp(HOST6, HOST6)),
                new Suspect("IPOPT_SR", DropReason.BAD_OPTIONS, withOption(0x83030400)),
                new Suspect("IPOPT_SR", DropReason.BAD_OPTIONS, withOption(0x89030400)),
                new Suspect("IPOPT_TS", DropReason.BAD_OPTIONS, withOption(0x44040500)),
                new Suspect("IPOPT_RTRALT", DropReason.BAD_OPTIONS, withOption(0x94040000)),
                new Suspect("IPOPT_OTHER", DropReason.BAD_OPTIONS, withOption(0x01070304)),
                new Suspect("IPRF", DropReason.RESERVED_BITS, withReservedFlag()),
                new Suspect("IP6ExtensionOrder", DropReason.EXTENSION_ORDER, disordered()),
                new Suspect("TCPOptionSizes", DropReason.BAD_OPTIONS, tcp(Tcp.SYN, b -> {
                    Octets.u8(b, 32, 6 << 4);
                    Octets.i32(b, 40, 0x01010209);
                })),
                new Suspect("TCPSynFin", DropReason.BAD_FLAGS, tcp(Tcp.SYN | Tcp.FIN)),
                new Suspect("TCPSynRst", DropReason.BAD_FLAGS, tcp(Tcp.SYN | Tcp.RST)),
                new Suspect("TCPFinRst", DropReason.BAD_FLAGS, tcp(Tcp.FIN | Tcp.RST | Tcp.ACK)),
                new Suspect("TCPNULL", DropReason.BAD_FLAGS, tcp(0)),
                new Suspect("TCPNULL", DropReason.BAD_FLAGS, tcp(Tcp.FIN)),
                new Suspect("TCPSynUrg", DropReason.BAD_FLAGS, tcp(Tcp.SYN | Tcp.URG)),
                new Suspect("TCPSynPsh", DropReason.BAD_FLAGS, tcp(Tcp.SYN | Tcp.PSH)),
                new Suspect("TCPFinUrg", DropReason.BAD_FLAGS, tcp(Tcp.FIN | Tcp.ACK | Tcp.URG)),
                new Suspect("TCPUrg", DropReason.BAD_FLAGS, tcp(Tcp.ACK | Tcp.URG)),
                new Suspect("TCPRF", DropReason.RESERVED_BITS, tcp(Tcp.SYN, b -> Octets.u8(b, 32, 5 << 4 | 2))));
    }

    static Stream<Arguments> all() {
        return suspects().stream()
                .flatMap(suspect -> Arrays.stream(Reaction.values())
                        .map(reaction ->
                                Arguments.of(suspect.property + " " + suspect.why.label(), reaction, suspect)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("all")
    void theSettingDecides(String name, Reaction reaction, Suspect suspect) {
        TestFirewall firewall = TestFirewall.withNeighbours();
        PipelineSettings d = PipelineSettings.DEFAULT;
        Map<String, String> change = Map.of(suspect.property, reaction.toString());
        boolean ofTcp = TCP.property(suspect.property).isPresent();
        firewall.settings(new PipelineSettings(
                ofTcp ? d.ip() : IP.change(IP.change(d.ip(), Map.of("TTLMin", "3")), change),
                ofTcp ? TCP.change(d.tcp(), change) : d.tcp(),
                d.fragments(),
                d.ipsecBeforeRules(),
                d.tellUnreachable(),
                d.icmpErrorsPerSecond(),
                d.dropEventsPerSecond()));
        firewall.fromLan(suspect.datagram);
        assertEquals(reaction.drops() ? 1 : 0, firewall.pipeline.drops(suspect.why), name);
        boolean said = firewall.events.stream()
                .anyMatch(event -> event.type().name().equals("malformed_packet")
                        && event.toString().contains("reason=" + suspect.why.label()));
        assertEquals(reaction.logs(), said, firewall.events::toString);
        firewall.assertNoLeak(0);
    }

    @Test
    void eachSettingHasItsSuspect() {
        Set<String> settings = new HashSet<>();
        Stream.concat(IP.properties().stream(), TCP.properties().stream())
                .map(SchemaProperty::name)
                .forEach(settings::add);
        settings.removeAll(Set.of("LogMalformed", "TTLMin"));
        Set<String> tested = new HashSet<>();
        suspects().forEach(suspect -> tested.add(suspect.property));
        assertEquals(settings, tested);
    }

    @Test
    void whatIsHarmlessPasses() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        firewall.fromLan(withOption(0x01010100));
        firewall.fromLan(udp(HOST, FAR));
        firewall.fromLan(tcp(Tcp.SYN, b -> {
            // NOP and a window scale; accurate ECN asked for.
            Octets.u8(b, 32, 6 << 4 | 1);
            Octets.i32(b, 40, 0x01030307);
        }));
        assertEquals(3, TestFirewall.datagrams(firewall.wanPort).size());
        assertTrue(
                firewall.events.stream().noneMatch(event -> event.type().name().equals("malformed_packet")));
    }

    /** What stands behind the end of the options is nobody's business, however it looks. */
    @Test
    void optionsEndWhereTheySaySo() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        firewall.fromLan(withOption(0));
        firewall.fromLan(withOption(0x0002_0700));
        assertEquals(2, TestFirewall.datagrams(firewall.wanPort).size());
        PipelineSettings d = PipelineSettings.DEFAULT;
        firewall.settings(new PipelineSettings(
                IP.change(d.ip(), Map.of("IPOPT_OTHER", "Ignore")),
                d.tcp(),
                d.fragments(),
                d.ipsecBeforeRules(),
                d.tellUnreachable(),
                d.icmpErrorsPerSecond(),
                d.dropEventsPerSecond()));
        firewall.fromLan(withOption(0x0002_0700));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
    }

    private static byte[] udp(String from, String to) {
        return Datagrams.udp(from, 5000, to, 53, 40);
    }

    private static byte[] withBadChecksum() {
        byte[] datagram = udp(HOST, FAR);
        datagram[datagram.length - 1] ^= 1;
        return datagram;
    }

    private static byte[] withOption(int option) {
        byte[] plain = Datagrams.ip(HOST, FAR, UNKNOWN_PROTOCOL, 12, _ -> {});
        return Datagrams.changed(plain, b -> {
            Octets.u8(b, 0, 0x46);
            Octets.i32(b, Ipv4.HEADER, option);
        });
    }

    private static byte[] withReservedFlag() {
        return Datagrams.changed(udp(HOST, FAR), b -> Octets.u16(b, 6, 0x8000));
    }

    /** A routing header before destination options is in order; twice it is not. */
    private static byte[] disordered() {
        byte[] datagram = Datagrams.ip(HOST6, NEAR6, ROUTING, 24, _ -> {});
        for (int at = 40; at < 64; at += 8) {
            datagram[at] = (byte) (at == 40 ? ROUTING : at == 48 ? DESTINATION_OPTIONS : UNKNOWN_PROTOCOL);
            datagram[at + 1] = 0;
            // An experimental routing type with no segments left (RFC 3692); padding of four octets.
            datagram[at + 2] = (byte) (at == 56 ? 1 : 253);
            datagram[at + 3] = (byte) (at == 56 ? 4 : 0);
        }
        return datagram;
    }

    private static byte[] tcp(int flags) {
        return tcp(flags, _ -> {});
    }

    /** A segment with four octets behind its header, room for options. */
    private static byte[] tcp(int flags, Consumer<MemorySegment> change) {
        return Datagrams.changed(Datagrams.tcp(HOST, 5000, FAR, 80, flags, 1, 0, 0, 4), change);
    }
}
