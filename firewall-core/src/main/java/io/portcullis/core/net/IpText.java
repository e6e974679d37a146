package io.portcullis.core.net;

import java.util.Optional;

/** The text forms of addresses: strict dotted decimal, and IPv6 by RFC 4291 section 2.2 read, RFC 5952 written. */
final class IpText {
    private IpText() {}

    static Optional<IpAddress> parseV4(String text) {
        int bits = 0;
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int start = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && at - start < 3) {
                value = value * 10 + (text.charAt(at++) - '0');
            }
            // A leading zero reads as octal elsewhere: refuse what two systems understand differently.
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return Optional.empty();
            }
            bits = bits << 8 | value;
            if (part < 3 && (at >= text.length() || text.charAt(at++) != '.')) {
                return Optional.empty();
            }
        }
        return at == text.length() ? Optional.of(IpAddress.v4(bits)) : Optional.empty();
    }

    static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        int[] head = groups(gap >= 0 ? text.substring(0, gap) : text, gap < 0);
        int[] tail = gap >= 0 ? groups(text.substring(gap + 2), true) : new int[0];
        if (head == null || tail == null) {
            return Optional.empty();
        }
        int given = head.length + tail.length;
        if (gap < 0 ? given != 8 : given > 7) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            int fromEnd = 8 - i;
            int group = i < head.length ? head[i] : fromEnd <= tail.length ? tail[tail.length - fromEnd] : 0;
            if (i < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return Optional.of(new IpAddress(high, low));
    }

    /** The 16-bit groups of one side of "::"; null when malformed. An embedded IPv4 tail counts as two. */
    private static int @org.jspecify.annotations.Nullable [] groups(String side, boolean mayEndInV4) {
        if (side.isEmpty()) {
            return new int[0];
        }
        String[] parts = side.split(":", -1);
        boolean v4Tail = mayEndInV4 && parts[parts.length - 1].indexOf('.') >= 0;
        int[] out = new int[parts.length + (v4Tail ? 1 : 0)];
        if (out.length > 8) {
            return null;
        }
        for (int i = 0; i < parts.length; i++) {
            if (v4Tail && i == parts.length - 1) {
                Optional<IpAddress> v4 = parseV4(parts[i]);
                if (v4.isEmpty()) {
                    return null;
                }
                out[i] = v4.get().v4Bits() >>> 16;
                out[i + 1] = v4.get().v4Bits() & 0xffff;
                return out;
            }
            int value = hex(parts[i]);
            if (value < 0) {
                return null;
            }
            out[i] = value;
        }
        return out;
    }

    private static int hex(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < group.length(); i++) {
            int digit = group.charAt(i) < 128 ? Character.digit(group.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static String formatV4(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    static String formatV6(long high, long low) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high >>> (48 - 16 * i) : low >>> (112 - 16 * i)) & 0xffff);
        }
        int gapAt = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = i;
            while (run < 8 && groups[run] == 0) {
                run++;
            }
            if (run - i > gapLength) {
                gapAt = i;
                gapLength = run - i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapAt) {
                out.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
