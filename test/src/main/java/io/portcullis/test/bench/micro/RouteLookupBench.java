package io.portcullis.test.bench.micro;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;
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

/**
 * The longest match for random addresses, half of them in some prefix; and making the table. Prefix lengths are spread
 * as in the Internet's tables, more or less: most IPv4 prefixes of 24 bits, most IPv6 ones of 48 and 32.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteLookupBench {
    private static final NetworkInterface WAN = new StubInterface("wan", 1);
    private static final long GLOBAL_UNICAST = 0x2000_0000_0000_0000L;
    private static final int ADDRESSES = 1 << 16;
    private static final int[] V4_LENGTHS = {24, 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 18, 16, 16, 12};
    private static final int[] V6_LENGTHS = {48, 48, 48, 48, 48, 48, 32, 32, 32, 29, 36, 40, 44, 56, 64, 64};

    @Param({"5", "10000", "500000"})
    int routes;

    @Param({"4", "6"})
    int version;

    private final List<Route> list = new ArrayList<>();
    private final long[] high = new long[ADDRESSES];
    private final long[] low = new long[ADDRESSES];
    private RoutingTable table = new RoutingTable("main", List.of());
    private int next;
    private long before;

    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < routes; i++) {
            int bits = (version == 4 ? V4_LENGTHS : V6_LENGTHS)[random.nextInt(V4_LENGTHS.length)];
            list.add(new Route(IpNetwork.around(any(random), bits), WAN, null, 100, Route.Origin.STATIC));
        }
        table = new RoutingTable("main", list);
        for (int i = 0; i < ADDRESSES; i++) {
            IpAddress address = any(random);
            if (i % 2 == 0) {
                IpRange range = list.get(random.nextInt(routes)).network().range();
                long inHigh = range.first().high() ^ range.last().high();
                long inLow = range.first().low() ^ range.last().low();
                address = new IpAddress(
                        range.first().high() | (inHigh & random.nextLong()),
                        range.first().low() | (inLow & random.nextLong()));
            }
            high[i] = address.high();
            low[i] = address.low();
        }
    }

    private IpAddress any(Random random) {
        return version == 4
                ? IpAddress.v4(random.nextInt())
                : new IpAddress(random.nextLong() >>> 3 | GLOBAL_UNICAST, random.nextLong());
    }

    /** Independent look-ups, which the processor overlaps. */
    @Benchmark
    public @Nullable Route lookup() {
        int at = next++ & (ADDRESSES - 1);
        return table.lookup(high[at], low[at]);
    }

    /** Each look-up waits for the result of the one before. */
    @Benchmark
    public @Nullable Route latency() {
        int at = (int) (next++ + before) & (ADDRESSES - 1);
        Route route = table.lookup(high[at], low[at]);
        before = route == null ? 0 : route.metric();
        return route;
    }

    /** Making the table. */
    @Benchmark
    public RoutingTable build() {
        return new RoutingTable("main", list);
    }
}
