package io.portcullis.core.pipeline;

import io.portcullis.core.connection.AddressPool;
import io.portcullis.core.net.Transposition;
import org.jspecify.annotations.Nullable;

/** What is to happen to a connection, and who says so. */
public interface Policy {
    /** Its name, or its place in the list when it has none; {@code Default_Rule} for the one behind all others. */
    String name();

    Action action();

    /** Whether what it decides is logged. */
    boolean logs();

    SourceTranslation sourceTranslation();

    /** Where connections that it allows go instead; null for where they are addressed to. */
    default @Nullable Redirection redirection() {
        return null;
    }

    /** The addresses that connections leave with; only with {@link SourceTranslation#NAT_POOL}, else null. */
    default @Nullable AddressPool addressPool() {
        return null;
    }

    /** The addresses that sources leave with; only with {@link SourceTranslation#SAT}, else null. */
    default @Nullable Transposition newSources() {
        return null;
    }

    /** How many connections it allows each source; null for any number. */
    default @Nullable SourceLimit sourceLimit() {
        return null;
    }

    /** When openers of TCP connections are answered in their server's place. */
    default SynRelay synRelay() {
        return SynRelay.NEVER;
    }

    /** What connections that it allows speak, where that is followed. */
    default Application application(int protocol, int sourcePort, int destinationPort) {
        return Application.NONE;
    }

    /** Whether it is the one behind all others, which drops because no policy matched. */
    default boolean isDefault() {
        return false;
    }

    /** Counts a connection that it decided; {@code now} in monotonic nanoseconds. */
    void hit(long now);

    /** When openers of TCP connections must show that they have their address, before their server hears of them. */
    enum SynRelay {
        /** While more connections wait for their handshake than may. */
        AUTO,
        ALWAYS,
        NEVER
    }

    /** Protocols whose connections announce others. */
    enum Application {
        NONE,
        FTP
    }

    /** What a policy does. */
    enum Action {
        ALLOW,
        /** Dropped silently. */
        DROP,
        /** Dropped, and the sender is told: TCP reset or ICMP error. */
        REJECT
    }

    /** What address connections leave with: their own, or the egress interface's. */
    enum SourceTranslation {
        /** Translated when a private source goes to a public destination. */
        AUTO,
        NAT,
        /** Connections leave with an address of a pool. */
        NAT_POOL,
        /** Each source leaves with an address of its own. */
        SAT,
        NONE
    }
}
