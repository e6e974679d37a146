package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code cpuid}: the processor and its features; {@code aes} among the flags means AES-NI. */
public final class CpuidCommand implements Command {
    private static final List<String> FIELDS =
            List.of("vendor_id", "model name", "cpu family", "model", "stepping", "cpu MHz", "cache size");
    private static final List<String> CRYPTO =
            List.of("aes", "pclmulqdq", "vaes", "vpclmulqdq", "avx2", "avx512f", "sha_ni", "gfni");

    private final Path cpuinfo;

    /** @param cpuinfo {@code /proc/cpuinfo} */
    public CpuidCommand(Path cpuinfo) {
        this.cpuinfo = cpuinfo;
    }

    @Override
    public String name() {
        return "cpuid";
    }

    @Override
    public String help() {
        return "Shows the processor and the features that encryption uses.";
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        Map<String, String> first = new LinkedHashMap<>();
        int processors = 0;
        try {
            for (String line : Files.readAllLines(cpuinfo)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    String key = line.substring(0, colon).strip();
                    processors += key.equals("processor") ? 1 : 0;
                    first.putIfAbsent(key, line.substring(colon + 1).strip());
                }
            }
        } catch (IOException e) {
            throw new CommandFailure("the processor's description can not be read: " + e.getMessage());
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Processors", ": " + processors));
        for (String field : FIELDS) {
            if (first.containsKey(field)) {
                rows.add(List.of(Character.toUpperCase(field.charAt(0)) + field.substring(1), ": " + first.get(field)));
            }
        }
        String flags = first.getOrDefault("flags", first.getOrDefault("Features", ""));
        List<String> known = List.of(flags.split(" "));
        List<String> used = CRYPTO.stream().filter(known::contains).toList();
        rows.add(List.of(
                "Used by encryption",
                used.isEmpty()
                        ? ": none: AES is computed without instructions for it"
                        : ": " + String.join(" ", used)));
        rows.add(List.of("Feature flags", ": " + flags));
        output.out(TextTable.plain(rows));
    }
}
