package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a device was before it was taken over. While it is taken, this stands in the device's alias, which is there as
 * long as the device is, whatever becomes of the process: who takes it after a process that was killed reads it there.
 *
 * @param up whether it was
 * @param mtu octets
 * @param stripsTags whether VLAN tags were taken off received frames
 * @param settings value of each of the {@link KernelSettings} that the kernel has
 * @param alias of the device, an octet a character; "" when it had none
 */
record FoundState(boolean up, int mtu, MacAddress mac, boolean stripsTags, Map<String, String> settings, String alias) {
    /** Octets; the kernel takes no longer alias (IFALIASZ with the closing zero). */
    static final int LONGEST = 255;

    private static final String MARK = "portcullis has this device; found:";
    private static final String WAS_NAMED = " alias=";

    /** As it is written down; an alias that does not fit is cut. */
    String text() {
        StringBuilder text = new StringBuilder(MARK)
                .append(" up=")
                .append(up ? 1 : 0)
                .append(" mtu=")
                .append(mtu)
                .append(" mac=")
                .append(mac)
                .append(" tags=")
                .append(stripsTags ? 1 : 0);
        settings.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        text.append(WAS_NAMED).append(alias);
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    /** What an alias says; empty when it says nothing of the kind, or not all of it. */
    static Optional<FoundState> parse(String alias) {
        int name = alias.indexOf(WAS_NAMED);
        if (!alias.startsWith(MARK) || name < 0) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : alias.substring(MARK.length(), name).strip().split(" ", -1)) {
            int at = word.indexOf('=');
            if (at > 0) {
                values.put(word.substring(0, at), word.substring(at + 1));
            }
        }
        try {
            boolean up = number(values, "up") == 1;
            int mtu = number(values, "mtu");
            MacAddress mac =
                    MacAddress.parse(values.getOrDefault("mac", "")).orElseThrow(IllegalArgumentException::new);
            boolean tags = number(values, "tags") == 1;
            values.keySet().retainAll(KernelSettings.DEAF.keySet());
            values.values().removeIf(value -> !value.matches("[0-9]{1,3}"));
            return Optional.of(new FoundState(up, mtu, mac, tags, values, alias.substring(name + WAS_NAMED.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int number(Map<String, String> values, String name) {
        return Integer.parseInt(values.getOrDefault(name, ""));
    }
}
