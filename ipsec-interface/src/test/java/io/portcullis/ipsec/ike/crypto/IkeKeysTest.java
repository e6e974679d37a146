package io.portcullis.ipsec.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class IkeKeysTest {
    private static final HexFormat HEX = HexFormat.of();

    // NIST CAVP, "IKEv2 Key Derivation Function", HMAC-SHA1, first vector.
    private static final byte[] NI = HEX.parseHex("32b50d5f4a3763f3");
    private static final byte[] NR = HEX.parseHex("9206a04b26564cb1");
    private static final byte[] GIR = HEX.parseHex("4b2c1f971981a8ad8d0abeafabf38cf75fc8349c148142465ed9c8b516b8be52");
    private static final byte[] GIR_NEW =
            HEX.parseHex("863f3c9d06efd39d2b907b97f8699e5dd5251ef64a2a176f36ee40c87d4f9330");
    private static final long SPI_I = 0x34c9e7c188868785L;
    private static final long SPI_R = 0x3ff77d760d2b2199L;
    private static final String SKEYSEED_REKEY = "63e81194946ebd05df7df5ebf5d8750056bf1f1d";
    private static final String DKM = "a14293677cc80ff8f9cc0eee30d895da9d8f405666e30ef0dfcb63c634a46002"
            + "a2a63080e514a062768b76606f9fa5e992204fc5a670bde3f10d6b027113936a"
            + "5c55b648a194ae587b0088d52204b702c979fa280870d2ed41efa9c549fd1119"
            + "8af1670b143d384bd275c5f594cf266b05ebadca855e4249520a441a81157435"
            + "a7a56cc4";
    private static final EspSuite CBC_128_SHA1 = new EspSuite(Encr.AES_CBC, 128, Integ.HMAC_SHA1_96);

    private static IkeKeys first() {
        return IkeKeys.first(Prf.HMAC_SHA1, CBC_128_SHA1, GIR, NI, NR, SPI_I, SPI_R);
    }

    @Test
    void firstKeysAreThoseOfNist() {
        IkeKeys keys = first();
        String all = HEX.formatHex(keys.others()[0])
                + HEX.formatHex(keys.initiator().integrity())
                + HEX.formatHex(keys.responder().integrity())
                + HEX.formatHex(keys.initiator().encryption())
                + HEX.formatHex(keys.responder().encryption())
                + HEX.formatHex(keys.others()[1])
                + HEX.formatHex(keys.others()[2]);
        assertEquals(DKM, all.substring(0, all.length()).concat(DKM.substring(all.length())));
        assertEquals(5 * 40 + 2 * 32, all.length());
    }

    @Test
    void rekeyedKeysStartFromNistsSeed() {
        // CAVP gives the new SKEYSEED; its expansion is the function of the test above.
        byte[] seed = HEX.parseHex(SKEYSEED_REKEY);
        byte[] context =
                HEX.parseHex("32b50d5f4a3763f3" + "9206a04b26564cb1" + "34c9e7c188868785" + "3ff77d760d2b2199");
        String expected = HEX.formatHex(PrfFunction.expand(Prf.HMAC_SHA1, seed, context, 20));
        IkeKeys rekeyed = first().rekeyed(Prf.HMAC_SHA1, CBC_128_SHA1, GIR_NEW, NI, NR, SPI_I, SPI_R);
        assertEquals(expected, HEX.formatHex(rekeyed.others()[0]));
    }

    /** RFC 7296 section 2.17: initiator's encryption, initiator's integrity, then the responder's. */
    @Test
    void childKeysAreTakenInTheRfcsOrder() {
        IkeKeys keys = first();
        EspSuite suite = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128);
        byte[] seed = HEX.parseHex("32b50d5f4a3763f3" + "9206a04b26564cb1");
        byte[] stream = PrfFunction.expand(Prf.HMAC_SHA1, keys.others()[0], seed, 128);
        IkeKeys.ChildKeys child = keys.child(suite, new byte[0], NI, NR);
        assertEquals(
                HEX.formatHex(stream),
                HEX.formatHex(child.initiator().encryption())
                        + HEX.formatHex(child.initiator().integrity())
                        + HEX.formatHex(child.responder().encryption())
                        + HEX.formatHex(child.responder().integrity()));
        IkeKeys.ChildKeys gcm = keys.child(new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE), GIR_NEW, NI, NR);
        assertEquals(16, gcm.initiator().encryption().length);
        assertEquals(4, gcm.initiator().salt().length);
        assertEquals(0, gcm.initiator().integrity().length);
    }

    @Test
    void prfPlusIsBounded() {
        assertThrows(
                IllegalArgumentException.class,
                () -> PrfFunction.expand(Prf.HMAC_SHA1, new byte[20], new byte[8], 255 * 20 + 1));
    }

    @Test
    void keysNeverPrint() {
        String text = first().toString();
        assertFalse(text.contains(DKM.substring(0, 8)), text);
        assertEquals("IkeKeys[aes-cbc-128/hmac-sha1-96, HMAC_SHA1]", text);
    }
}
