package io.portcullis.test.bench.micro;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Udp;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the connection table takes for a packet, with so many UDP connections open. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConnectionBench {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final long CLIENTS = V4_MAPPED | 0x0a00_0000;
    private static final long SERVER = V4_MAPPED | 0xc633_6414L;
    private static final NetworkInterface LAN = new Cable("lan", 1);
    private static final NetworkInterface WAN = new Cable("wan", 2);

    @Param({"1000", "100000", "1000000"})
    int connections;

    private final PacketPool pool = new PacketPool(1);
    private final Packet packet = Objects.requireNonNull(pool.take());
    private ConnectionTable table = table();
    private int[] order = {};
    private int next;
    private long now;

    @Setup
    public void open() {
        writePacket();
        table = table();
        order = new int[connections];
        Random random = new Random(1);
        for (int i = 0; i < connections; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
            open(i);
            for (int round = 0; round < 2; round++) {
                question(i);
                present();
                answer(i);
                present();
            }
        }
    }

    @TearDown
    public void close() {
        pool.close();
    }

    /** A packet of the connection opened next after that of the packet before. */
    @Benchmark
    public DropReason inOrder() {
        question(advance());
        return present();
    }

    /** A packet of any connection. */
    @Benchmark
    public DropReason random() {
        question(order[advance()]);
        return present();
    }

    /** A packet of no connection. */
    @Benchmark
    public @Nullable Flow miss() {
        question(connections + order[advance()]);
        return table.find(packet, now);
    }

    /** A packet that opens a connection, which is closed at once. */
    @Benchmark
    public int openAndClose() {
        Flow flow = open(connections + order[advance()]);
        table.close(flow.connection(), CloseReason.OPERATOR, now);
        return table.size();
    }

    private DropReason present() {
        now += 100;
        Flow flow = table.find(packet, now);
        if (flow == null) {
            throw new IllegalStateException("no connection");
        }
        DropReason why = table.accept(flow, packet, now);
        table.translate(flow, packet);
        return why;
    }

    private Flow open(int number) {
        question(number);
        if (table.find(packet, now) != null) {
            throw new IllegalStateException("connection " + number + " is there already");
        }
        return Objects.requireNonNull(table.open(packet, WAN, null, LAN, null, null, 1, now));
    }

    private int advance() {
        next = next + 1 == connections ? 0 : next + 1;
        return next;
    }

    private void question(int number) {
        packet.ingress(LAN);
        packet.addresses(0, CLIENTS + (number >>> 4), 0, SERVER);
        packet.ports(1024 + (number & 15), 53);
    }

    private void answer(int number) {
        packet.ingress(WAN);
        packet.addresses(0, SERVER, 0, CLIENTS + (number >>> 4));
        packet.ports(53, 1024 + (number & 15));
    }

    private void writePacket() {
        int length = Udp.HEADER + 64;
        int at = packet.append(Ipv4.HEADER + length);
        Ipv4.write(packet.buffer(), at, 0, Ipv4.HEADER + length, 1, false, 64, IpProtocol.UDP, (int) CLIENTS, (int)
                SERVER);
        Udp.write(packet.buffer(), at + Ipv4.HEADER, 1024, 53, length);
        packet.ingress(LAN);
        if (Headers.parse(packet) != DropReason.NONE) {
            throw new IllegalStateException("the packet does not parse");
        }
    }

    private static ConnectionTable table() {
        return new ConnectionTable(
                new ConnectionLimits(1_000_001, 10_000, 60, 262_144, 80, 130, 8, 130, false),
                _ -> {},
                new Random(1),
                0);
    }

    private record Cable(String name, int index) implements NetworkInterface {
        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public InterfaceCounters counters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable IpAddress ownAddress(int ipVersion) {
            return null;
        }

        @Override
        public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush(PacketWorker worker, long now) {}
    }
}
