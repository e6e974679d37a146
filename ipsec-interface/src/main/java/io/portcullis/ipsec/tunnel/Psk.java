package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** A pre-shared key as it is configured. */
@ObjectType(
        value = "PSK",
        title = "Pre-shared key",
        help = "A secret that both ends of a tunnel know and prove to know.")
public record Psk(
        @Property(help = "Name of the key.", required = true)
        String name,

        @Property(help = "Whether the key is typed as text or as hexadecimal digits.", required = true)
        Type type,

        @Property(help = "The key as text; characters outside ASCII count as UTF-8.", name = "PSKAscii")
        Optional<Secret> pskAscii,

        @Property(help = "The key as hexadecimal digits, two for each octet.", name = "PSKHex")
        Optional<Secret> pskHex,

        @Property(help = "Remark.") String comments) {

    /** How the key is typed. */
    public enum Type {
        ASCII,
        HEX
    }

    /** @throws ConfigError when the key of the type is missing or malformed */
    public Psk {
        if (type == Type.ASCII && (pskAscii.isEmpty() || pskAscii.get().reveal().isEmpty())) {
            throw new ConfigError("PSKAscii", "a key of type ASCII needs its text");
        }
        if (type == Type.HEX && !isHex(pskHex.map(Secret::reveal).orElse(""))) {
            throw new ConfigError("PSKHex", "a key of type HEX needs hexadecimal digits, an even number of them");
        }
    }

    /** A random key of type HEX. */
    public static Psk generate(String name, int bits, SecureRandom random, String comments) {
        byte[] octets = new byte[(bits + 7) / 8];
        random.nextBytes(octets);
        Secret digits = new Secret(HexFormat.of().formatHex(octets));
        return new Psk(name, Type.HEX, Optional.empty(), Optional.of(digits), comments);
    }

    /** The key itself. */
    public PreSharedKey key() {
        byte[] octets = type == Type.ASCII
                ? pskAscii.map(Secret::reveal).orElse("").getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(digits(pskHex.map(Secret::reveal).orElse("")));
        return new PreSharedKey(octets);
    }

    private static boolean isHex(String text) {
        String digits = digits(text);
        return !digits.isEmpty() && digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit);
    }

    private static String digits(String text) {
        return text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
    }
}
