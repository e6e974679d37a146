package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ConfigError;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Key sizes of a cipher in an algorithm list: shortest, preferred, longest. */
final class KeySizes {
    private static final List<Integer> AES = List.of(128, 192, 256);

    private KeySizes() {}

    /** @throws ConfigError when a size is none of AES's, or the preferred one does not lie between the others */
    static void check(String cipher, int min, int preferred, int max) {
        checkOne(cipher + "MinKeySize", min);
        checkOne(cipher + "KeySize", preferred);
        checkOne(cipher + "MaxKeySize", max);
        if (min > preferred || preferred > max) {
            throw new ConfigError(
                    cipher + "KeySize",
                    preferred + " is not between " + cipher + "MinKeySize, " + min + ", and " + cipher + "MaxKeySize, "
                            + max);
        }
    }

    private static void checkOne(String property, int bits) {
        if (!AES.contains(bits)) {
            throw new ConfigError(property, bits + " is not 128, 192 or 256");
        }
    }

    /** The sizes allowed: the preferred one, the longest, the shortest, then what lies between. */
    static List<Integer> allowed(boolean enabled, int min, int preferred, int max) {
        if (!enabled) {
            return List.of();
        }
        Set<Integer> sizes = new LinkedHashSet<>(List.of(preferred));
        sizes.add(max);
        sizes.add(min);
        AES.stream().filter(bits -> min < bits && bits < max).forEach(sizes::add);
        return List.copyOf(sizes);
    }
}
