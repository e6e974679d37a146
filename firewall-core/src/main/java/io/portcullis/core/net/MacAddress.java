package io.portcullis.core.net;

import java.util.HexFormat;
import java.util.Optional;

/**
 * An Ethernet address.
 *
 * @param bits 48 bits, network order
 */
public record MacAddress(long bits) {
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    public static MacAddress of(byte[] octets) {
        if (octets.length != 6) {
            throw new IllegalArgumentException("an Ethernet address has 6 octets, not " + octets.length);
        }
        long bits = 0;
        for (byte octet : octets) {
            bits = bits << 8 | (octet & 0xff);
        }
        return new MacAddress(bits);
    }

    /** Parses six hexadecimal pairs with {@code :} or {@code -} between them. */
    public static Optional<MacAddress> parse(String text) {
        return text.matches("(?i)[0-9a-f]{2}([:-][0-9a-f]{2}){5}")
                ? Optional.of(of(HexFormat.of().parseHex(text.replaceAll("[:-]", ""))))
                : Optional.empty();
    }

    public boolean isMulticast() {
        return (bits >>> 40 & 1) != 0;
    }

    @Override
    public String toString() {
        String hex = HexFormat.of().toHexDigits(bits, 12);
        return hex.replaceAll("(..)(?!$)", "$1:");
    }
}
