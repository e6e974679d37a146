package io.portcullis.test.bench.micro;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Udp;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Taking a UDP packet's headers apart, from the IP header to the ports. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderParsingBench {
    private static final int BURST = 64;
    private static final int DATA = 64;

    @Param({"4", "6"})
    int version;

    private final PacketPool pool = new PacketPool(BURST);
    private final Packet[] packets = new Packet[BURST];

    @Setup
    public void fill() {
        IpAddress source = IpAddress.literal(version == 4 ? "10.1.2.3" : "2001:db8::1");
        IpAddress target = IpAddress.literal(version == 4 ? "192.0.2.1" : "2001:db8:1::1");
        for (int i = 0; i < BURST; i++) {
            Packet packet = Objects.requireNonNull(pool.take());
            int length = Udp.HEADER + DATA;
            int header = version == 4 ? Ipv4.HEADER : Ipv6.HEADER;
            int at = packet.append(header + length);
            if (version == 4) {
                Ipv4.write(
                        packet.buffer(),
                        at,
                        0,
                        header + length,
                        i,
                        false,
                        64,
                        IpProtocol.UDP,
                        source.v4Bits(),
                        target.v4Bits());
            } else {
                Ipv6.write(
                        packet.buffer(),
                        at,
                        0,
                        i,
                        length,
                        IpProtocol.UDP,
                        64,
                        source.high(),
                        source.low(),
                        target.high(),
                        target.low());
            }
            Udp.write(packet.buffer(), at + header, 1024 + i, 53, length);
            packets[i] = packet;
        }
        if (parse() != BURST) {
            throw new IllegalStateException("the packets do not parse");
        }
    }

    @TearDown
    public void close() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public int parse() {
        int good = 0;
        for (Packet packet : packets) {
            if (Headers.parse(packet) == DropReason.NONE) {
                good++;
            }
        }
        return good;
    }
}
