package io.portcullis.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TranspositionTest {
    private static Transposition of(String first, String onto) {
        return new Transposition(IpAddress.literal(first), IpAddress.literal(onto));
    }

    private static void assertBecomes(String after, Transposition transposition, String before) {
        assertEquals(IpAddress.literal(after), transposition.of(IpAddress.literal(before)));
    }

    @Test
    void addressesKeepTheirPlace() {
        Transposition down = of("198.51.100.0", "10.0.0.0");
        assertBecomes("10.0.0.0", down, "198.51.100.0");
        assertBecomes("10.0.0.255", down, "198.51.100.255");
        assertBecomes("255.255.255.255", of("0.0.0.0", "255.255.255.0"), "0.0.0.255");
        Transposition wide = of("2001:db8::ffff:ffff:ffff:fff0", "fd00:0:0:ffff:ffff:ffff:ffff:ffff");
        assertBecomes("fd00:0:1::e", wide, "2001:db8::ffff:ffff:ffff:ffff");
        assertBecomes("fd00:0:1::f", wide, "2001:db8:0:1::");
    }

    @Test
    void bothHalvesAreOneNumber() {
        long seed = 20261122;
        System.out.println("TranspositionTest: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            // Above all IPv4-mapped addresses.
            IpAddress first = new IpAddress(1 + random.nextLong(1L << 62), random.nextLong());
            IpAddress onto = new IpAddress(1 + random.nextLong(1L << 62), random.nextLong());
            BigInteger distance = new BigInteger(1 + random.nextInt(100), new Random(random.nextLong()));
            IpAddress address = address(number(first).add(distance));
            assertEquals(address(number(onto).add(distance)), new Transposition(first, onto).of(address), "round " + i);
        }
    }

    @Test
    void whoAgreesSendsTheSameAddressesToTheSamePlaces() {
        assertTrue(of("10.0.0.0", "10.9.0.0").agrees(of("10.0.0.128", "10.9.0.128")));
        assertTrue(of("10.0.0.128", "10.9.0.128").agrees(of("10.0.0.0", "10.9.0.0")));
        assertFalse(of("10.0.0.0", "10.9.0.0").agrees(of("10.0.0.128", "10.9.0.0")));
        assertThrows(IllegalArgumentException.class, () -> of("10.0.0.0", "2001:db8::"));
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.octets());
    }

    private static IpAddress address(BigInteger number) {
        return new IpAddress(number.shiftRight(64).longValue(), number.longValue());
    }
}
