package io.portcullis.core.port.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Kernel variables of a device (/proc/sys/net/FAMILY/conf/DEVICE/VARIABLE). */
final class KernelSettings {
    /** With these the kernel neither answers nor forwards what comes in by a device without addresses. */
    static final Map<String, String> DEAF = deaf();

    /**
     * For the TUN device: no link-local address and no router solicitations of the kernel's own, and packets come in
     * from everywhere, whatever the kernel's own routes say.
     */
    static final Map<String, String> ROUTED =
            Map.of("ipv6/addr_gen_mode", "1", "ipv6/accept_ra", "0", "ipv4/rp_filter", "2");

    private static final Path ROOT = Path.of("/proc/sys/net");

    private KernelSettings() {}

    private static Map<String, String> deaf() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ipv4/arp_ignore", "8");
        all.put("ipv4/rp_filter", "1");
        all.put("ipv4/forwarding", "0");
        all.put("ipv4/proxy_arp", "0");
        all.put("ipv6/disable_ipv6", "1");
        return Collections.unmodifiableMap(all);
    }

    /** The values of all variables of {@link #DEAF} that this kernel has. */
    static Map<String, String> read(String device) throws DeviceException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : DEAF.keySet()) {
            Path path = path(device, name);
            try {
                // Without IPv6 there are none of its family.
                if (Files.exists(path)) {
                    values.put(name, Files.readString(path).strip());
                }
            } catch (IOException e) {
                throw new DeviceException(device + ": can not read " + path + ": " + e.getMessage(), e);
            }
        }
        return values;
    }

    /** Sets variables, {@code FAMILY/VARIABLE} to value; those that this kernel does not have are passed over. */
    static void write(String device, Map<String, String> values) throws DeviceException {
        for (Map.Entry<String, String> one : values.entrySet()) {
            Path path = path(device, one.getKey());
            try {
                if (Files.exists(path) && !Files.readString(path).strip().equals(one.getValue())) {
                    Files.writeString(path, one.getValue());
                }
            } catch (AccessDeniedException e) {
                throw new DeviceException(device + ": write " + path, Errno.EACCES);
            } catch (IOException e) {
                throw new DeviceException(device + ": can not write " + path + ": " + e.getMessage(), e);
            }
        }
    }

    private static Path path(String device, String name) {
        int slash = name.indexOf('/');
        return ROOT.resolve(name.substring(0, slash))
                .resolve("conf")
                .resolve(device)
                .resolve(name.substring(slash + 1));
    }
}
