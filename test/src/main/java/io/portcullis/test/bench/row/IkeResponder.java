package io.portcullis.test.bench.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portcullis.test.bench.IkeLoad;
import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A gateway on the far processor that many initiators of one process on the near one set up IKE SAs with. */
final class IkeResponder {
    private static final String KEY = "load";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Transit transit;
    private final long process;

    private IkeResponder(Transit transit, long process) {
        this.transit = transit;
        this.process = process;
        transit.source.ip("route add local " + IkeLoad.PEERS + " dev lo");
        // ARP asks with the wire's address: a firewall answers nobody who says he is elsewhere.
        transit.source.sysctl("net.ipv4.conf.all.arp_announce=2");
    }

    /**
     * What came of a load.
     *
     * @param perSecond IKE SAs with their child
     * @param seconds for all
     * @param processorMillis of the responder for each
     */
    record Result(double perSecond, double seconds, double processorMillis) {}

    /** Ours, with a tunnel for each of {@code count} initiators. */
    static IkeResponder portcullis(Transit transit, int count) {
        String script =
                Transit.devices().replaceFirst("(Network=10\\.1\\.0\\.0/24)", "$1 DefaultGateway=" + Transit.SOURCE)
                        + IkeLoad.script(count, KEY);
        Firewall firewall = Firewall.startWarm(transit.lab(), transit.router, script);
        Processor.FAR.bind(firewall.pid());
        return new IkeResponder(transit, firewall.pid());
    }

    /** strongSwan, with one connection for all. */
    static IkeResponder strongSwan(Transit transit) {
        transit.kernelAddresses();
        // Its userspace ESP insists on an address of its own in the network behind it.
        transit.router.ip(
                "route add " + IkeLoad.PEERS + " via " + Transit.SOURCE + "\naddr add " + IkeLoad.GATEWAY + " dev lo");
        Charon charon = Charon.asResponder(transit.lab(), transit.router);
        charon.load("""
                connections { load {
                  version = 2
                  mobike = no
                  unique = never
                  local_addrs = %s
                  remote_addrs = %%any
                  proposals = aes128gcm16-prfsha256-x25519,aes128gcm16-prfsha256-ecp256
                  rekey_time = 24h
                  local { auth = psk
                  }
                  remote { auth = psk
                  }
                  children { net {
                    local_ts = %s
                    remote_ts = 10.78.0.0/16
                    esp_proposals = aes128gcm16
                    mode = tunnel
                    rekey_time = 12h
                  } }
                } }
                secrets { ike-load { secret = "%s"
                } }
                """.formatted(Transit.ROUTER_IN, IkeLoad.GATEWAY_NETWORK, KEY));
        Processor.FAR.bind(charon.pid());
        return new IkeResponder(transit, charon.pid());
    }

    /**
     * Has {@code count} initiators set up one each.
     *
     * @param warmUp initiators that come before them
     * @param group {@code x25519} or {@code ecp256}
     * @throws IllegalStateException when not all are established
     */
    Result load(int warmUp, int count, String group) {
        List<String> command = Processor.NEAR.command(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                IkeLoad.class.getName(),
                "--responder=" + Transit.ROUTER_IN,
                "--process=" + process,
                "--warm-up=" + warmUp,
                "--count=" + count,
                "--group=" + group,
                "--key=" + KEY));
        Command.Result result = Command.attempt(transit.source.within(command.toArray(String[]::new)), LIMIT)
                .orThrow();
        JsonNode report = lastLine(result.output());
        int established = report.get("established").intValue();
        if (established < count) {
            throw new IllegalStateException("of " + count + " IKE SAs only " + established + " came up");
        }
        return new Result(
                report.get("per_second").doubleValue(),
                report.get("seconds").doubleValue(),
                report.get("processor_seconds").doubleValue() * 1_000 / established);
    }

    /** Memory that the responder holds, in MB, as the kernel counts it. */
    double residentMegabytes() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1_000)
                .findFirst()
                .orElseThrow();
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode lastLine(String output) {
        try {
            return new ObjectMapper().readTree(output.strip().lines().toList().getLast());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a report:\n" + output, e);
        }
    }
}
