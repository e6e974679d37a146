package io.portcullis.core.dhcp;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.time.RateLimit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client of one interface: the state machine of RFC 2131 section 4.4. Takes replies, commands and the time, and
 * says what to send. Owned by {@link DhcpClients}, whose lock is held.
 */
final class DhcpClient {
    private static final long SECOND = 1_000_000_000L;
    /** First and longest time that an answer is waited for (RFC 2131 section 4.1). */
    private static final long FIRST_WAIT = 4 * SECOND;

    private static final long LONGEST_WAIT = 64 * SECOND;
    /** Between requests for more time (RFC 2131 section 4.4.5). */
    private static final long LEAST_RENEWAL_WAIT = 60 * SECOND;
    /** After a declined address (RFC 2131 section 3.1). */
    private static final long DECLINE_WAIT = 10 * SECOND;
    /** RFC 5227 section 1.1: PROBE_NUM, PROBE_MIN, ANNOUNCE_WAIT. */
    private static final int PROBES = 3;

    private static final long PROBE_WAIT = SECOND;
    private static final long LAST_PROBE_WAIT = 2 * SECOND;

    private static final int MOST_REQUESTS = 4;
    private static final int MOST_REBOOTS = 2;
    private static final int MOST_DOUBLINGS = 4;
    private static final int REFUSALS_PER_SECOND = 2;
    private static final int MOST_SECONDS = 0xffff;
    private static final IpAddress EVERYBODY = IpAddress.v4(-1);

    private final RandomGenerator random;
    private final EventSink events;
    private final RateLimit refusals = new RateLimit(REFUSALS_PER_SECOND);
    private final Runnable wake;

    private DhcpDefinition definition;
    private DhcpLink link;
    private DhcpState state = DhcpState.INIT;
    private long deadline;
    private int attempts;
    private int failures;
    private int transaction;
    /** When the present exchange began. */
    private long began;
    /** When the request was sent whose answer counts: a lease lasts from there on. */
    private long requested;
    /** What was offered and is asked for, or checked. */
    private @Nullable Lease candidate;

    private @Nullable Lease lease;
    private long leaseFrom;
    private AtomicBoolean taken = new AtomicBoolean();

    /** @param wake has {@link #step} called soon; any thread */
    DhcpClient(
            DhcpDefinition definition,
            DhcpLink link,
            RandomGenerator random,
            EventSink events,
            Runnable wake,
            long now) {
        this.definition = definition;
        this.link = link;
        this.random = random;
        this.events = events;
        this.wake = wake;
        begin(now, random.nextLong(SECOND));
    }

    DhcpDefinition definition() {
        return definition;
    }

    Optional<Lease> lease() {
        return Optional.ofNullable(lease);
    }

    long deadline() {
        return deadline;
    }

    DhcpView view(long now) {
        Lease held = lease;
        return new DhcpView(
                definition.name(),
                state,
                lease(),
                held == null ? 0 : Math.max(0, (leaseFrom - now) / SECOND + held.seconds()),
                held == null ? 0 : Math.max(0, (leaseFrom - now) / SECOND + held.renewalSeconds()));
    }

    /** Goes on under other instructions, or by another interface object of the same device. */
    void reconfigure(DhcpDefinition newDefinition, DhcpLink newLink, long now) {
        definition = newDefinition;
        link = newLink;
        link.listen(transaction);
        Lease held = lease;
        if (held != null && AddressSet.of(held.network()).overlaps(definition.others())) {
            tell(new LeaseCheck.Refused(DhcpEvents.IP_COLLISION, held.network().toString()), held.server(), now);
            giveBack(held);
            begin(now, 0);
        }
    }

    /** Asks for more time now, or for an address when there is none. */
    void renew(long now) {
        if (lease == null) {
            begin(now, 0);
        } else if (state != DhcpState.NO_LINK) {
            ask(DhcpState.RENEWING, now);
        }
    }

