package io.portcullis.core.ftp;

import io.portcullis.core.net.IpAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a data connection is to be made, as a line of the control connection says it. Lines are octets as they came,
 * the line's end included.
 *
 * @param form how it is written
 * @param address null where the line says none, and the server's own is meant
 * @param port 0 to 65535
 * @param from place in the line of the part that says it
 * @param to behind that part
 */
public record DataAddress(Form form, @Nullable IpAddress address, int port, int from, int to) {
    private static final int MOST_PORT = 0xffff;
    private static final int MOST_OCTET = 0xff;
    private static final int COMMAND = 5;
    private static final int REPLY = 4;

    /** The commands and replies that say it. */
    public enum Form {
        /** {@code PORT h1,h2,h3,h4,p1,p2} (RFC 959 section 4.1.2). */
        PORT("PORT "),
        /** {@code EPRT |1|address|port|} (RFC 2428 section 2). */
        EPRT("EPRT "),
        /** {@code 227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)}, in whatever words (RFC 1123 section 4.1.2.6). */
        PASSIVE("227 "),
        /** {@code 229 Entering Extended Passive Mode (|||port|)} (RFC 2428 section 3). */
        EXTENDED_PASSIVE("229 ");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        /** Whether a client says it, and listens there. */
        public boolean isActive() {
            return this == PORT || this == EPRT;
        }
    }

    /** Whether a line that begins so, and may be longer, may say where a data connection is to be made. */
    public static boolean mayBecome(byte[] line, int count, boolean fromClient) {
        for (Form form : Form.values()) {
            if (form.isActive() == fromClient && begins(line, count, form.word)) {
                return true;
            }
        }
        return false;
    }

    /** The form of a line that says it by its first word; null for all other lines. */
    public static @Nullable Form form(byte[] line, int count, boolean fromClient) {
        int word = fromClient ? COMMAND : REPLY;
        for (Form form : Form.values()) {
            if (form.isActive() == fromClient && count >= word && begins(line, word, form.word)) {
                return form;
            }
        }
        return null;
    }

    /** Whether the line begins with this word, as far as both go; in whatever case. */
    public static boolean begins(byte[] line, int count, String word) {
        for (int i = 0; i < Math.min(count, word.length()); i++) {
            if (Character.toUpperCase((char) (line[i] & 0xff)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes a line of this form apart; null when it is malformed. */
    public static @Nullable DataAddress parse(byte[] line, int count, Form form) {
        Reader reader = new Reader(line, count, form.word.length());
        return switch (form) {
            case PORT -> reader.six(form, true);
            case PASSIVE -> {
                reader.skipToDigit();
                yield reader.six(form, false);
            }
            case EPRT -> reader.extended(form);
            case EXTENDED_PASSIVE -> {
                reader.skipBehind('(');
                yield reader.onlyPort(form);
            }
        };
    }

    /** The line with another address and port in it; the address counts only where the line says one. */
    public byte[] replaced(byte[] line, int count, IpAddress newAddress, int newPort) {
        String said = switch (form) {
            case PORT, PASSIVE -> {
                int bits = newAddress.v4Bits();
                yield (bits >>> 24) + "," + (bits >>> 16 & MOST_OCTET) + "," + (bits >>> 8 & MOST_OCTET) + ","
                        + (bits & MOST_OCTET) + "," + (newPort >>> 8) + "," + (newPort & MOST_OCTET);
            }
            case EPRT -> "|" + (newAddress.isV4() ? 1 : 2) + "|" + newAddress + "|" + newPort + "|";
            case EXTENDED_PASSIVE -> "|||" + newPort + "|";
        };
        byte[] part = said.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[count - (to - from) + part.length];
        System.arraycopy(line, 0, all, 0, from);
        System.arraycopy(part, 0, all, from, part.length);
        System.arraycopy(line, to, all, from + part.length, count - to);
        return all;
    }

    /** Reads a line from left to right. */
    private static final class Reader {
        private final byte[] line;
        private final int count;
        private int at;

        Reader(byte[] line, int count, int at) {
            this.line = line;
            this.count = count;
            this.at = at;
        }

        void skipToDigit() {
            while (at < count && !isDigit(line[at])) {
                at++;
            }
        }

        void skipBehind(char wanted) {
            while (at < count && line[at] != wanted) {
                at++;
            }
            at++;
        }

        private void skipSpaces() {
            while (at < count && line[at] == ' ') {
                at++;
            }
        }

        /** Whether nothing is left but the line's end. */
        private boolean isAtEnd() {
            skipSpaces();
            if (at < count && line[at] == '\r') {
                at++;
            }
            return at == count - 1 && line[at] == '\n';
        }

        private static boolean isDigit(byte octet) {
            return octet >= '0' && octet <= '9';
        }

        /** A number of one to five digits, -1 when there is none or it is above {@code most}. */
        private int number(int most) {
            int value = 0;
            int first = at;
            while (at < count && at - first < 5 && isDigit(line[at])) {
                value = value * 10 + line[at++] - '0';
            }
            boolean goesOn = at < count && isDigit(line[at]);
            return at == first || goesOn || value > most ? -1 : value;
        }

        /** Six numbers with commas. */
        @Nullable
        DataAddress six(Form form, boolean toTheEnd) {
            skipSpaces();
            int from = at;
            long all = 0;
            for (int i = 0; i < 6; i++) {
                if (i > 0 && (at >= count || line[at++] != ',')) {
                    return null;
                }
                int octet = number(MOST_OCTET);
                if (octet < 0) {
                    return null;
                }
                all = all << 8 | octet;
            }
            int to = at;
            return toTheEnd && !isAtEnd()
                    ? null
                    : new DataAddress(form, IpAddress.v4((int) (all >>> 16)), (int) all & MOST_PORT, from, to);
        }

        /** {@code |protocol|address|port|} with any delimiter. */
        @Nullable
        DataAddress extended(Form form) {
            skipSpaces();
            int from = at;
            byte delimiter = delimiter();
            int family = delimiter == 0 ? -1 : number(2);
            if (family < 1 || !takes(delimiter)) {
                return null;
            }
            int begins = at;
            while (at < count && line[at] != delimiter && at - begins < 46) {
                at++;
            }
            String text = new String(line, begins, at - begins, StandardCharsets.US_ASCII);
            IpAddress address = IpAddress.parse(text).orElse(null);
            if (address == null || address.isV4() != (family == 1) || !takes(delimiter)) {
                return null;
            }
            int port = number(MOST_PORT);
            if (port < 0 || !takes(delimiter)) {
                return null;
            }
            int to = at;
            return isAtEnd() ? new DataAddress(form, address, port, from, to) : null;
        }

        /** {@code |||port|)} with any delimiter. */
        @Nullable
        DataAddress onlyPort(Form form) {
            int from = at;
            byte delimiter = delimiter();
            if (delimiter == 0 || !takes(delimiter) || !takes(delimiter)) {
                return null;
            }
            int port = number(MOST_PORT);
            if (port < 0 || !takes(delimiter)) {
                return null;
            }
            return at < count && line[at] == ')' ? new DataAddress(form, null, port, from, at) : null;
        }

        /** A printable octet that is no digit; 0 when there is none. */
        private byte delimiter() {
            boolean is = at < count && line[at] > ' ' && line[at] < 0x7f && !isDigit(line[at]);
            return is ? line[at++] : 0;
        }

        private boolean takes(byte wanted) {
            return at < count && line[at++] == wanted;
        }
    }
}
