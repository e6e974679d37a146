package io.portcullis.test.bench;

import io.portcullis.core.port.IoMethod;
import io.portcullis.test.bench.row.Activation;
import io.portcullis.test.bench.row.BareForwarding;
import io.portcullis.test.bench.row.CryptoBench;
import io.portcullis.test.bench.row.EspRate;
import io.portcullis.test.bench.row.ForwardTcp;
import io.portcullis.test.bench.row.IkeScale;
import io.portcullis.test.bench.row.IkeSetup;
import io.portcullis.test.bench.row.Latency;
import io.portcullis.test.bench.row.NewFlows;
import io.portcullis.test.bench.row.PacketRate;
import io.portcullis.test.bench.row.Row;
import io.portcullis.test.bench.row.Start;
import io.portcullis.test.bench.row.TunnelTcp;
import io.portcullis.test.bench.row.TunnelUdp;
import java.util.List;

/** The rows of the table, in its order. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        return List.of(
                new TunnelTcp("tunnel-tcp", true, 12),
                new TunnelTcp("tunnel-tcp-frames", false, 4),
                new TunnelUdp(1_300),
                new TunnelUdp(64),
                new CryptoBench(),
                new ForwardTcp(),
                new NewFlows(10, 1.5),
                new NewFlows(1_000, 6),
                new NewFlows(10_000, 40),
                new PacketRate(64),
                new PacketRate(1514),
                new BareForwarding(IoMethod.XDP, 64),
                new BareForwarding(IoMethod.XDP, 1514),
                new BareForwarding(IoMethod.RING, 64),
                new BareForwarding(IoMethod.RING, 1514),
                new BareForwarding(IoMethod.SUPER_PACKETS, 64),
                new BareForwarding(IoMethod.SUPER_PACKETS, 1514),
                new EspRate(),
                new Activation(10_000),
                new IkeSetup("ecp256"),
                new IkeSetup("x25519"),
                new IkeScale(),
                new Latency(),
                new Start());
    }
}
