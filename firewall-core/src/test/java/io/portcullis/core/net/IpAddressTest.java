package io.portcullis.core.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
    /** The right-hand texts are RFC 5952 section 4's rules applied. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1",
        "0.0.0.0,0.0.0.0",
        "255.255.255.255,255.255.255.255",
        "::,::",
        "::1,::1",
        "1::,1::",
        "2001:DB8::1,2001:db8::1",
        "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
        "2001:0db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
        "64:ff9b::192.0.2.33,64:ff9b::c000:221",
        "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0",
    })
    void readsAndWrites(String given, String canonical) {
        assertEquals(canonical, IpAddress.literal(given).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "::1%eth0",
                "1:2:3:4:5:6:7:8::",
                "::g",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "１.2.3.4"
            })
    void refuses(String text) {
        assertTrue(IpAddress.parse(text).isEmpty());
    }

    @Test
    void agreesWithTheLibraryOnRandomAddresses() throws UnknownHostException {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(octets);
            for (int zero = random.nextInt(8); zero > 0; zero--) {
                octets[random.nextInt(octets.length)] = 0;
            }
            IpAddress address = IpAddress.of(octets);
            assertArrayEquals(octets, address.octets(), "seed 42");
            assertArrayEquals(octets, InetAddress.getByName(address.toString()).getAddress(), "seed 42");
            assertEquals(address, IpAddress.literal(address.toString()), "seed 42");
        }
    }

    @Test
    void networksContainTheirRange() {
        IpNetwork network = IpNetwork.literal("172.16.1.0/24");

        assertEquals("172.16.1.255", network.range().last().toString());
        assertTrue(network.contains(IpAddress.literal("172.16.1.255")));
        assertFalse(network.contains(IpAddress.literal("172.16.2.0")));
        assertFalse(network.contains(IpAddress.literal("::ffff:0:1")));
        assertEquals("172.16.1.0/24", network.range().toString());
        assertEquals(
                "2001:db8:8000::/33",
                IpNetwork.literal("2001:db8:8000::/33").range().toString());
        assertEquals("::/0", IpNetwork.ALL_V6.range().toString());
        assertEquals("0.0.0.0/0", IpNetwork.ALL_V4.range().toString());
        assertTrue(IpNetwork.parse("172.16.1.1/24").isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new IpNetwork(IpAddress.v4(0), 33));
    }

    @Test
    void setsMergeWhatTouches() {
        AddressSet set = AddressSet.of(List.of(
                IpNetwork.literal("10.0.1.0/24").range(),
                IpNetwork.literal("10.0.0.0/24").range(),
                IpNetwork.literal("2001:db8::/32").range(),
                IpNetwork.literal("10.0.9.0/24").range()));

        assertEquals("10.0.0.0/23,10.0.9.0/24,2001:db8::/32", set.toString());
        assertTrue(set.contains(IpAddress.literal("10.0.1.77")));
        assertTrue(set.contains(IpAddress.literal("2001:db8::5")));
        assertFalse(set.contains(IpAddress.literal("10.0.2.0")));
        AddressSet all = AddressSet.of(List.of(IpNetwork.ALL_V6.range(), IpNetwork.ALL_V4.range()));
        assertTrue(all.contains(IpAddress.literal("10.0.2.0")));
        assertTrue(all.contains(IpAddress.literal("::1")));
        assertFalse(AddressSet.ALL_V6.contains(IpAddress.literal("10.0.2.0")), "IPv4 is not part of IPv6's all");
    }
}
