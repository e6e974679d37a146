package io.portcullis.test.bench;

import io.portcullis.test.bench.micro.MicroBench;
import io.portcullis.test.lab.Need;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Program behind {@code ./portcullis bench NAME [options]}. */
public final class Bench {
    private static final String USAGE = """
            usage: portcullis bench tunnel [--json] [--runs=N] [--seconds=N] [--suite=gcm|cbc] [--offload=on|off|both]
              TCP through a LAN-to-LAN tunnel, one stream: Portcullis on both ends, then strongSwan's userspace
              ESP on both ends, N times in turn. Needs root; the packages are in test/packages.txt.
            """ + MicroBench.USAGE;

    private Bench() {}

    /** Exit status: 0 measured, 1 something failed, 2 wrong command line or something missing. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (!arguments.isEmpty() && arguments.getFirst().equals("micro")) {
            return micro(arguments.subList(1, arguments.size()));
        }
        if (arguments.isEmpty() || !arguments.getFirst().equals("tunnel")) {
            System.err.println(USAGE);
            return 2;
        }
        List<String> missing = Stream.of(Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.IPERF)
                .map(Need::missing)
                .flatMap(Optional::stream)
                .toList();
        if (!missing.isEmpty()) {
            System.err.println("bench tunnel: " + String.join("; ", missing));
            return 2;
        }
        TunnelBench bench;
        try {
            bench = TunnelBench.of(arguments.subList(1, arguments.size()));
        } catch (IllegalArgumentException e) {
            System.err.println("bench tunnel: " + e.getMessage() + "\n" + USAGE);
            return 2;
        }
        try {
            bench.run(System.out);
            return 0;
        } catch (IllegalStateException e) {
            System.err.println("bench tunnel: " + e.getMessage());
            Arrays.stream(e.getSuppressed()).forEach(System.err::println);
            return 1;
        }
    }

    private static int micro(List<String> arguments) {
        MicroBench bench;
        try {
            bench = MicroBench.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench micro: " + e.getMessage() + "\n" + MicroBench.USAGE);
            return 2;
        }
        try {
            bench.run(System.out);
            return 0;
        } catch (IllegalStateException e) {
            System.err.println("bench micro: " + e.getMessage());
            return 1;
        }
    }
}