    /** Gives the address back, and asks for none until {@link #renew}. */
    void release() {
        if (lease != null) {
            giveBack(lease);
        }
        candidate = null;
        enter(DhcpState.RELEASED, Long.MAX_VALUE);
    }

    private void giveBack(Lease held) {
        send(DhcpMessageType.RELEASE, held.address(), Optional.empty(), Optional.of(held.server()), held, 0);
        events.emit(DhcpEvents.LEASE_RELEASED, "release", definition.name(), held.address());
        lease = null;
    }

    /** Does what is due. */
    void step(long now) {
        Lease held = lease;
        if (held != null && now - leaseFrom >= held.seconds() * SECOND) {
            events.emit(DhcpEvents.LEASE_EXPIRED, "none", definition.name(), held.address());
            lease = null;
            begin(now, 0);
        }
        if (state == DhcpState.RELEASED || followsLink(now)) {
            return;
        }
        if (state == DhcpState.CHECKING && taken.get() && candidate != null) {
            decline(candidate, now);
        }
        if (now - deadline < 0) {
            return;
        }
        switch (state) {
            case INIT -> ask(DhcpState.SELECTING, now);
            case SELECTING -> discover(now);
            case REQUESTING -> {
                if (attempts < MOST_REQUESTS) {
                    request(now);
                } else {
                    begin(now, 0);
                }
            }
            case CHECKING -> check(now);
            case BOUND -> ask(DhcpState.RENEWING, now);
            case RENEWING, REBINDING -> extend(now);
            case REBOOTING -> reboot(now);
            case NO_LINK, RELEASED -> {}
        }
    }

    /** Whether the link is away, and nothing else is to be done. */
    private boolean followsLink(long now) {
        if (!link.isUp()) {
            if (state != DhcpState.NO_LINK) {
                candidate = null;
                enter(DhcpState.NO_LINK, Long.MAX_VALUE);
            }
            return true;
        }
        if (state == DhcpState.NO_LINK) {
            if (lease == null) {
                begin(now, 0);
            } else {
                ask(DhcpState.REBOOTING, now);
            }
        }
        return false;
    }

    /** Begins an exchange with a new transaction, and sends its first message. */
    private void ask(DhcpState how, long now) {
        transaction = random.nextInt();
        link.listen(transaction);
        attempts = 0;
        began = now;
        enter(how, now);
        switch (how) {
            case SELECTING -> discover(now);
            case REBOOTING -> reboot(now);
            default -> extend(now);
        }
    }

    private void discover(long now) {
        send(DhcpMessageType.DISCOVER, IpAddress.ANY_V4, definition.preferred(), Optional.empty(), null, now);
        deadline = now + patience();
        attempts++;
    }

    private void request(long now) {
        Lease wanted = candidate;
        if (wanted == null) {
            begin(now, 0);
            return;
        }
        requested = now;
        send(
                DhcpMessageType.REQUEST,
                IpAddress.ANY_V4,
                Optional.of(wanted.address()),
                Optional.of(wanted.server()),
                null,
                now);
        deadline = now + patience();
        attempts++;
    }

    /** Asks for more time: the server until T2, everybody from then on. */
    private void extend(long now) {
        Lease held = lease;
        if (held == null) {
            begin(now, 0);
            return;
        }
        long rebinding = leaseFrom + held.rebindingSeconds() * SECOND;
        long end = leaseFrom + held.seconds() * SECOND;
        if (now - rebinding >= 0 && state == DhcpState.RENEWING) {
            enter(DhcpState.REBINDING, now);
        }
        boolean toServer = state == DhcpState.RENEWING;
        requested = now;
        send(DhcpMessageType.REQUEST, held.address(), Optional.empty(), Optional.empty(), toServer ? held : null, now);
        long until = toServer ? rebinding : end;
        deadline = Math.min(until, now + Math.max(LEAST_RENEWAL_WAIT, (until - now) / 2));
        attempts++;
    }

