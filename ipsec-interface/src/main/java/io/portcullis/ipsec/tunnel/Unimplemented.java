package io.portcullis.ipsec.tunnel;

import java.util.List;

/** Algorithms that lists may name and that this product does not have. */
final class Unimplemented {
    private Unimplemented() {}

    static void note(boolean enabled, String property, List<String> into) {
        if (enabled) {
            into.add(property);
        }
    }
}
