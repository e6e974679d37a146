package io.portcullis.test.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Packets of one device, captured by tcpdump and taken apart by tshark with the keys that a peer has logged. */
public final class Capture implements AutoCloseable {
    private final Path folder;
    private final Process process;

    private Capture(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Captures IKE and ESP from now on. */
    public static Capture start(Lab lab, Namespace namespace, String device) {
        Path folder = lab.folder("capture-" + System.nanoTime());
        Path log = folder.resolve("log");
        Process process = namespace.start(
                log,
                List.of(
                        "tcpdump",
                        "--immediate-mode",
                        "-U",
                        "-n",
                        "-i",
                        device,
                        "-w",
                        folder.resolve("packets").toString(),
                        "udp port 500 or udp port 4500 or ip proto 50"));
        Capture capture = lab.own(new Capture(folder, process));
        Await.until(
                "tcpdump listens", Duration.ofSeconds(5), () -> Swan.read(log).contains("listening on"));
        return capture;
    }

    /** Ends the capture, once what has passed the device has reached the file. */
    public void stop() {
        Await.within(Duration.ofMillis(300), () -> false);
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One line a packet with the named fields, tab-separated, of the packets that match {@code filter}.
     *
     * @param ikeKeys lines of Wireshark's {@code ikev2_decryption_table}
     * @param espKeys lines of Wireshark's {@code esp_sa}
     */
    public List<String> fields(String ikeKeys, String espKeys, String filter, String... fields) {
        Path keys = folder.resolve("wireshark");
        Swan.write(keys.resolve("ikev2_decryption_table"), ikeKeys);
        Swan.write(keys.resolve("esp_sa"), espKeys);
        List<String> command = new ArrayList<>(List.of(
                "env",
                "WIRESHARK_CONFIG_DIR=" + keys,
                "tshark",
                "-r",
                folder.resolve("packets").toString(),
                "-o",
                "esp.enable_encryption_decode:TRUE",
                "-o",
                "esp.enable_authentication_check:TRUE",
                "-Y",
                filter,
                "-T",
                "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return Command.attempt(command)
                .orThrow()
                .output()
                .lines()
                .filter(line -> !line.startsWith("Running as user"))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
