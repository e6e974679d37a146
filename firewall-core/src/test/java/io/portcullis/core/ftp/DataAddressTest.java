package io.portcullis.core.ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataAddressTest {
    private static byte[] octets(String line) {
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static DataAddress.Form form(String line) {
        byte[] octets = octets(line);
        DataAddress.Form active = DataAddress.form(octets, octets.length, true);
        return active == null ? DataAddress.form(octets, octets.length, false) : active;
    }

    private static DataAddress parse(String line) {
        byte[] octets = octets(line);
        DataAddress.Form form = form(line);
        assertNotNull(form, line);
        return DataAddress.parse(octets, octets.length, form);
    }

    /** The examples of RFC 959 section 5.3.2, RFC 2428 sections 2 and 3, and words that servers use. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 192,168,1,10,19,137; 192.168.1.10; 5001",
                "port 10,0,0,1,0,21 ; 10.0.0.1; 21",
                "EPRT |1|132.235.1.2|6275|; 132.235.1.2; 6275",
                "EPRT |2|1080::8:800:200C:417A|5282|; 1080::8:800:200c:417a; 5282",
                "eprt !1!132.235.1.2!6275!; 132.235.1.2; 6275",
                "227 Entering Passive Mode (192,0,2,7,200,3); 192.0.2.7; 51203",
                "227 Entering Passive Mode (192,0,2,7,200,3).; 192.0.2.7; 51203",
                "227 =192,0,2,7,200,3; 192.0.2.7; 51203",
                "229 Entering Extended Passive Mode (|||6446|); ; 6446",
                "229 EPSV ok (!!!65535!) go on; ; 65535",
            })
    void whatIsSaidIsUnderstood(String line, String address, int port) {
        DataAddress said = parse(line + "\r\n");
        assertNotNull(said, line);
        assertEquals(address == null ? null : IpAddress.literal(address), said.address());
        assertEquals(port, said.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 192,168,1,10,19",
                "PORT 192,168,1,256,19,1",
                "PORT 192,168,1,1,19,256",
                "PORT 192,168,1,1,19,1,5",
                "PORT 192.168.1.1,19,1",
                "PORT 192,168,1,1,19,1 NOOP",
                "PORT 192,168,1,-1,19,1",
                "PORT 0000192,168,1,1,19,1",
                "PORT ",
                "PORT ,,,,,",
                "EPRT |1|10.0.0.1|70000|",
                "EPRT |2|10.0.0.1|7000|",
                "EPRT |1|2001:db8::1|7000|",
                "EPRT |2|::ffff:10.0.0.1|7000|",
                "EPRT |3|10.0.0.1|7000|",
                "EPRT |1|10.0.0.1|7000",
                "EPRT |1|host.example|7000|",
                "EPRT 1101234567890",
                "227 Entering Passive Mode",
                "227 Entering Passive Mode (1,2,3)",
                "229 Entering Extended Passive Mode (|1|10.0.0.1|6446|)",
                "229 Entering Extended Passive Mode (|||6446)",
                "229 Entering Extended Passive Mode |||6446|",
                "229 (|||99999|)",
            })
    void whatIsMalformedIsNothing(String line) {
        assertNull(parse(line + "\r\n"), line);
    }

    @Test
    void onlyWholeLinesOfTheRightEndAnnounce() {
        assertNull(form("PASV\r\n"));
        assertNull(form("PORTAL 1,2,3,4,5,6\r\n"));
        assertNull(form("227-Entering Passive Mode (1,2,3,4,5,6)\r\n"), "the first of several lines of a reply");
        assertNull(DataAddress.form(octets("227 x (1,2,3,4,5,6)"), 19, true), "no command");
        assertNull(DataAddress.form(octets("PORT 1,2,3,4,5,6"), 16, false), "no reply");
        for (String begun : List.of("P", "po", "POR", "port ", "PORT 1,2", "E", "EPRT |1")) {
            assertTrue(DataAddress.mayBecome(octets(begun), begun.length(), true), begun);
            assertFalse(DataAddress.mayBecome(octets(begun), begun.length(), false), begun);
        }
        for (String begun : List.of("PA", "EPS", " PORT", "2", "USER a")) {
            assertFalse(DataAddress.mayBecome(octets(begun), begun.length(), true), begun);
        }
        assertTrue(DataAddress.mayBecome(octets("22"), 2, false));
        assertFalse(DataAddress.mayBecome(octets("220 Ready"), 9, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 192,168,1,10,19,137; 203.0.113.200; 65535; PORT 203,0,113,200,255,255",
                "EPRT |1|10.0.0.1|1024|; 203.0.113.1; 2000; EPRT |1|203.0.113.1|2000|",
                "EPRT !2!fd00::1!1024!; 2001:db8::9; 2000; EPRT |2|2001:db8::9|2000|",
                "227 Passive (10,0,0,1,4,0), please; 203.0.113.1; 2000; 227 Passive (203,0,113,1,7,208), please",
                "229 Extended (|||1024|).; 203.0.113.1; 2000; 229 Extended (|||2000|).",
            })
    void theRestOfTheLineStays(String line, String address, int port, String replaced) {
        byte[] octets = octets(line + "\r\n");
        DataAddress said = parse(line + "\r\n");
        byte[] after = said.replaced(octets, octets.length, IpAddress.literal(address), port);
        assertEquals(replaced + "\r\n", new String(after, StandardCharsets.ISO_8859_1));
        assertEquals(port, parse(replaced + "\r\n").port());
    }

    @Test
    void noOctetsAreTooMuch() {
        long seed = 20261124;
        System.out.println("DataAddressTest: seed " + seed);
        Random random = new Random(seed);
        String alphabet = "PORTEPRT 227229(),|||0123456789.:\r\n\0\u00ff";
        for (int i = 0; i < 50_000; i++) {
            DataAddress.Form form = DataAddress.Form.values()[random.nextInt(4)];
            StringBuilder line =
                    new StringBuilder(List.of("PORT ", "EPRT ", "227 ", "229 ").get(form.ordinal()));
            for (int length = random.nextInt(40); length > 0; length--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] octets = octets(line.toString());
            DataAddress said = DataAddress.parse(octets, octets.length, form);
            assertTrue(said == null || (said.port() >= 0 && said.port() <= 65_535 && said.to() <= octets.length));
        }
    }
}
