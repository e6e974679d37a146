package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.core.trace.Trail;
import io.portcullis.ipsec.ike.Prospect;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class TraceCommandTest {
    private final List<Packet> asked = new ArrayList<>();
    private final Trail trail = new Trail();
    private Optional<DropReason> why = Optional.empty();

    private final TraceCommand command = new TraceCommand(
            () -> List.of("lan", "wan"),
            new TraceCommand.Tracer() {
                @Override
                public Optional<CompletableFuture<TraceReport>> trace(Packet packet, String iface) {
                    if (!iface.equals("lan")) {
                        return Optional.empty();
                    }
                    asked.add(packet);
                    return Optional.of(
                            CompletableFuture.completedFuture(why.map(reason -> trail.dropped(reason, "block_all"))
                                    .orElseGet(trail::alive)));
                }

                @Override
                public CompletableFuture<Optional<Prospect>> prospect(String tunnel) {
                    return CompletableFuture.completedFuture(Optional.empty());
                }
            },
            new TraceCommand.CaptureFiles() {
                @Override
                public List<String> names() {
                    return List.of("a.pcapng");
                }

                @Override
                public InputStream open(String name) throws IOException {
                    throw new IOException("there is no file " + name);
                }
            });

    private Packet packet(String words) {
        trail.end("forwarded to wan");
        Typed.run(command, words);
        Packet packet = asked.getLast();
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
        return packet;
    }

    @Test
    void thePacketIsAsDescribed() {
        Packet tcp =
                packet("trace lan tcp 172.16.1.5:4000 192.168.11.7:443 -flags=syn,ack -seq=7 -ttl=3 -df -size=1400");
        assertEquals(IpAddress.literal("172.16.1.5").low(), tcp.sourceLow());
        assertEquals(IpAddress.literal("192.168.11.7").low(), tcp.destinationLow());
        assertEquals(4000, tcp.sourcePort());
        assertEquals(443, tcp.destinationPort());
        assertEquals(Tcp.SYN | Tcp.ACK, Tcp.flags(tcp.buffer(), tcp.transportAt()));
        assertEquals(7, Tcp.sequence(tcp.buffer(), tcp.transportAt()));
        assertEquals(3, Ipv4.ttl(tcp.buffer(), tcp.networkAt()));
        assertTrue(Ipv4.dontFragment(tcp.buffer(), tcp.networkAt()));
        assertEquals(1400, tcp.length());

        Packet udp = packet("trace lan udp [2001:db8::1]:53 [2001:db8::2]:5353");
        assertEquals(6, udp.ipVersion());
        assertEquals(5353, udp.destinationPort());

        Packet icmp = packet("trace lan icmp 2001:db8::1 2001:db8::2");
        assertEquals(IpProtocol.ICMPV6, icmp.protocol());
        assertEquals(Icmpv6.ECHO_REQUEST << 8, icmp.destinationPort());
        assertEquals(
                3 << 8 | 4,
                packet("trace lan icmp 192.0.2.1 192.0.2.2 -type=3 -code=4").destinationPort());
        assertEquals(47, packet("trace lan gre 192.0.2.1 192.0.2.2").protocol());
        Packet esp = packet("trace lan esp 192.0.2.1 192.0.2.2 -spi=0xcafe0001");
        assertEquals(0xcafe0001, Esp.spi(esp.buffer(), esp.transportAt()));
        assertEquals(200, packet("trace lan 200 192.0.2.1 192.0.2.2 -size=24").protocol());
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        assertFailure(
                "trace",
                "trace needs interface, protocol, source and destination, such as"
                        + " 'trace lan tcp 172.16.1.5:4000 192.168.11.7:443'; or -file");
        assertFailure(
                "trace lan tcp 192.0.2.1 192.0.2.2:80",
                "'192.0.2.1' has no port: write 192.0.2.1:443, and an IPv6" + " address as [2001:db8::1]:443");
        assertFailure(
                "trace lan tcp 2001:db8::1 [2001:db8::2]:80",
                "'2001:db8::1' has no port: write 192.0.2.1:443, and" + " an IPv6 address as [2001:db8::1]:443");
        assertFailure(
                "trace lan udp 192.0.2.1:70000 192.0.2.2:80",
                "'192.0.2.1:70000': '70000' is not a port from 0 to" + " 65535");
        assertFailure("trace lan icmp 192.0.2.1 2001:db8::2", "192.0.2.1 and 2001:db8::2 are not of one family");
        assertFailure(
                "trace lan foo 192.0.2.1 192.0.2.2",
                "'foo' is not a protocol such as tcp, udp or icmp, nor a number" + " from 0 to 255");
        assertFailure("trace nowhere icmp 192.0.2.1 192.0.2.2", "there is no interface 'nowhere'; there are lan, wan");
        assertFailure(
                "trace lan tcp 192.0.2.1:1 192.0.2.2:1 -flags=SYM",
                "-flags: 'SYM' is none of FIN, SYN, RST, PSH, ACK, URG, ECE, CWR and NONE");
        assertFailure("trace lan icmp 192.0.2.1 192.0.2.2 -size=27", "-size: '27' is not a number from 28 to 65535");
        assertFailure(
                "trace lan icmp 192.0.2.1 192.0.2.2 -file=x",
                "a packet of -file is not described: use -packet and" + " -interface");
        assertFailure(
                "trace lan icmp 192.0.2.1 192.0.2.2 -packet=2", "-packet and -interface are for a packet of -file");
        assertFailure("trace lan esp 192.0.2.1 192.0.2.2 -spi=0", "-spi: '0' is not an SPI such as 0x0a1b2c3d");
        assertFailure("trace -file=x", "-file: there is no file x");
    }

    private void assertFailure(String words, String sentence) {
        assertEquals(sentence, Typed.failure(command, words));
    }

    @Test
    void stepsAreIndentedAndNoLineIsTooLong() {
        trail.step("Route", "a ".repeat(80) + "end");
        trail.step("Policy", "main 1 jump: Goto branches");
        trail.step("Policy", "branches 1 web: Allow");
        trail.wrapped("branch");
        trail.step("Packet", "ESP 192.0.2.1 -> 192.0.2.2");
        trail.end("forwarded to wan");
        String told = Typed.run(command, "trace lan icmp 192.0.2.1 192.0.2.2");
        assertTrue(told.lines().allMatch(line -> line.length() <= 100), told);
        List<String> lines = told.lines().toList();
        assertTrue(lines.get(0).startsWith("  Route        a a"), told);
        assertEquals("  Policy       main 1 jump: Goto branches", lines.get(2), told);
        assertEquals("               branches 1 web: Allow", lines.get(3), told);
        assertEquals("    Packet       ESP 192.0.2.1 -> 192.0.2.2", lines.get(4), told);
        assertEquals("Forwarded to wan, inside tunnel branch.", lines.getLast(), told);
    }

    @Test
    void aDropIsAFailureThatNamesReasonAndObject() {
        why = Optional.of(DropReason.POLICY_DENIED);
        assertFailure(
                "trace lan icmp 192.0.2.1 192.0.2.2",
                "Dropped: policy_denied by block_all. A policy denies the connection.");
    }
}
