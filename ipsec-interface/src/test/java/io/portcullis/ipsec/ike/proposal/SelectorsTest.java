package io.portcullis.ipsec.ike.proposal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpNetwork;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SelectorsTest {
    private static List<TrafficSelector> of(String... networks) {
        return Arrays.stream(networks)
                .map(it -> TrafficSelector.of(IpNetwork.literal(it)))
                .toList();
    }

    @Test
    void whatBothAllow() {
        assertEquals(of("10.1.0.0/16"), Selectors.narrow(of("10.0.0.0/8"), of("10.1.0.0/16", "192.168.0.0/16")));
        assertEquals(of("10.1.0.0/16"), Selectors.narrow(of("10.1.0.0/16", "10.1.2.0/24"), of("0.0.0.0/0")));
        assertEquals(List.of(), Selectors.narrow(of("10.0.0.0/8"), of("11.0.0.0/8", "2001:db8::/32")));
        assertEquals(
                of("10.0.0.0/8", "2001:db8::/32"),
                Selectors.narrow(of("0.0.0.0/0", "::/0"), of("10.0.0.0/8", "2001:db8::/32")));
    }

    @Test
    void containment() {
        assertTrue(Selectors.within(of("10.1.0.0/16", "10.2.0.0/16"), of("10.0.0.0/8")));
        assertFalse(Selectors.within(of("10.1.0.0/16", "11.2.0.0/16"), of("10.0.0.0/8")));
        assertTrue(Selectors.within(List.of(), of("10.0.0.0/8")));
    }

    @Test
    void hostileListsDoNotMultiply() {
        List<TrafficSelector> many = IntStream.range(0, 128)
                .mapToObj(i -> TrafficSelector.of(IpNetwork.literal("10.0." + i + ".0/24")))
                .toList();
        assertEquals(64, Selectors.narrow(many, many).size());
    }
}