    /** Asks whether the lease is good where the link leads now; when nobody says so, it is until it ends. */
    private void reboot(long now) {
        Lease held = lease;
        if (held == null) {
            begin(now, 0);
        } else if (attempts >= MOST_REBOOTS) {
            enter(DhcpState.BOUND, leaseFrom + held.renewalSeconds() * SECOND);
        } else {
            requested = now;
            send(DhcpMessageType.REQUEST, IpAddress.ANY_V4, Optional.of(held.address()), Optional.empty(), null, now);
            deadline = now + patience();
            attempts++;
        }
    }

    /** Looks whether the address is free (RFC 5227 section 2.1). */
    private void check(long now) {
        Lease wanted = candidate;
        if (wanted == null) {
            begin(now, 0);
        } else if (attempts < PROBES) {
            AtomicBoolean heard = taken;
            link.probe(wanted.address(), () -> {
                heard.set(true);
                wake.run();
            });
            attempts++;
            deadline = now + (attempts == PROBES ? LAST_PROBE_WAIT : PROBE_WAIT + random.nextLong(PROBE_WAIT));
        } else {
            bind(wanted);
        }
    }

    private void decline(Lease wanted, long now) {
        send(
                DhcpMessageType.DECLINE,
                IpAddress.ANY_V4,
                Optional.of(wanted.address()),
                Optional.of(wanted.server()),
                null,
                now);
        events.emit(DhcpEvents.OFFERED_IP_OCCUPIED, "decline", definition.name(), wanted.address());
        begin(now, DECLINE_WAIT + random.nextLong(SECOND));
    }

    /** @param station link address that the reply came from, 48 bits */
    void received(DhcpReply reply, long station, long now) {
        if (reply.transaction() != transaction) {
            return;
        }
        switch (reply.type()) {
            case OFFER -> {
                if (state == DhcpState.SELECTING && judge(reply, station, now) instanceof LeaseCheck.Granted offered) {
                    candidate = offered.lease();
                    attempts = 0;
                    enter(DhcpState.REQUESTING, now);
                    request(now);
                }
            }
            case ACK -> acknowledged(reply, station, now);
            case NAK -> denied(reply, now);
            case DISCOVER, REQUEST, DECLINE, RELEASE, INFORM -> {}
        }
    }

    private void acknowledged(DhcpReply reply, long station, long now) {
        if (!isFromWhomItWasAsked(reply) || !(judge(reply, station, now) instanceof LeaseCheck.Granted granted)) {
            return;
        }
        Lease held = lease;
        Lease asked = held == null ? candidate : held;
        IpAddress given = granted.lease().address();
        if (asked == null || !given.equals(asked.address())) {
            tell(
                    new LeaseCheck.Refused(DhcpEvents.INVALID_OFFERED_IP, given.toString()),
                    granted.lease().server(),
                    now);
        } else if (held != null) {
            bind(granted.lease());
        } else if (definition.settings().disableArpOnOffer()) {
            bind(granted.lease());
        } else {
            candidate = granted.lease();
            taken = new AtomicBoolean();
            attempts = 0;
            enter(DhcpState.CHECKING, now + random.nextLong(PROBE_WAIT));
        }
    }

    private void denied(DhcpReply reply, long now) {
        if (!isFromWhomItWasAsked(reply)) {
            return;
        }
        Lease about = lease == null ? candidate : lease;
        events.emit(
                DhcpEvents.LEASE_DENIED,
                "none",
                definition.name(),
                about == null ? "" : about.address(),
                reply.server().map(IpAddress::toString).orElse(""),
                reply.message());
        lease = null;
        // A server that offers and then refuses must not be asked without pause.
        begin(now, failures == 0 ? 0 : wait(failures));
        failures++;
    }

