package io.portcullis.ipsec.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the processor can do, as the kernel names it.
 *
 * @param flags the words behind {@code flags} (on ARM {@code Features}); empty when they are not known
 */
public record CpuFeatures(Set<String> flags) {
    /** Reads the first processor's line; a file that can not be read says nothing about the processor. */
    public static CpuFeatures of(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return new CpuFeatures(lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line ->
                            Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                    .orElse(Set.of()));
        } catch (IOException unreadable) {
            return new CpuFeatures(Set.of());
        }
    }

    /** Whether there are instructions for AES and for GCM's multiplication. */
    boolean hasAes() {
        return flags.contains("aes") && flags.contains("pclmulqdq");
    }
}
