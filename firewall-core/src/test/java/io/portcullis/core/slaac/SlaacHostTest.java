package io.portcullis.core.slaac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.Event;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 4861 section 6.3 and RFC 4862 section 5.5, by a clock that the test moves. */
class SlaacHostTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String PREFIX = "2001:db8:2::";
    private static final String ADDRESS = "2001:db8:2::5eff:fe00:1";

    private final List<Event> events = new ArrayList<>();
    private final Wire wire = new Wire();
    private long now = 1000 * SECOND;
    private final SlaacHost host = new SlaacHost(
            new SlaacDefinition("wan", "eth0", 1500, AddressSet.of(IpNetwork.literal("2001:db8:1::/64"))),
            wire,
            new Random(1),
            events::add,
            () -> {});

    private final class Wire implements SlaacLink {
        private final List<Long> solicited = new ArrayList<>();
        private final List<String> probed = new ArrayList<>();
        private Runnable taken = () -> {};
        private boolean isUp = true;

        @Override
        public IpAddress linkLocal() {
            return IpAddress.literal("fe80::5eff:fe00:1");
        }

        @Override
        public boolean isUp() {
            return isUp;
        }

        @Override
        public void solicit() {
            solicited.add(now);
        }

        @Override
        public void probe(IpAddress address, Runnable whenTaken) {
            probed.add(address.toString());
            taken = whenTaken;
        }

        @Override
        public void close() {
            isUp = false;
        }
    }

    private void pass(long seconds) {
        long end = now + seconds * SECOND;
        while (now < end) {
            long next = host.step(now);
            now = Math.min(end, Math.max(now + 1, Math.min(next, now + 100 * SECOND)));
        }
        host.step(now);
    }

    private void hear(Advertisement said) {
        host.received(said.read(), now);
        host.step(now);
    }

    private String address() {
        return host.learned(now).map(learned -> learned.address().toString()).orElse("none");
    }

    private List<String> told() {
        return events.stream().map(event -> event.type().name()).toList();
    }

    @Test
    void routersAreAskedThreeTimesAndNoMore() {
        pass(100);
        assertEquals(3, wire.solicited.size());
        assertEquals(4 * SECOND, wire.solicited.get(2) - wire.solicited.get(1));
        wire.isUp = false;
        pass(1);
        wire.isUp = true;
        pass(2);
        assertEquals(4, wire.solicited.size(), "and again on what may be another link");
        hear(new Advertisement(0));
        pass(100);
        assertEquals(4, wire.solicited.size(), "who was answered asks no more");
    }

    @Test
    void anAddressIsMadeOfThePrefixOnceNobodyHasIt() {
        hear(new Advertisement(1800).prefix(PREFIX, 64, 3600, 1800).mtu(1400));
        assertEquals(List.of(ADDRESS), wire.probed);
        assertEquals("none", address());
        pass(1);
        assertEquals(
                new LearnedIpv6(
                        IpAddress.literal(ADDRESS),
                        IpNetwork.literal("2001:db8:2::/64"),
                        Optional.of(Advertisement.ROUTER),
                        Optional.of(1400)),
                host.learned(now).orElseThrow());
        pass(1800);
        assertEquals(Optional.empty(), host.learned(now).orElseThrow().router(), "it is a router no more");
        pass(1799);
        assertEquals("none", address());
    }

    @Test
    void anAddressThatSomebodyHasIsNotUsed() {
        hear(new Advertisement(1800).prefix(PREFIX, 64, 3600, 1800));
        wire.taken.run();
        pass(2);
        hear(new Advertisement(1800).prefix(PREFIX, 64, 3600, 1800));
        pass(2);
        assertEquals("none", address());
        assertEquals(List.of("address_occupied"), told());
    }

    /** RFC 4862 section 5.5.3 e: who advertises no time takes nothing away at once. */
    @Test
    void aLifetimeIsCutToTwoHoursAtMost() {
        hear(new Advertisement(1800).prefix(PREFIX, 64, 100_000, 50_000));
        pass(2);
        hear(new Advertisement(1800).prefix(PREFIX, 64, 1, 0));
        pass(7100);
        assertEquals(ADDRESS, address());
        hear(new Advertisement(1800).prefix(PREFIX, 64, 1, 0));
        pass(50);
        assertEquals(ADDRESS, address(), "what is left is less than two hours: it is not cut");
        pass(60);
        assertEquals("none", address());
        hear(new Advertisement(1800).prefix(PREFIX, 64, 0, 0));
        pass(2);
        assertEquals("none", address());
    }

    @Test
    void aPreferredAddressGoesBeforeADeprecatedOne() {
        hear(new Advertisement(1800).prefix(PREFIX, 64, 100_000, 100));
        pass(2);
        hear(new Advertisement(1800).prefix("2001:db8:3::", 64, 100_000, 50_000));
        pass(2);
        assertEquals(ADDRESS, address());
        pass(100);
        assertEquals("2001:db8:3::5eff:fe00:1", address());
        hear(new Advertisement(1800).prefix(PREFIX, 64, 100_000, 50_000));
        assertEquals(ADDRESS, address());
    }

    @Test
    void prefixesThatMustNotBeTakenAreNot() {
        Advertisement bad = new Advertisement(1800)
                .prefix("2001:db8:1::", 64, 3600, 1800)
                .prefix("fe80::", 64, 3600, 1800)
                .prefix("ff02::", 64, 3600, 1800)
                .prefix("::", 64, 3600, 1800)
                .prefix("2001:db8:4::", 56, 3600, 1800)
                .prefix("2001:db8:5::", 64, 3600, 3601)
                .prefix("2001:db8:6::", 64, 0x80, 3600, 1800)
                .prefix("2001:db8:7::", 64, 0x40, 3600, 1800);
        hear(bad);
        pass(2);
        assertEquals("none", address());
        assertEquals(List.of(), wire.probed);
        assertEquals(List.of("prefix_refused", "prefix_refused"), told(), "said sparingly");
        hear(new Advertisement(1800).mtu(1279).prefix("fd00:1:2:3::", 64, 3600, 1800));
        hear(new Advertisement(1800).mtu(9000));
        pass(2);
        assertEquals(Optional.empty(), host.learned(now).orElseThrow().mtu());
        assertEquals("fd00:1:2:3:0:5eff:fe00:1", address());
    }

    @Test
    void floodsOfRoutersAndPrefixesAreBounded() {
        for (int i = 0; i < 1000; i++) {
            RouterAdvertisement said = new Advertisement(1800)
                    .prefix("2001:db8:" + Integer.toHexString(256 + i) + "::", 64, 3600, 1800)
                    .read();
            host.received(
                    new RouterAdvertisement(new IpAddress(0xfe80L << 48, i), 1800, said.mtu(), said.prefixes()), now);
        }
        assertEquals(SlaacHost.MOST, wire.probed.size());
        pass(2);
        assertTrue(host.learned(now).isPresent());
        hear(new Advertisement(0));
        assertTrue(host.learned(now).orElseThrow().router().isPresent(), "the first one's is its own to end");
    }
}
