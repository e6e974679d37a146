package io.portcullis.ipsec.keylog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.portcullis.core.event.Event;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as tshark 4.0 accepted them for captures of two strongSwans whose keys were known. */
class KeyLogTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void anAeadChildHasItsSaltBehindTheKeyAndNoIntegrity() {
        SecretKeys in =
                new SecretKeys(HEX.parseHex("5e3c302d85dbf50d5fe3a8a3c02b8cd2"), HEX.parseHex("1dda0cbf"), new byte[0]);
        SecretKeys out =
                new SecretKeys(HEX.parseHex("7198396f5c2543673119f3d9a6a07263"), HEX.parseHex("2343d117"), new byte[0]);
        assertEquals(
                List.of(
                        "\"IPv4\",\"*\",\"*\",\"0xdca341b8\",\"AES-GCM with 16 octet ICV [RFC4106]\","
                                + "\"0x5e3c302d85dbf50d5fe3a8a3c02b8cd21dda0cbf\",\"NULL\",\"\"",
                        "\"IPv4\",\"*\",\"*\",\"0x1df313af\",\"AES-GCM with 16 octet ICV [RFC4106]\","
                                + "\"0x7198396f5c2543673119f3d9a6a072632343d117\",\"NULL\",\"\""),
                KeyLog.espLines(pair(0xdca341b8, 0x1df313af, new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE), in, out)));
    }

    @Test
    void aCipherWithSeparateIntegrityNamesBothKeys() {
        SecretKeys keys = new SecretKeys(new byte[32], new byte[0], HEX.parseHex("ff".repeat(32)));
        assertEquals(
                "\"IPv4\",\"*\",\"*\",\"0x00000001\",\"AES-CBC [RFC3602]\",\"0x" + "00".repeat(32)
                        + "\",\"HMAC-SHA-256-128 [RFC4868]\",\"0x" + "ff".repeat(32) + "\"",
                KeyLog.espLines(pair(1, 2, new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128), keys, keys))
                        .getFirst());
    }

    @Test
    void ikeKeysStandInTheOrderOfTheTable() {
        IkeKeys keys = keys(new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128));
        assertEquals(
                "6617790233232ed1,00000000000000ff,"
                        + HEX.formatHex(keys.initiator().encryption()) + ","
                        + HEX.formatHex(keys.responder().encryption()) + ",\"AES-CBC-256 [RFC3602]\","
                        + HEX.formatHex(keys.initiator().integrity()) + ","
                        + HEX.formatHex(keys.responder().integrity()) + ",\"HMAC_SHA2_256_128 [RFC4868]\"",
                KeyLog.ikeLine(0x6617790233232ed1L, 0xff, keys));
    }

    @Test
    void anIkeAeadHasNoIntegrityKeys() {
        String line = KeyLog.ikeLine(1, 2, keys(new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE)));
        assertTrue(line.endsWith(",\"AES-GCM-128 with 16 octet ICV [RFC5282]\",,,\"NONE [RFC4306]\""), line);
    }

    /** tshark 4.0 reads no row behind one whose cipher it does not know. */
    @Test
    void aCipherThatWiresharkDoesNotKnowIsAComment() {
        EspSuite suite = new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE);
        SecretKeys secret = new SecretKeys(new byte[32], new byte[4], new byte[0]);
        assertEquals(
                "# \"IPv4\",\"*\",\"*\",\"0x00000001\",\"ChaCha20 with Poly1305 [RFC7634]\",\"0x" + "00".repeat(36)
                        + "\",\"NULL\",\"\"",
                KeyLog.espLines(pair(1, 2, suite, secret, secret)).getFirst());
        assertTrue(KeyLog.ikeLine(1, 2, keys(suite)).startsWith("# 0000000000000001,0000000000000002,"));
    }

    @Test
    void theFilesAreForTheirOwnerOnly(@TempDir Path parent) throws IOException {
        Path folder = parent.resolve("keys");
        KeyLog log = new KeyLog(folder, event -> fail(event.toString()));
        log.ikeKeys(1, 2, keys(new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE)));
        log.ikeKeys(3, 4, keys(new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE)));
        Path file = folder.resolve(KeyLog.IKE_TABLE);
        assertEquals(2, Files.readAllLines(file).size());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }

    @Test
    void aFileThatCanNotBeWrittenIsAnEvent(@TempDir Path parent) throws IOException {
        Path occupied = Files.createFile(parent.resolve("keys"));
        List<Event> events = new ArrayList<>();
        new KeyLog(occupied, events::add).ikeKeys(1, 2, keys(new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE)));
        assertEquals(
                List.of(IpsecEvents.KEY_LOG_FAILED),
                events.stream().map(Event::type).toList());
    }

    private static IkeKeys keys(EspSuite suite) {
        return IkeKeys.first(Prf.HMAC_SHA2_256, suite, new byte[32], new byte[32], new byte[32], 1, 2);
    }

    private static SaPair pair(int inbound, int outbound, EspSuite suite, SecretKeys in, SecretKeys out) {
        IpAddress near = IpAddress.literal("198.51.100.2");
        IpAddress far = IpAddress.literal("203.0.113.1");
        return new SaPair(
                "branch",
                inbound,
                outbound,
                suite,
                in,
                out,
                List.of(),
                List.of(),
                new SaPair.Path(near, 4500, far, 4500, true),
                false,
                64,
                0,
                0,
                null);
    }
}
