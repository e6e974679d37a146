package io.portcullis.core.port.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Kernel variables of one device (/proc/sys/net) that are changed for a time and put back. */
final class KernelSettings {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private final String device;
    private final Map<Path, String> before = new LinkedHashMap<>();

    KernelSettings(String device) {
        this.device = device;
    }

    /**
     * Sets a variable and remembers what it was; one that this kernel does not have is passed over.
     *
     * @param family ipv4 or ipv6
     */
    void set(String family, String variable, String value) throws DeviceException {
        Path path = ROOT.resolve(family).resolve("conf").resolve(device).resolve(variable);
        if (!Files.exists(path)) {
            return;
        }
        try {
            String old = Files.readString(path).strip();
            if (!old.equals(value)) {
                Files.writeString(path, value);
                before.put(path, old);
            }
        } catch (AccessDeniedException e) {
            throw new DeviceException(device + ": write " + path, Errno.EACCES);
        } catch (IOException e) {
            throw new DeviceException(device + ": can not write " + path + ": " + e.getMessage(), e);
        }
    }

    /** Puts everything back, as far as the device still exists. */
    void restore() {
        before.forEach((path, value) -> {
            try {
                if (Files.exists(path)) {
                    Files.writeString(path, value);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        before.clear();
    }
}
