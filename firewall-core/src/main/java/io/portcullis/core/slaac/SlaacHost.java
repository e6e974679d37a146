package io.portcullis.core.slaac;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.time.RateLimit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * One interface as a host of its link (RFC 4861 section 6.3, RFC 4862 section 5.5). Takes advertisements and the time.
 * Owned by {@link SlaacHosts}, whose lock is held.
 */
final class SlaacHost {
    /** Prefixes, and routers, at most: whoever is on the link may invent any number. */
    static final int MOST = 8;

    private static final long SECOND = 1_000_000_000L;
    private static final long TWO_HOURS = 7200;
    /** Longer lifetimes, endless ones too, count as this long: a year. */
    private static final long LONGEST_SECONDS = 31_536_000;

    private static final int LEAST_MTU = 1280;
    private static final int PREFIX_LENGTH = 64;
    /** RFC 4861 section 10. */
    private static final int MOST_SOLICITATIONS = 3;

    private static final long SOLICITATION_INTERVAL = 4 * SECOND;
    private static final long RETRANSMISSION = SECOND;
    private static final int REFUSALS_PER_SECOND = 2;

    private final RandomGenerator random;
    private final EventSink events;
    private final Runnable wake;
    private final RateLimit refusals = new RateLimit(REFUSALS_PER_SECOND);
    private final Map<IpNetwork, Held> prefixes = new LinkedHashMap<>();
    private final Map<IpAddress, Long> routers = new LinkedHashMap<>();
    private Optional<Integer> mtu = Optional.empty();
    private SlaacDefinition definition;
    private SlaacLink link;
    private boolean isUp;
    private int solicitations;
    private long solicitAt;

    /** An address that is made of a prefix. */
    private static final class Held {
        private final IpAddress address;
        private final AtomicBoolean taken = new AtomicBoolean();
        private long validUntil;
        private long preferredUntil;
        /** When nobody has claimed it until then, it is ours. */
        private final long freeAt;

        private boolean isOccupied;

        Held(IpAddress address, long freeAt) {
            this.address = address;
            this.freeAt = freeAt;
        }

        boolean isUsable(long now) {
            return !isOccupied && now - freeAt >= 0;
        }
    }

    /** @param wake has {@link #step} called soon; any thread */
    SlaacHost(SlaacDefinition definition, SlaacLink link, RandomGenerator random, EventSink events, Runnable wake) {
        this.definition = definition;
        this.link = link;
        this.random = random;
        this.events = events;
        this.wake = wake;
    }

    SlaacDefinition definition() {
        return definition;
    }

    /** Goes on under other instructions, or by another interface object of the same device. */
    void reconfigure(SlaacDefinition newDefinition, SlaacLink newLink) {
        definition = newDefinition;
        link = newLink;
        prefixes.keySet().removeIf(prefix -> AddressSet.of(prefix).overlaps(definition.others()));
    }

    void received(RouterAdvertisement said, long now) {
        solicitations = MOST_SOLICITATIONS;
        if (said.routerSeconds() == 0) {
            routers.remove(said.router());
        } else if (routers.containsKey(said.router()) || routers.size() < MOST) {
            routers.put(said.router(), now + said.routerSeconds() * SECOND);
        }
        said.mtu()
                .filter(octets -> octets >= LEAST_MTU && octets <= definition.mtu())
                .ifPresent(octets -> mtu = Optional.of(octets.intValue()));
        said.prefixes().forEach(prefix -> heard(prefix, said.router(), now));
    }

    private void heard(RouterAdvertisement.Prefix prefix, IpAddress router, long now) {
        if (!prefix.autonomous() || !prefix.onLink() || prefix.preferredSeconds() > prefix.validSeconds()) {
            return;
        }
        if (!isGood(prefix.network())) {
            if (refusals.allows(now)) {
                events.emit(SlaacEvents.PREFIX_REFUSED, "ignore", definition.name(), router, prefix.network());
            }
            return;
        }
        long valid = Math.min(prefix.validSeconds(), LONGEST_SECONDS);
        long preferred = Math.min(prefix.preferredSeconds(), LONGEST_SECONDS);
        Held held = prefixes.get(prefix.network());
        if (held == null) {
            if (valid > 0 && prefixes.size() < MOST) {
                make(prefix.network(), valid, preferred, now);
            }
            return;
        }
        // Nobody takes an address away at once by saying so (RFC 4862 section 5.5.3 e).
        long left = (held.validUntil - now) / SECOND;
        if (valid > TWO_HOURS || valid > left) {
            held.validUntil = now + valid * SECOND;
        } else if (left > TWO_HOURS) {
            held.validUntil = now + TWO_HOURS * SECOND;
        }
        held.preferredUntil = now + preferred * SECOND;
    }

    private void make(IpNetwork network, long valid, long preferred, long now) {
        IpAddress address =
                new IpAddress(network.address().high(), link.linkLocal().low());
        Held held = new Held(address, now + RETRANSMISSION);
        held.validUntil = now + valid * SECOND;
        held.preferredUntil = now + preferred * SECOND;
        prefixes.put(network, held);
        AtomicBoolean taken = held.taken;
        link.probe(address, () -> {
            taken.set(true);
            wake.run();
        });
    }

    private boolean isGood(IpNetwork network) {
        long first = network.address().high();
        boolean global = first >>> 61 == 1;
        boolean uniqueLocal = first >>> 57 == 0xfc >>> 1;
        return network.prefixLength() == PREFIX_LENGTH
                && (global || uniqueLocal)
                && !AddressSet.of(network).overlaps(definition.others());
    }

    /** Does what is due. @return when to be called again */
    long step(long now) {
        if (isUp != link.isUp()) {
            isUp = link.isUp();
            solicitations = 0;
            solicitAt = now + random.nextLong(SECOND);
        }
        if (isUp && solicitations < MOST_SOLICITATIONS && now - solicitAt >= 0) {
            link.solicit();
            solicitations++;
            solicitAt = now + SOLICITATION_INTERVAL;
        }
        long next = isUp && solicitations < MOST_SOLICITATIONS ? solicitAt : Long.MAX_VALUE;
        routers.values().removeIf(until -> now - until >= 0);
        prefixes.values().removeIf(held -> now - held.validUntil >= 0);
        for (long until : routers.values()) {
            next = Math.min(next, until);
        }
        for (Held held : prefixes.values()) {
            if (!held.isOccupied && now - held.freeAt < 0) {
                next = Math.min(next, held.freeAt);
            }
            // Later somebody's claim is a conflict that neighbour discovery tells of.
            if (!held.isOccupied && held.taken.get()) {
                held.isOccupied = true;
                events.emit(SlaacEvents.ADDRESS_OCCUPIED, "none", definition.name(), held.address);
            }
            next = Math.min(next, held.validUntil);
            next = held.preferredUntil - now > 0 ? Math.min(next, held.preferredUntil) : next;
        }
        return next;
    }

    /** What is known now: a preferred address before one that is not to be used for anything new. */
    Optional<LearnedIpv6> learned(long now) {
        return prefixes.entrySet().stream()
                .filter(entry -> entry.getValue().isUsable(now))
                .min(Comparator.comparing(entry -> entry.getValue().preferredUntil - now <= 0))
                .map(entry -> new LearnedIpv6(
                        entry.getValue().address,
                        entry.getKey(),
                        routers.keySet().stream().findFirst(),
                        mtu.filter(octets -> octets < definition.mtu())));
    }
}
