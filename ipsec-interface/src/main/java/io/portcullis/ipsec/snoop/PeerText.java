package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.ike.wire.Octets;
import java.nio.charset.StandardCharsets;

/** Text that a peer chose: it must neither run on for ever nor command the terminal it is shown on. */
final class PeerText {
    private static final int LONGEST = 256;

    private PeerText() {}

    /** The octets as UTF-8, whatever is not a printable character as a dot. */
    static String of(Octets octets) {
        String text = new String(octets.toArray(), StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> out.appendCodePoint(isPrintable(c) ? c : '.'));
        return out.toString();
    }

    /** Whether all octets are printable ASCII. */
    static boolean isAscii(Octets octets) {
        for (int i = 0; i < octets.size(); i++) {
            if (octets.at(i) < ' ' || octets.at(i) > '~') {
                return false;
            }
        }
        return !octets.isEmpty();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
