package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SynCookiesTest {
    private static final int PORTS = 5000 << 16 | 80;
    private static final long LATER = SynCookies.LIFE;

    private final SynCookies cookies = new SynCookies(new Random(11));

    /** The octets 0 to 47 by the key of the octets 0 to 15, as OpenSSL 3.0 has it: {@code openssl mac … SIPHASH}. */
    @Test
    void theHashIsThatOfAnotherImplementation() {
        assertEquals(
                0xe612_a3cb_9ecb_a951L,
                new SipHash()
                        .of(
                                0x0706_0504_0302_0100L,
                                0x0f0e_0d0c_0b0a_0908L,
                                0x0706_0504_0302_0100L,
                                0x0f0e_0d0c_0b0a_0908L,
                                0x1716_1514_1312_1110L,
                                0x1f1e_1d1c_1b1a_1918L,
                                0x2726_2524_2322_2120L,
                                0x2f2e_2d2c_2b2a_2928L));
    }

    private int make(int mss, long now) {
        return cookies.make(1, 2, 3, 4, PORTS, 1000, mss, now);
    }

    private boolean isMine(int cookie, long now) {
        return cookies.isMine(cookie, 1, 2, 3, 4, PORTS, 1000, now);
    }

    @Test
    void aCookieIsGoodForItsOwnOpenerOnly() {
        int cookie = make(1460, 0);
        assertTrue(isMine(cookie, 1));
        assertFalse(cookies.isMine(cookie, 9, 2, 3, 4, PORTS, 1000, 1));
        assertFalse(cookies.isMine(cookie, 1, 9, 3, 4, PORTS, 1000, 1));
        assertFalse(cookies.isMine(cookie, 1, 2, 9, 4, PORTS, 1000, 1));
        assertFalse(cookies.isMine(cookie, 1, 2, 3, 9, PORTS, 1000, 1));
        assertFalse(cookies.isMine(cookie, 1, 2, 3, 4, PORTS + 1, 1000, 1));
        assertFalse(cookies.isMine(cookie, 1, 2, 3, 4, PORTS, 1001, 1));
        for (int bit = 0; bit < 32; bit++) {
            assertFalse(isMine(cookie ^ 1 << bit, 1), "bit " + bit);
        }
    }

    @Test
    void anMssIsRememberedRoundedDown() {
        assertEquals(536, SynCookies.mss(make(0, 0)));
        assertEquals(536, SynCookies.mss(make(536, 0)));
        assertEquals(1400, SynCookies.mss(make(1439, 0)));
        assertEquals(1460, SynCookies.mss(make(1460, 0)));
        assertEquals(8940, SynCookies.mss(make(65_535, 0)));
    }

    @Test
    void keysAreReplacedAndCookiesEnd() {
        assertFalse(isMine(0, 0), "nobody was answered yet");
        int cookie = make(1460, 5);
        assertTrue(isMine(cookie, 5 + LATER - 1));
        assertTrue(isMine(cookie, 5 + LATER), "by the former key");
        assertTrue(isMine(cookie, 5 + 2 * LATER - 1));
        assertFalse(isMine(cookie, 5 + 2 * LATER));
        int other = make(1460, 5 + 3 * LATER);
        assertTrue(other != cookie);
        make(1460, 5 + 20 * LATER);
        assertFalse(isMine(other, 5 + 20 * LATER), "the former key was made long ago");
    }
}
