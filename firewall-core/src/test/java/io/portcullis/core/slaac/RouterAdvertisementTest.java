package io.portcullis.core.slaac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouterAdvertisementTest {
    @Test
    void readsAllThatIsUsed() {
        assertEquals(
                new RouterAdvertisement(
                        Advertisement.ROUTER,
                        1800,
                        Optional.of(1400L),
                        List.of(
                                new RouterAdvertisement.Prefix(
                                        IpNetwork.literal("2001:db8:2::/64"), true, true, 0xffff_ffffL, 600),
                                new RouterAdvertisement.Prefix(
                                        IpNetwork.literal("2001:db8::/32"), true, false, 60, 0))),
                new Advertisement(1800)
                        .prefix("2001:db8:2::7", 64, 0xffff_ffffL, 600)
                        .mtu(1400)
                        .prefix("2001:db8::", 32, 0x80, 60, 0)
                        .read());
    }

    @Test
    void whatIsMalformedIsNoAdvertisement() {
        byte[] whole =
                new Advertisement(1800).prefix("2001:db8:2::", 64, 600, 600).octets();
        for (int length = 0; length < whole.length; length++) {
            Optional<RouterAdvertisement> read =
                    RouterAdvertisement.read(Arrays.copyOf(whole, length), Advertisement.ROUTER);
            assertEquals(length == 16, read.isPresent(), length + " octets");
        }
        byte[] endless = whole.clone();
        endless[17] = 0;
        assertTrue(RouterAdvertisement.read(endless, Advertisement.ROUTER).isEmpty());
        byte[] tooLong =
                new Advertisement(1800).prefix("2001:db8:2::", 129, 600, 600).octets();
        assertEquals(
                List.of(),
                RouterAdvertisement.read(tooLong, Advertisement.ROUTER)
                        .orElseThrow()
                        .prefixes());
    }

    @Test
    void randomOctetsAreReadOrNotAndNothingElse() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new Advertisement(1800)
                    .prefix("2001:db8:2::", 64, 600, 600)
                    .mtu(1500)
                    .octets();
            for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
                octets[4 + random.nextInt(octets.length - 4)] = (byte) random.nextInt();
            }
            read += RouterAdvertisement.read(octets, Advertisement.ROUTER).isPresent() ? 1 : 0;
        }
        assertTrue(read > 0 && read < 20_000, read + " of 20000 were read, seed " + seed);
    }
}
