package io.portcullis.ipsec.keylog;

import io.portcullis.core.event.EventSink;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.IkeObserver;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Writes the keys of SAs as Wireshark's tables {@code ikev2_decryption_table} and {@code esp_sa}, into a folder that
 * only its owner can read. {@code WIRESHARK_CONFIG_DIR=FOLDER tshark -o esp.enable_encryption_decode:TRUE -r FILE} then
 * shows what the SAs of a capture protected. A cipher that Wireshark 4 does not know stands in a comment: a row of it
 * would make the rows behind unreadable. The one place where keys leave the process on purpose.
 */
public final class KeyLog implements IkeObserver {
    /** Wireshark's names of the two tables. */
    public static final String IKE_TABLE = "ikev2_decryption_table";

    public static final String ESP_TABLE = "esp_sa";

    private static final HexFormat HEX = HexFormat.of();

    private final Path folder;
    private final EventSink events;

    /**
     * A log in this folder, which is made when the first key comes.
     *
     * @param events hear of it when the files can not be written
     */
    public KeyLog(Path folder, EventSink events) {
        this.folder = folder;
        this.events = events;
    }

    @Override
    public void ikeKeys(long initiatorSpi, long responderSpi, IkeKeys keys) {
        append(IKE_TABLE, List.of(ikeLine(initiatorSpi, responderSpi, keys)));
    }

    @Override
    public void childKeys(SaPair pair) {
        append(ESP_TABLE, espLines(pair));
    }

    /** One row of {@code ikev2_decryption_table}. */
    static String ikeLine(long initiatorSpi, long responderSpi, IkeKeys keys) {
        EspSuite suite = keys.protection();
        return comment(suite)
                + String.join(
                        ",",
                        HEX.toHexDigits(initiatorSpi),
                        HEX.toHexDigits(responderSpi),
                        HEX.formatHex(withSalt(keys.initiator())),
                        HEX.formatHex(withSalt(keys.responder())),
                        '"' + ikeCipher(suite) + '"',
                        HEX.formatHex(keys.initiator().integrity()),
                        HEX.formatHex(keys.responder().integrity()),
                        '"' + ikeIntegrity(suite.integrity()) + '"');
    }

    /** Two rows of {@code esp_sa}, for any outer address: a NAT between makes both ends see different ones. */
    static List<String> espLines(SaPair pair) {
        boolean v4 = pair.path().remote().isV4();
        return List.of(
                espLine(v4, pair.inboundSpi(), pair, pair.inboundKeys()),
                espLine(v4, pair.outboundSpi(), pair, pair.outboundKeys()));
    }

    private static String espLine(boolean v4, int spi, SaPair pair, SecretKeys keys) {
        EspSuite suite = pair.suite();
        String integrityKey = keys.integrity().length == 0 ? "" : "0x" + HEX.formatHex(keys.integrity());
        return comment(suite)
                + String.join(
                        ",",
                        v4 ? "\"IPv4\"" : "\"IPv6\"",
                        "\"*\"",
                        "\"*\"",
                        "\"0x" + HEX.toHexDigits(spi) + '"',
                        '"' + espCipher(suite.encryption()) + '"',
                        "\"0x" + HEX.formatHex(withSalt(keys)) + '"',
                        '"' + espIntegrity(suite.integrity()) + '"',
                        '"' + integrityKey + '"');
    }

    private static String comment(EspSuite suite) {
        return suite.encryption() == Encr.CHACHA20_POLY1305 ? "# " : "";
    }

    private static String ikeCipher(EspSuite suite) {
        return switch (suite.encryption()) {
            case AES_CBC -> "AES-CBC-" + suite.keyBits() + " [RFC3602]";
            case AES_GCM_16 -> "AES-GCM-" + suite.keyBits() + " with 16 octet ICV [RFC5282]";
            case CHACHA20_POLY1305 -> "ChaCha20-Poly1305 [RFC7634]";
        };
    }

    private static String ikeIntegrity(Integ integrity) {
        return switch (integrity) {
            case NONE -> "NONE [RFC4306]";
            case HMAC_SHA1_96 -> "HMAC_SHA1_96 [RFC2404]";
            case HMAC_SHA2_256_128 -> "HMAC_SHA2_256_128 [RFC4868]";
            case HMAC_SHA2_384_192 -> "HMAC_SHA2_384_192 [RFC4868]";
            case HMAC_SHA2_512_256 -> "HMAC_SHA2_512_256 [RFC4868]";
        };
    }

    private static String espCipher(Encr cipher) {
        return switch (cipher) {
            case AES_CBC -> "AES-CBC [RFC3602]";
            case AES_GCM_16 -> "AES-GCM with 16 octet ICV [RFC4106]";
            case CHACHA20_POLY1305 -> "ChaCha20 with Poly1305 [RFC7634]";
        };
    }

    private static String espIntegrity(Integ integrity) {
        return switch (integrity) {
            case NONE -> "NULL";
            case HMAC_SHA1_96 -> "HMAC-SHA-1-96 [RFC2404]";
            case HMAC_SHA2_256_128 -> "HMAC-SHA-256-128 [RFC4868]";
            case HMAC_SHA2_384_192 -> "HMAC-SHA-384-192 [RFC4868]";
            case HMAC_SHA2_512_256 -> "HMAC-SHA-512-256 [RFC4868]";
        };
    }

    private static byte[] withSalt(SecretKeys keys) {
        byte[] key = keys.encryption();
        byte[] salt = keys.salt();
        byte[] both = java.util.Arrays.copyOf(key, key.length + salt.length);
        System.arraycopy(salt, 0, both, key.length, salt.length);
        return both;
    }

    private void append(String table, List<String> lines) {
        Path file = folder.resolve(table);
        try {
            Files.createDirectories(folder, owner("rwx------"));
            if (!Files.exists(file)) {
                Files.createFile(file, owner("rw-------"));
            }
            Files.write(file, lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            events.emit(IpsecEvents.KEY_LOG_FAILED, "none", file, String.valueOf(e.getMessage()));
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> owner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