    /** Whether somebody was asked who may say this: in REQUESTING and RENEWING one server, else any that is allowed. */
    private boolean isFromWhomItWasAsked(DhcpReply reply) {
        Lease wanted = candidate;
        Lease held = lease;
        return switch (state) {
            case REQUESTING -> wanted != null && reply.server().equals(Optional.of(wanted.server()));
            case RENEWING -> held != null && reply.server().equals(Optional.of(held.server()));
            case REBINDING, REBOOTING ->
                reply.server().filter(definition.servers()::contains).isPresent();
            case INIT, SELECTING, CHECKING, BOUND, NO_LINK, RELEASED -> false;
        };
    }

    private LeaseCheck.Verdict judge(DhcpReply reply, long station, long now) {
        LeaseCheck.Verdict verdict = new LeaseCheck(definition).check(reply, station);
        if (verdict instanceof LeaseCheck.Refused refused) {
            tell(refused, reply.server().orElse(IpAddress.ANY_V4), now);
        }
        return verdict;
    }

    private void tell(LeaseCheck.Refused refused, IpAddress server, long now) {
        if (refusals.allows(now)) {
            events.emit(refused.event(), "ignore", definition.name(), server, refused.found());
        }
    }

    /** A reply can not be read. */
    void malformed(MalformedDhcp why, long now) {
        if (refusals.allows(now)) {
            events.emit(DhcpEvents.MALFORMED_REPLY, "ignore", definition.name(), String.valueOf(why.getMessage()));
        }
    }

    private void bind(Lease granted) {
        Lease before = lease;
        lease = granted;
        leaseFrom = requested;
        candidate = null;
        failures = 0;
        enter(DhcpState.BOUND, leaseFrom + granted.renewalSeconds() * SECOND);
        if (before == null) {
            events.emit(
                    DhcpEvents.LEASE_ACQUIRED,
                    "none",
                    definition.name(),
                    granted.address(),
                    granted.network().prefixLength(),
                    granted.broadcast(),
                    granted.router().map(IpAddress::toString).orElse(""),
                    granted.server(),
                    granted.seconds());
        } else if (before.learned().equals(granted.learned())) {
            events.emit(DhcpEvents.LEASE_RENEWED, "none", definition.name(), granted.address(), granted.seconds());
        } else {
            events.emit(DhcpEvents.LEASE_CHANGED, "none", definition.name(), before.learned(), granted.learned());
        }
    }

    private void begin(long now, long delay) {
        candidate = null;
        enter(DhcpState.INIT, now + delay);
    }

    /** The one place where the state changes. */
    private void enter(DhcpState next, long newDeadline) {
        state = next;
        deadline = newDeadline;
    }

    /** 4, 8, 16, 32 and then 64 seconds, one more or less (RFC 2131 section 4.1). */
    private long patience() {
        return wait(attempts) - SECOND + random.nextLong(2 * SECOND);
    }

    private static long wait(int times) {
        return Math.min(FIRST_WAIT << Math.min(times, MOST_DOUBLINGS), LONGEST_WAIT);
    }

    /** @param to the lease whose server is to hear it; null for everybody */
    private void send(
            DhcpMessageType type,
            IpAddress client,
            Optional<IpAddress> wanted,
            Optional<IpAddress> server,
            @Nullable Lease to,
            long now) {
        boolean asks = type == DhcpMessageType.DISCOVER || type == DhcpMessageType.REQUEST;
        DhcpRequest request = new DhcpRequest(
                type,
                transaction,
                asks ? (int) Math.min(MOST_SECONDS, (now - began) / SECOND) : 0,
                // Some servers can not send to an address that does not answer ARP yet, some links lose broadcasts:
                // each
                // gets its turn.
                asks && client.isUnspecified() && attempts % 2 == 1,
                client,
                wanted,
                server,
                asks && definition.preferredSeconds() > 0
                        ? Optional.of((long) definition.preferredSeconds())
                        : Optional.empty(),
                asks ? definition.hostName() : "");
        link.send(
                DhcpCodec.write(request, link.station()),
                client,
                to == null ? EVERYBODY : to.server(),
                to == null ? MacAddress.BROADCAST.bits() : to.station());
    }
}
