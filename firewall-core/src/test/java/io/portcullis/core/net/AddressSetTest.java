package io.portcullis.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressSetTest {
    @Test
    void theFamiliesDoNotHideEachOther() {
        AddressSet both = AddressSet.of(List.of(
                IpNetwork.ALL_V6.range(), IpNetwork.literal("10.0.0.0/8").range()));
        assertTrue(both.contains(IpAddress.literal("10.1.1.1")));
        assertFalse(both.contains(IpAddress.literal("11.1.1.1")));
        assertTrue(both.contains(IpAddress.literal("2001:db8::1")));
        assertTrue(both.contains(IpAddress.literal("::")));
    }

    @Test
    void familiesAreSharedWhereBothHaveOne() {
        AddressSet v4 = AddressSet.of(IpNetwork.literal("10.0.0.0/8"));
        AddressSet v6 = AddressSet.of(IpNetwork.literal("2001:db8::/32"));
        AddressSet both = AddressSet.of(List.of(
                IpNetwork.literal("2001:db8:1::/48").range(),
                IpNetwork.literal("192.0.2.0/24").range()));
        assertTrue(v4.sharesFamily(v4));
        assertFalse(v4.sharesFamily(v6));
        assertFalse(v6.sharesFamily(v4));
        assertTrue(both.sharesFamily(v4));
        assertTrue(v6.sharesFamily(both));
        assertFalse(AddressSet.EMPTY.sharesFamily(both));
    }

    @Test
    void touchingRangesBecomeOne() {
        AddressSet set = AddressSet.of(List.of(
                IpNetwork.literal("10.0.1.0/24").range(),
                IpNetwork.literal("10.0.0.0/24").range()));
        assertEquals("10.0.0.0/23", set.toString());
    }

    @Test
    void containsWhatARangeContains() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            List<IpRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                IpAddress address = near(random);
                ranges.add(IpNetwork.around(address, random.nextInt(address.bits() + 1))
                        .range());
            }
            AddressSet set = AddressSet.of(ranges);
            for (int i = 0; i < 500; i++) {
                IpAddress address = near(random);
                assertEquals(
                        ranges.stream().anyMatch(range -> range.contains(address)),
                        set.contains(address),
                        "seed " + seed + ": " + address + " in " + set);
            }
        }
    }

    @Test
    void minusAndCoversAgreeWithContains() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            AddressSet all = random(random);
            AddressSet without = random(random);
            AddressSet left = all.minus(without);
            for (int i = 0; i < 200; i++) {
                IpAddress address = near(random);
                assertEquals(
                        all.contains(address) && !without.contains(address),
                        left.contains(address),
                        "seed " + seed + ": " + address + " in " + all + " without " + without);
            }
            String which = "seed " + seed + ": " + all + " and " + without;
            assertTrue(all.covers(left), which);
            assertEquals(without.minus(all).isEmpty(), all.covers(without), which);
            assertEquals(AddressSet.EMPTY, all.minus(all), which);
        }
    }

    @Test
    void whatIsTakenOutBesideTheAddressesThatStandForIpv4LeavesIpv6() {
        AddressSet below =
                AddressSet.of(List.of(new IpRange(IpAddress.literal("::"), IpAddress.literal("::fffe:ffff:ffff"))));
        AddressSet above =
                AddressSet.of(List.of(new IpRange(IpAddress.literal("::1:0:0:0"), IpAddress.literal("::2:0:0:0"))));
        AddressSet left = AddressSet.ALL_V6.minus(below).minus(above);
        assertFalse(left.contains(IpAddress.literal("::1:0:0:0")));
        assertTrue(left.contains(IpAddress.literal("::2:0:0:1")));
        assertFalse(left.contains(IpAddress.literal("192.0.2.1")));
        assertFalse(AddressSet.ALL_V6.minus(above).contains(IpAddress.literal("192.0.2.1")));
    }

    private static AddressSet random(Random random) {
        List<IpRange> ranges = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            IpAddress address = near(random);
            ranges.add(IpNetwork.around(address, random.nextInt(address.bits() + 1))
                    .range());
        }
        return AddressSet.of(ranges);
    }

    private static IpAddress near(Random random) {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        byte[] some = {0, 1, (byte) 0x80, (byte) 0xff};
        for (int i = 0; i < octets.length; i++) {
            octets[i] = some[random.nextInt(some.length)];
        }
        return IpAddress.of(octets);
    }
}
