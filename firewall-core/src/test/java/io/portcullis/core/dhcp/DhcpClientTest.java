package io.portcullis.core.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.Event;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The state machine of RFC 2131 figure 5, by a clock that the test moves. */
class DhcpClientTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long SERVER_STATION = 0x0200_5e00_0099L;
    private static final String ADDRESS = "192.0.2.50";
    private static final int OFFER = 2;
    private static final int ACK = 5;
    private static final int NAK = 6;

    private final List<Event> events = new ArrayList<>();
    private final Wire wire = new Wire();
    private final long seed = 7;
    private long now = 1000 * SECOND;
    private DhcpClient client = client(new DhcpSettings(60, true, false, false));

    private DhcpClient client(DhcpSettings settings) {
        return new DhcpClient(
                LeaseCheckTest.definition(false, settings), wire, new Random(seed), events::add, () -> {}, now);
    }

    /** A message as a server sees it. */
    private record Sent(
            long at,
            DhcpMessageType type,
            int transaction,
            String client,
            String source,
            String to,
            long station,
            boolean broadcast,
            String requested,
            String server) {}

    private final class Wire implements DhcpLink {
        private final List<Sent> sent = new ArrayList<>();
        private final List<String> probed = new ArrayList<>();
        private Runnable taken = () -> {};
        private boolean isUp = true;
        private int listensTo;

        @Override
        public MacAddress station() {
            return Reply.STATION;
        }

        @Override
        public boolean isUp() {
            return isUp;
        }

        @Override
        public void listen(int transaction) {
            listensTo = transaction;
        }

        @Override
        public void send(byte[] message, IpAddress source, IpAddress destination, long station) {
            ByteBuffer b = ByteBuffer.wrap(message);
            DhcpOptions options = new DhcpOptions();
            try {
                options.read(MemorySegment.ofArray(message), DhcpCodec.FIXED, message.length);
                sent.add(new Sent(
                        now,
                        DhcpMessageType.of(options.number(DhcpOption.MESSAGE_TYPE, 1)
                                        .orElseThrow()
                                        .intValue())
                                .orElseThrow(),
                        b.getInt(4),
                        IpAddress.v4(b.getInt(12)).toString(),
                        source.toString(),
                        destination.toString(),
                        station,
                        b.getShort(10) != 0,
                        options.address(DhcpOption.REQUESTED_ADDRESS)
                                .map(IpAddress::toString)
                                .orElse(""),
                        options.address(DhcpOption.SERVER_IDENTIFIER)
                                .map(IpAddress::toString)
                                .orElse("")));
            } catch (MalformedDhcp malformed) {
                throw new AssertionError(malformed);
            }
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

        Sent last() {
            return sent.getLast();
        }

        List<DhcpMessageType> types() {
            return sent.stream().map(Sent::type).toList();
        }
    }

    /** Steps as the thread would: when something is due, and each second. */
    private void pass(long seconds) {
        long end = now + seconds * SECOND;
        while (now < end) {
            client.step(now);
            now = Math.min(end, Math.max(now + 1, Math.min(client.deadline(), now + SECOND)));
        }
        client.step(now);
    }

    private void passUntil(DhcpState wanted) {
        for (int i = 0; i < 100_000 && state() != wanted; i++) {
            pass(1);
        }
        assertEquals(wanted, state());
    }

    private DhcpState state() {
        return client.view(now).state();
    }

    private void reply(Reply reply) {
        client.received(reply.read(), SERVER_STATION, now);
    }

    private Reply lease(int type) {
        return Reply.lease(type, wire.last().transaction(), ADDRESS).addresses(3, "192.0.2.1");
    }

    private void acquire() {
        passUntil(DhcpState.SELECTING);
        reply(lease(OFFER));
        reply(lease(ACK));
        passUntil(DhcpState.BOUND);
        wire.sent.clear();
        events.clear();
    }

    private List<String> said() {
        return events.stream().map(event -> event.type().name()).toList();
    }

    @Test
    void anAddressIsAskedForCheckedAndTaken() {
        passUntil(DhcpState.SELECTING);
        Sent discover = wire.last();
        assertEquals(DhcpMessageType.DISCOVER, discover.type());
        assertEquals("0.0.0.0", discover.source());
        assertEquals("255.255.255.255", discover.to());
        assertEquals(MacAddress.BROADCAST.bits(), discover.station());
        assertEquals(discover.transaction(), wire.listensTo);
        reply(lease(OFFER));
        Sent request = wire.last();
        assertEquals(DhcpMessageType.REQUEST, request.type());
        assertEquals(discover.transaction(), request.transaction());
        assertEquals(ADDRESS, request.requested());
        assertEquals(Reply.SERVER, request.server());
        assertEquals("0.0.0.0", request.client());
        long asked = now;
        reply(lease(ACK));
        assertEquals(DhcpState.CHECKING, state());
        assertTrue(client.lease().isEmpty(), "not before it is known to be free");
        passUntil(DhcpState.BOUND);
        assertEquals(List.of(ADDRESS, ADDRESS, ADDRESS), wire.probed);
        assertTrue(now - asked >= 4 * SECOND, "two waits of a second at least, and two behind the last probe");
        assertEquals(ADDRESS, client.lease().orElseThrow().address().toString());
        assertEquals(SERVER_STATION, client.lease().orElseThrow().station());
        assertEquals(120 - (now - asked) / SECOND, client.view(now).secondsLeft(), "from the request on");
        assertEquals(List.of("lease_acquired"), said());
    }

    @Test
    void whereNobodyAnswersItIsAskedLessAndLessOften() {
        pass(1000);
        List<Long> waits = new ArrayList<>();
        for (int i = 1; i < wire.sent.size(); i++) {
            waits.add((wire.sent.get(i).at() - wire.sent.get(i - 1).at()) / SECOND);
        }
        long[] about = {4, 8, 16, 32, 64, 64, 64};
        for (int i = 0; i < about.length; i++) {
            assertTrue(Math.abs(waits.get(i) - about[i]) <= 1, i + ": " + waits + ", seed " + seed);
        }
        assertTrue(wire.types().stream().allMatch(type -> type == DhcpMessageType.DISCOVER));
        assertTrue(
                wire.sent.stream().anyMatch(Sent::broadcast)
                        && !wire.sent.stream().allMatch(Sent::broadcast),
                "each way is tried");
    }

    @Test
    void anAddressThatSomebodyHasIsDeclined() {
        passUntil(DhcpState.SELECTING);
        reply(lease(OFFER));
        reply(lease(ACK));
        pass(2);
        wire.taken.run();
        long found = now;
        client.step(now);
        assertEquals(DhcpMessageType.DECLINE, wire.last().type());
        assertEquals(ADDRESS, wire.last().requested());
        assertEquals(Reply.SERVER, wire.last().server());
        assertEquals(List.of("offered_ip_occupied"), said());
        passUntil(DhcpState.SELECTING);
        assertTrue(now - found >= 10 * SECOND, "RFC 2131 section 3.1");
        assertTrue(client.lease().isEmpty());
    }

    @Test
    void theCheckCanBeSwitchedOff() {
        client = client(new DhcpSettings(60, true, false, true));
        passUntil(DhcpState.SELECTING);
        reply(lease(OFFER));
        reply(lease(ACK));
        assertEquals(DhcpState.BOUND, state());
        assertEquals(List.of(), wire.probed);
    }

    @Test
    void halfwayItsServerIsAskedForMoreTime() {
        acquire();
        passUntil(DhcpState.RENEWING);
        Sent request = wire.last();
        assertEquals(Reply.SERVER, request.to());
        assertEquals(SERVER_STATION, request.station());
        assertEquals(ADDRESS, request.client());
        assertEquals(ADDRESS, request.source());
        assertEquals("", request.requested(), "RFC 2131 table 5");
        assertEquals("", request.server());
        assertTrue(
                Math.abs(client.view(now).secondsLeft() - 60) <= 1,
                client.view(now).toString());
        reply(lease(ACK));
        assertEquals(DhcpState.BOUND, state());
        assertTrue(client.view(now).secondsLeft() >= 119, client.view(now).toString());
        assertEquals(List.of("renewed_lease"), said());
    }

    @Test
    void whenItsServerIsSilentEverybodyIsAskedAndInTheEndTheAddressIsGone() {
        acquire();
        passUntil(DhcpState.REBINDING);
        Sent request = wire.last();
        assertEquals("255.255.255.255", request.to());
        assertEquals(ADDRESS, request.client());
        assertTrue(
                Math.abs(client.view(now).secondsLeft() - 15) <= 1,
                client.view(now).toString());
        assertTrue(client.lease().isPresent());
        pass(14);
        assertTrue(client.lease().isPresent());
        pass(3);
        assertTrue(client.lease().isEmpty());
        assertEquals(List.of("lease_expired"), said());
        passUntil(DhcpState.SELECTING);
    }

    @Test
    void anotherServerMayMakeTheLeaseLonger() {
        acquire();
        passUntil(DhcpState.REBINDING);
        reply(Reply.bare(ACK, wire.last().transaction(), ADDRESS)
                .addresses(54, "192.0.2.2")
                .addresses(1, "255.255.255.0")
                .addresses(3, "192.0.2.2")
                .seconds(51, 120));
        assertEquals(DhcpState.BOUND, state());
        assertEquals("192.0.2.2", client.lease().orElseThrow().server().toString());
        assertEquals(List.of("lease_changed"), said(), "its gateway is another one");
    }

    @Test
    void whoIsRefusedBeginsAnew() {
        acquire();
        passUntil(DhcpState.RENEWING);
        Reply refusal = Reply.bare(NAK, wire.last().transaction(), "0.0.0.0");
        reply(refusal.addresses(54, "192.0.2.66"));
        assertEquals(DhcpState.RENEWING, state(), "nobody else was asked");
        reply(Reply.bare(NAK, wire.last().transaction(), "0.0.0.0")
                .addresses(54, Reply.SERVER)
                .octets(56, 'n', 'o'));
        assertTrue(client.lease().isEmpty());
        assertEquals(List.of("lease_denied"), said());
        assertTrue(events.getFirst().values().contains("no"), events.toString());
        passUntil(DhcpState.SELECTING);
    }

    /** A server that offers and refuses, again and again, is not asked without pause. */
    @Test
    void whoIsRefusedAlwaysWaits() {
        long begin = now;
        for (int i = 0; i < 6; i++) {
            passUntil(DhcpState.SELECTING);
            reply(lease(OFFER));
            reply(Reply.bare(NAK, wire.last().transaction(), "0.0.0.0").addresses(54, Reply.SERVER));
        }
        passUntil(DhcpState.SELECTING);
        assertTrue(now - begin > 100 * SECOND, (now - begin) / SECOND + " s");
    }

    @Test
    void whatAnswersNothingChangesNothing() {
        acquire();
        reply(Reply.lease(ACK, 12345, "192.0.2.66"));
        reply(Reply.lease(NAK, 12345, "0.0.0.0"));
        reply(Reply.lease(OFFER, 12345, "192.0.2.66"));
        reply(Reply.lease(NAK, wire.listensTo, "0.0.0.0"));
        reply(Reply.lease(ACK, wire.listensTo, "192.0.2.66"));
        assertEquals(DhcpState.BOUND, state());
        assertEquals(ADDRESS, client.lease().orElseThrow().address().toString());
        assertEquals(List.of(), wire.sent);
    }

    @Test
    void offersThatMustNotBeTakenAreNotAskedForAndSaidSparingly() {
        passUntil(DhcpState.SELECTING);
        for (int i = 0; i < 100; i++) {
            reply(Reply.lease(OFFER, wire.last().transaction(), "127.0.0.1"));
        }
        assertEquals(DhcpState.SELECTING, state());
        assertEquals(List.of("invalid_offered_ip", "invalid_offered_ip"), said());
        reply(lease(OFFER));
        assertEquals(DhcpState.REQUESTING, state(), "a good server is heard all the same");
    }

    @Test
    void anAcknowledgementOfAnotherAddressIsNoRenewal() {
        acquire();
        passUntil(DhcpState.RENEWING);
        reply(Reply.lease(ACK, wire.last().transaction(), "192.0.2.66"));
        assertEquals(DhcpState.RENEWING, state());
        assertEquals(ADDRESS, client.lease().orElseThrow().address().toString());
    }

    @Test
    void whenTheLinkWasAwayTheLeaseIsAskedAfter() {
        acquire();
        wire.isUp = false;
        pass(2);
        assertEquals(DhcpState.NO_LINK, state());
        assertTrue(client.lease().isPresent(), "it lasts");
        assertEquals(List.of(), wire.sent);
        wire.isUp = true;
        pass(1);
        assertEquals(DhcpState.REBOOTING, state());
        assertEquals(ADDRESS, wire.last().requested());
        assertEquals("", wire.last().server());
        assertEquals("0.0.0.0", wire.last().client());
        passUntil(DhcpState.BOUND);
        assertTrue(client.view(now).secondsLeft() < 115, "nobody has made it longer");
    }

    @Test
    void onAnotherNetworkTheLeaseIsGone() {
        acquire();
        wire.isUp = false;
        pass(2);
        wire.isUp = true;
        pass(1);
        reply(Reply.bare(NAK, wire.last().transaction(), "0.0.0.0").addresses(54, "198.51.100.1"));
        assertTrue(client.lease().isEmpty());
    }

    @Test
    void theOperatorGivesTheLeaseBackAndGetsAnotherOne() {
        acquire();
        client.release();
        assertEquals(DhcpMessageType.RELEASE, wire.last().type());
        assertEquals(ADDRESS, wire.last().client());
        assertEquals(Reply.SERVER, wire.last().to());
        assertEquals(Reply.SERVER, wire.last().server());
        assertTrue(client.lease().isEmpty());
        pass(1000);
        assertEquals(1, wire.sent.size(), "and asks for nothing");
        client.renew(now);
        pass(1);
        assertEquals(DhcpMessageType.DISCOVER, wire.last().type());
    }

    @Test
    void theOperatorHasTheLeaseRenewedNow() {
        acquire();
        client.renew(now);
        assertEquals(DhcpState.RENEWING, state());
        assertEquals(Reply.SERVER, wire.last().to());
    }

    @Test
    void aConfigurationThatTakesTheNetworkEndsTheLease() {
        acquire();
        DhcpDefinition now192 = new DhcpDefinition(
                "wan",
                "eth0",
                "",
                Optional.empty(),
                0,
                AddressSet.ALL_V4,
                AddressSet.ALL_V4,
                false,
                AddressSet.of(IpNetwork.literal("192.0.2.128/25")),
                new DhcpSettings(60, true, false, false));
        client.reconfigure(now192, wire, now);
        assertTrue(client.lease().isEmpty());
        assertEquals(List.of("ip_collision", "lease_released"), said());
        assertEquals(DhcpMessageType.RELEASE, wire.last().type());
    }

    /** Whatever comes and whenever: an address only while its lease lasts, and no flood of questions. */
    @Test
    void randomRepliesNeverLeaveTheMachineInAStateThatItDoesNotHave() {
        Random random = new Random(seed);
        long begin = now;
        for (int i = 0; i < 20_000; i++) {
            int transaction = random.nextInt(4) == 0 || wire.sent.isEmpty()
                    ? random.nextInt()
                    : wire.last().transaction();
            switch (random.nextInt(8)) {
                case 0 -> reply(Reply.lease(OFFER, transaction, "192.0.2." + random.nextInt(256)));
                case 1, 2 -> reply(Reply.lease(ACK, transaction, random.nextBoolean() ? ADDRESS : "10.0.0.1"));
                case 3 -> reply(Reply.lease(NAK, transaction, "0.0.0.0"));
                case 4 -> wire.taken.run();
                case 5 -> wire.isUp = random.nextInt(4) != 0;
                case 6 -> pass(random.nextInt(60));
                default -> {
                    if (random.nextInt(20) == 0) {
                        client.release();
                    }
                    if (random.nextInt(10) == 0) {
                        client.renew(now);
                    }
                }
            }
            client.step(now);
            DhcpView view = client.view(now);
            boolean holds = switch (view.state()) {
                case BOUND, RENEWING, REBINDING, REBOOTING -> true;
                case NO_LINK -> view.lease().isPresent();
                case INIT, SELECTING, REQUESTING, CHECKING, RELEASED -> false;
            };
            assertEquals(holds, view.lease().isPresent(), i + ": " + view + ", seed " + seed);
            assertTrue(
                    view.lease().isEmpty()
                            || view.secondsLeft() <= view.lease().get().seconds(),
                    i + ": " + view + ", seed " + seed);
        }
        long seconds = (now - begin) / SECOND;
        assertTrue(wire.sent.size() < seconds, wire.sent.size() + " messages in " + seconds + " s, seed " + seed);
    }
}
